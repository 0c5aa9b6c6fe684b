"""How far a job has come, with a way to stop it; only for jobs that take a while."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

PATIENCE_MS = 500


class Progress:
    """Shows one dialog while there is something to show; work can go on beside it."""

    def __init__(self, title: str, cancel: Callable[[], None]) -> None:
        self._title, self._cancel = title, cancel
        self._dialog: QProgressDialog | None = None

    def show(self, done: int, total: int, name: str, parent: QWidget | None) -> None:
        """`done` of `total`; `name` is what is being worked on."""
        dialog = self._dialog = self._dialog or self._new_dialog(parent)
        dialog.setMaximum(max(total, 1))
        dialog.setLabelText(name)
        dialog.setValue(done)

    def hide(self) -> None:
        """The job is over."""
        if self._dialog:
            self._dialog.reset()
            self._dialog.deleteLater()
            self._dialog = None

    @property
    def dialog(self) -> QProgressDialog | None:
        return self._dialog

    def _new_dialog(self, parent: QWidget | None) -> QProgressDialog:
        dialog = QProgressDialog(parent)
        dialog.setWindowTitle(self._title)
        dialog.setWindowModality(Qt.WindowModality.NonModal)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumDuration(PATIENCE_MS)
        dialog.canceled.connect(self._on_canceled)
        return dialog

    def _on_canceled(self) -> None:
        self._cancel()
        self.hide()
