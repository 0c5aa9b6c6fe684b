"""Plots: what is drawn is what there is, and a gate picks what lies in it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.measurement.histogram_plot import binned
from app.measurement.plot import Plot
from app.measurement.plots_pane import PlotsPane
from app.measurement.scatter_plot import _density
from app.theme.palette import dark_palette, light_palette
from tests.app.measurement.samples import sheet

LEFT = Qt.MouseButton.LeftButton


def pane(qtbot: QtBot) -> PlotsPane:
    plots = PlotsPane()
    qtbot.addWidget(plots)
    plots.resize(500, 700)
    plots.show()
    plots.show_sheet(sheet())
    plots.show_rows(np.arange(8), np.zeros(8, bool))
    return plots


def drag(plot: Plot, first: QPointF, last: QPointF) -> None:
    QTest.mousePress(plot, LEFT, pos=first.toPoint())
    QTest.mouseMove(plot, ((first + last) / 2).toPoint())
    QTest.mouseRelease(plot, LEFT, pos=last.toPoint())


def test_bins_count_everything_once() -> None:
    values = np.random.default_rng(0).gamma(2, 50, 5000)
    values[7] = np.nan
    picked = values > 100
    bins = binned(values, picked)
    assert bins.all.sum() == 4999
    assert bins.picked.sum() == picked.sum()
    assert (bins.picked <= bins.all).all()


def test_whole_numbers_have_bins_of_whole_numbers() -> None:
    bins = binned(np.arange(40).repeat(3).astype(float), np.zeros(120, bool))
    assert set(np.diff(bins.edges)) == {4.0}
    assert bins.all.tolist() == [12] * 10


def test_one_value_alone() -> None:
    bins = binned(np.array([3.25]), np.array([True]))
    assert (bins.all.sum(), bins.picked.sum()) == (1, 1)


def test_values_that_differ_by_rounding_alone() -> None:
    one = np.pi / 4
    bins = binned(np.array([one, np.nextafter(one, 1)]), np.array([True, False]))
    assert (bins.all.sum(), bins.picked.sum()) == (2, 1)
    assert (np.diff(bins.edges) > 0).all()


def test_density_counts_dots() -> None:
    density = _density(np.array([2, 2, 9]), np.array([2, 2, 0]), (10, 5), 1)
    assert density[2, 2] == 2
    assert density[0, 8] == 2  # at the rim what would lie outside stays inside
    assert density.sum() == 27


def test_range_picks(qtbot: QtBot) -> None:
    plots = pane(qtbot)
    found: list[np.ndarray] = []
    plots.gated.connect(found.append)
    histogram = plots.histogram
    drag(histogram, histogram.at(60, 1), histogram.at(250, 0))
    assert np.flatnonzero(found[-1]).tolist() == [1, 2, 5, 6]
    QTest.mouseClick(histogram, LEFT, pos=histogram.frame.center().toPoint())
    assert not found[-1].any()
    assert histogram.gate is None


def test_rectangle_picks_of_the_rows_that_are_shown(qtbot: QtBot) -> None:
    plots = pane(qtbot)
    plots.up.setCurrentIndex(plots.up.findData("mean_1"))
    plots.show_rows(np.array([4, 5, 6, 7]), np.zeros(8, bool))
    found: list[np.ndarray] = []
    plots.gated.connect(found.append)
    scatter = plots.scatter
    drag(scatter, scatter.at(20, 110), scatter.at(300, 50))
    assert np.flatnonzero(found[-1]).tolist() == [5, 6]
    assert plots.scatter.gate is not None
    histogram = plots.histogram
    drag(histogram, histogram.at(60, 1), histogram.at(250, 0))
    assert plots.scatter.gate is None  # one gate at a time
    QTest.keyClick(histogram, Qt.Key.Key_Escape)
    assert not found[-1].any()


def test_other_field_takes_the_gate_away(qtbot: QtBot) -> None:
    plots = pane(qtbot)
    histogram = plots.histogram
    drag(histogram, histogram.at(60, 1), histogram.at(250, 0))
    plots.value.setCurrentIndex(plots.value.findData("circularity"))
    assert histogram.gate is None


@pytest.mark.parametrize("dark", [False, True])
def test_dots_and_picked_dots_are_painted(qtbot: QtBot, dark: bool) -> None:
    plots = pane(qtbot)
    plots.setPalette(dark_palette() if dark else light_palette())
    picked = np.zeros(8, bool)
    picked[3] = True
    plots.show_rows(np.arange(8), picked)
    scatter = plots.scatter
    image = scatter.grab().toImage()
    accent, text = plots.palette().highlight().color(), plots.palette().text().color()

    across, up = (sheet().numbers(box.currentData()) for box in (plots.across, plots.up))

    def near(row: int) -> list[str]:
        place = scatter.at(across[row], up[row])
        x, y = round(place.x()), round(place.y())
        return [image.pixelColor(x + i, y + j).name() for i in (-1, 0, 1) for j in (-1, 0, 1)]

    assert accent.name() in near(3)
    assert accent.name() not in near(0)
    base = plots.palette().base().color().name()
    assert {base, text.name()}.isdisjoint(near(0)), "fainter beside what is picked"
    plots.show_rows(np.arange(8), np.zeros(8, bool))
    image = scatter.grab().toImage()
    assert text.name() in near(0)


def test_nothing_to_plot_is_said(qtbot: QtBot) -> None:
    plots = pane(qtbot)
    plots.show_rows(np.empty(0, np.int64), np.zeros(8, bool))
    assert plots.histogram.accessibleDescription() == "The filter leaves no object"
    assert not plots.histogram.grab().isNull()
    found: list[object] = []
    plots.gated.connect(found.append)
    QTest.mousePress(plots.histogram, LEFT, pos=QPoint(100, 100))
    QTest.mouseRelease(plots.histogram, LEFT, pos=QPoint(200, 100))
    assert found == []


def test_an_error_of_numpy_in_a_plot_is_reported(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as Qt it must not get: PySide 6.11 dies of it on Python 3.11."""
    plots = pane(qtbot)
    plot = plots.findChild(Plot)
    monkeypatch.setattr(plot, "gate_of", lambda *points: np.zeros(2) + np.zeros(3))
    with qtbot.captureExceptions() as errors:
        drag(plot, QPointF(60, 60), QPointF(160, 120))
    assert errors and {kind for kind, *_ in errors} == {ValueError}
