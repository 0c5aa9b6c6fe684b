"""A bar for work that turns out to take a while; it keeps its place when there is none."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from app.dialogs.progress import PATIENCE_MS

HEIGHT = 6


class BusyBar(QProgressBar):
    """Shown after half a second of work, hidden when that is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Progress"))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    @property
    def is_waiting(self) -> bool:
        """Whether it will be shown unless the work is done soon."""
        return self._patience.isActive()

    @Slot(int, int)
    def report(self, done: int, total: int) -> None:
        """`done` of `total` pieces of work."""
        self.setMaximum(max(total, 1))
        self.setValue(done)
        if self.isHidden() and not self.is_waiting:
            self._patience.start()

    @Slot()
    def rest(self) -> None:
        """The work is done."""
        self._patience.stop()
        self.hide()
