from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas import luts
from app.canvas.display import Look
from app.panels.histogram import histogram
from app.panels.histogram_view import HEIGHT, SIDE, HistogramView
from core.image.scale import Window

RAMP = np.arange(256, dtype=np.uint16).reshape(16, 16)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> HistogramView:
    view = HistogramView()
    qtbot.addWidget(view)
    view.resize(256 + 2 * SIDE, HEIGHT)  # one px per value
    view.show_histogram(histogram(RAMP, Window(0, 255)))
    view.show_look(Look(Window(50, 200)))
    view.moved.connect(lambda window: view.show_look(replace(view._look, window=window)))
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def told(view: HistogramView) -> list[Window]:
    windows: list[Window] = []
    view.moved.connect(windows.append)
    return windows


def at(value: int) -> QPoint:
    return QPoint(SIDE + value, 30)


def drag(view: HistogramView, start: int, end: int) -> None:
    QTest.mousePress(view, LEFT, pos=at(start))
    QTest.mouseMove(view, at(end))
    QTest.mouseRelease(view, LEFT, pos=at(end))


def test_the_nearer_handle_is_dragged(view: HistogramView, told: list[Window]) -> None:
    QTest.mousePress(view, LEFT, pos=at(60))
    assert told[-1] == Window(60, 200)
    QTest.mouseRelease(view, LEFT, pos=at(60))
    QTest.mousePress(view, LEFT, pos=at(180))
    assert told[-1] == Window(60, 180)


def test_a_handle_stops_at_the_other_and_at_the_ends(
    view: HistogramView, told: list[Window]
) -> None:
    view._handle = 0
    view._drag(SIDE + 240)
    assert told[-1] == Window(200, 200)
    view._drag(-50)
    assert told[-1] == Window(0, 200)
    view._handle = 1
    view._drag(5000)
    assert told[-1] == Window(0, 255)


def test_handles_at_one_place_can_be_taken_apart(view: HistogramView, told: list[Window]) -> None:
    view.show_look(Look(Window(100, 100)))
    QTest.mousePress(view, LEFT, pos=at(130))
    assert told[-1] == Window(100, 130)
    view.show_look(Look(Window(100, 100)))
    QTest.mousePress(view, LEFT, pos=at(70))
    assert told[-1] == Window(70, 100)


def test_keys_move_a_handle(view: HistogramView, told: list[Window]) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert told[-1] == Window(51, 200)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert told[-1] == Window(51, 199)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert told[-1] == Window(51, 189)
    count = len(told)
    QTest.keyClick(view, Qt.Key.Key_A)
    assert len(told) == count


def test_keys_of_fractions(view: HistogramView, told: list[Window]) -> None:
    view.show_histogram(histogram(RAMP / 255.0, Window(0, 1)))
    view.show_look(Look(Window(0.5, 1)))
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert told[-1].low == pytest.approx(0.495, abs=1e-3)


def test_without_an_image_nothing_moves(view: HistogramView, told: list[Window]) -> None:
    view.show_histogram(None)
    QTest.mousePress(view, LEFT, pos=at(60))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert told == [] and not view.grab().isNull()


@pytest.mark.parametrize("lut", luts.LUTS, ids=lambda lut: lut.name)
def test_the_ramp_shows_the_colours(view: HistogramView, lut: luts.Lut) -> None:
    view.show_look(Look(Window(50, 200), lut))
    picture = view.grab().toImage()
    y = HEIGHT - 12
    for x, level in ((20, 0), (125, 128), (240, 255)):
        pixel = picture.pixelColor(SIDE + x, y)
        wanted = luts.colours(lut)[level].tolist()
        assert [pixel.red(), pixel.green(), pixel.blue()] == pytest.approx(wanted, abs=12)


def test_bars_stand_where_values_are(view: HistogramView) -> None:
    values = np.full((20, 20), 30, np.uint16)
    values[0, 0] = 220
    view.show_histogram(histogram(values, Window(0, 255)))
    view.show_look(Look(Window(0, 255)))
    picture = view.grab().toImage()
    ground = view.palette().base().color()
    assert picture.pixelColor(SIDE + 30, 60) != ground
    assert picture.pixelColor(SIDE + 100, 20) == ground


def test_what_a_screen_reader_says(view: HistogramView) -> None:
    assert view.accessibleName() == "Histogram"
    assert view.accessibleDescription() == "Black at 50, white at 200"
