"""How far opening has come, with a way to stop it."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from app.dialogs.progress import PATIENCE_MS
from app.session import Session

BAR_WIDTH = 120


class OpeningBar(QWidget):
    """Shown once opening takes a while."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.line, self.progress, self.cancel = QLabel(), QProgressBar(), QToolButton()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._session = session
        self._set_up()
        self._patience.timeout.connect(self.show)
        self.cancel.clicked.connect(self._on_cancelled)
        session.opening.connect(self._on_opening)
        session.adding.connect(self._on_adding)

    def _set_up(self) -> None:
        self.progress.setAccessibleName(self.tr("Progress of opening images"))
        self.progress.setFixedWidth(BAR_WIDTH)
        self.progress.setMaximumHeight(self.line.sizeHint().height())
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop opening; images that are in the list stay"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        for part in (self.line, self.progress, self.cancel):
            row.addWidget(part)
        self.hide()

    @Slot(bool)
    def _on_opening(self, under_way: bool) -> None:
        if not under_way:
            self._patience.stop()
            self.hide()
            return
        self.line.setText(self.tr("Opening"))
        self.progress.setRange(0, 0)  # nobody knows yet how many there are
        self.cancel.setEnabled(True)
        self._patience.start()

    @Slot(int, int)
    def _on_adding(self, done: int, total: int) -> None:
        """What follows when all were looked at takes a while as well."""
        self.progress.setRange(0, total if done < total else 0)
        self.progress.setValue(done)

    @Slot()
    def _on_cancelled(self) -> None:
        """What is being read now is read to its end."""
        self._session.cancel_opening()
        self.line.setText(self.tr("Stopping"))
        self.cancel.setEnabled(False)
