"""Garbage: cycles of objects are found in the window's thread only.

Python looks for them in whichever thread happens to allocate. A Qt object in such a cycle, as a
session that was left is, would be destroyed there while its own thread still sends it events: that
damages memory, which shows as a crash or an endless loop anywhere later.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL = 1000
"""Milliseconds between two looks."""


class Garbage(QObject):
    """Collects for the process as long as it lives; make it in the window's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # modules stay: a look at everything is quicker without them
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        collect_due()


def collect_due() -> None:
    """Look through the generations that are due, by Python's own thresholds."""
    counts, due = gc.get_count(), gc.get_threshold()
    if counts[0] > due[0]:
        older = (n for n in (2, 1) if counts[n] > due[n])
        gc.collect(next(older, 0))
