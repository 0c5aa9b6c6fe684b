"""The measurements of all regions, made piece by piece while the window lives on.

In the window's thread: a piece takes less than a frame, whereas another thread would hold the
interpreter just as long and need its results brought together.
"""

from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.panels.object_rows import NO_ROWS, Rows
from core.annotation.runs import Flags, Floats
from core.measure.quantities import QUANTITIES
from core.measure.shapes import measure_many

Frame: TypeAlias = tuple[int, int, float | None]
"""Width and height of the image in pixels, micrometres per pixel."""

PIECE, MOST_AT_ONCE = 25_000, 600
"""Vertices, and regions, that are measured at once; some 12 ms."""


class ObjectMeasures(QObject):
    """Keeps what it has measured; a region that is the same object is not measured again.

    ready: all that was asked for last is there.
    """

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame = (0, 0, None)
        self._rows = NO_ROWS
        self._table: Floats = np.empty((0, len(QUANTITIES)))
        self._known: Flags = np.empty(0, np.bool_)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._on_next)

    def of(self, rows: Rows, frame: Frame) -> dict[str, Floats] | None:
        """(n,) by name of QUANTITIES, or None when that takes longer; `ready` follows then."""
        self._next.stop()
        self._take_over(rows, frame)
        self._measure_piece()
        if not self._known.all():
            self._next.start()
            return None
        return {q.name: self._table[:, k] for k, q in enumerate(QUANTITIES)}

    def _take_over(self, rows: Rows, frame: Frame) -> None:
        """Turn to other rows, with what is known of regions that are the same in both."""
        if rows is self._rows and frame == self._frame:
            return
        table = np.empty((len(rows.ids), len(QUANTITIES)))
        places, known = rows.places_in(self._rows if frame == self._frame else NO_ROWS)
        known[known] = self._known[places[known]]
        table[known] = self._table[places[known]]
        self._rows, self._frame, self._table, self._known = rows, frame, table, known

    def _measure_piece(self) -> None:
        missing = np.flatnonzero(~self._known)
        sizes = [len(region.shell) for region in self._rows.regions[missing[:MOST_AT_ONCE]]]
        some = missing[: 1 + int(np.searchsorted(np.cumsum(sizes), PIECE))]
        measured = measure_many(self._rows.regions[some].tolist(), *self._frame)
        self._table[some] = np.column_stack([measured[q.name] for q in QUANTITIES])
        self._known[some] = True

    @Slot()
    def _on_next(self) -> None:
        self._measure_piece()
        if self._known.all():
            self.ready.emit()
        else:
            self._next.start()
