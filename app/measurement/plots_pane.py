"""Histogram and scatter plot, with the fields they show."""

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSplitter, QWidget

from app.measurement.histogram_plot import HistogramPlot
from app.measurement.plot import Gate, Plot
from app.measurement.scatter_plot import ScatterPlot
from core.annotation.runs import Flags, Floats, Ints
from core.measure.sheet import CONFIDENCE, Sheet

HISTOGRAM, SCATTER_X, SCATTER_Y = "area", "area", "circularity"


class PlotsPane(QSplitter):
    """gated: (n,) rows of the sheet inside a gate, by the person."""

    gated = Signal(object)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._sheet, self._rows, self._picked = Sheet(), np.empty(0, np.int64), np.empty(0, bool)
        self.histogram, self.scatter = HistogramPlot(), ScatterPlot()
        self.value = self._field(self.tr("Value of the histogram"))
        self.across, self.up = self._field(self.tr("x")), self._field(self.tr("y"))
        self.addWidget(_pane(self.histogram, ((self.tr("Histogram of"), self.value),)))
        fields = ((self.tr("Scatter, x"), self.across), (self.tr("y"), self.up))
        self.addWidget(_pane(self.scatter, fields))
        self.setChildrenCollapsible(False)
        self.histogram.gated.connect(self._on_range)
        self.scatter.gated.connect(self._on_rectangle)

    def show_sheet(self, sheet: Sheet) -> None:
        """Other numbers; the chosen fields stay where there are such."""
        self._sheet = sheet
        keys = [CONFIDENCE, *sheet.columns]
        for box, usual in ((self.value, HISTOGRAM), (self.across, SCATTER_X), (self.up, SCATTER_Y)):
            chosen = box.currentData() or usual
            box.blockSignals(True)
            box.clear()
            for key in keys:
                box.addItem(sheet.heading(key), key)
            box.setCurrentIndex(max(0, keys.index(chosen) if chosen in keys else 1))
            box.setEnabled(len(sheet) > 0)
            box.blockSignals(False)

    def show_rows(self, rows: Ints, picked: Flags) -> None:
        """rows: those of the sheet that the filter leaves. picked: (n,)."""
        self._rows, self._picked = rows, picked
        self._show_histogram()
        self._show_scatter()

    def forget_gates(self, but: Plot | None = None) -> None:
        for plot in (self.histogram, self.scatter):
            if plot is not but:
                plot.forget_gate()

    def _field(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMaxVisibleItems(24)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.currentIndexChanged.connect(self._on_field_changed)
        return box

    def _numbers(self, box: QComboBox) -> Floats:
        key = box.currentData()
        return self._sheet.numbers(key)[self._rows] if key else np.empty(0)

    def _show_histogram(self) -> None:
        self.histogram.show_values(
            self._numbers(self.value),
            self._picked[self._rows],
            self.value.currentText(),
            self._nothing(),
        )

    def _show_scatter(self) -> None:
        self.scatter.show_values(
            self._numbers(self.across),
            self._numbers(self.up),
            self._picked[self._rows],
            (self.across.currentText(), self.up.currentText()),
            self._nothing(),
        )

    def _nothing(self) -> str:
        if not len(self._sheet):
            return self.tr("Nothing to plot yet")
        if not len(self._rows):
            return self.tr("The filter leaves no object")
        return self.tr("None of these objects has such a number")

    @Slot()
    def _on_field_changed(self) -> None:
        self.forget_gates()
        self.show_rows(self._rows, self._picked)

    @Slot(object)
    def _on_range(self, gate: Gate | None) -> None:
        self.forget_gates(but=self.histogram)
        self._pick(_between(self._numbers(self.value), gate.x0, gate.x1) if gate else None)

    @Slot(object)
    def _on_rectangle(self, gate: Gate | None) -> None:
        self.forget_gates(but=self.scatter)
        if gate is None:
            self._pick(None)
            return
        inside = _between(self._numbers(self.across), gate.x0, gate.x1)
        self._pick(inside & _between(self._numbers(self.up), gate.y0, gate.y1))

    def _pick(self, inside: Flags | None) -> None:
        picked = np.zeros(len(self._sheet), np.bool_)
        if inside is not None:
            picked[self._rows[inside]] = True
        self.gated.emit(picked)


def _between(values: Floats, low: float, high: float) -> Flags:
    return np.asarray((values >= low) & (values <= high))


def _pane(plot: Plot, fields: tuple[tuple[str, QComboBox], ...]) -> QWidget:
    """A plot below the choice of what it shows."""
    pane = QWidget()
    grid = QGridLayout(pane)
    grid.setContentsMargins(6, 6, 6, 6)
    for place, (title, box) in enumerate(fields):
        label = QLabel(title)
        label.setBuddy(box)
        grid.addWidget(label, 0, 2 * place)
        grid.addWidget(box, 0, 2 * place + 1)
        grid.setColumnStretch(2 * place + 1, 1)
    grid.addWidget(plot, 1, 0, 1, 2 * len(fields))
    grid.setRowStretch(1, 1)
    return pane
