"""How often each value occurs; a range of it selects objects."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.measurement.axis import Axis, are_one, axis_for
from app.measurement.plot import Gate, Plot
from core.annotation.runs import Flags, Floats, Ints

MOST_BINS, FEWEST_BINS = 60, 8


@dataclass(frozen=True, eq=False)
class Bins:
    """edges: (b + 1,). all, picked: (b,) objects in each bin."""

    edges: Floats
    all: Ints
    picked: Ints


def binned(values: Floats, picked: Flags) -> Bins:
    """Some square root of their number of bins; whole numbers are not split unevenly."""
    finite = np.isfinite(values)
    known = values[finite]
    count = int(np.clip(np.sqrt(len(known)), FEWEST_BINS, MOST_BINS))
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if len(known) and (known == np.rint(known)).all():
        width = max(1.0, np.ceil((high - low + 1) / count))
        edges = np.arange(low - 0.5, high + width, width)
    elif are_one(low, high):
        around = axis_for(known)
        edges = np.linspace(around.low, around.high, count + 1)
    else:
        edges = np.linspace(low, high, count + 1)
    every, _ = np.histogram(known, edges)
    chosen, _ = np.histogram(known[picked[finite]], edges)
    return Bins(edges, every, chosen)


class HistogramPlot(Plot):
    """Bars of all objects, and in front of them those that are picked."""

    def __init__(self) -> None:
        super().__init__()
        self._bins: Bins | None = None
        self.setAccessibleName(self.tr("Histogram"))
        self.setToolTip(self.tr("Drag over a range to select its objects; click to select none."))

    def show_values(self, values: Floats, picked: Flags, title: str, nothing: str) -> None:
        """values: (n,), NaN left out; nothing: what to say when there are none."""
        known = bool(np.isfinite(values).any())
        self._bins = binned(values, picked) if known else None
        highest = float(self._bins.all.max()) if self._bins else 1.0
        edges = self._bins.edges if self._bins else np.array([0.0, 1.0])
        x, y = (
            Axis(float(edges[0]), float(edges[-1])),
            Axis(0.0, axis_for(np.array([highest, 0])).high),
        )
        self.show_axes(x, y, (title, self.tr("Objects")), "" if known else nothing)

    def gate_of(self, first: QPointF, last: QPointF) -> Gate:
        """All heights."""
        gate = super().gate_of(first, last)
        return Gate(gate.x0, gate.x1, self._y.low, self._y.high)

    def paint_values(self, painter: QPainter, frame: QRectF) -> None:
        if self._bins is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        text = self.palette().text().color()
        text.setAlpha(110)
        self._paint_bars(painter, self._bins.all, text)
        self._paint_bars(painter, self._bins.picked, self.palette().highlight().color())

    def _paint_bars(self, painter: QPainter, counts: Ints, colour: QColor) -> None:
        assert self._bins is not None
        edges = self._bins.edges.tolist()
        for left, right, count in zip(edges[:-1], edges[1:], counts.tolist(), strict=True):
            if count:
                bar = QRectF(self.at(left, count), self.at(right, 0))
                painter.fillRect(bar.adjusted(0.5, 0, -0.5, 0), colour)
