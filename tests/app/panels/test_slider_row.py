import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.slider_row import SliderRow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def row(qtbot: QtBot) -> SliderRow:
    row = SliderRow("Threshold", "tip", (0.05, 0.95))
    qtbot.addWidget(row)
    row.show()
    return row


@pytest.fixture
def heard(row: SliderRow) -> list[tuple[str, float]]:
    heard: list[tuple[str, float]] = []
    row.moved.connect(lambda value: heard.append(("moved", value)))
    row.settled.connect(lambda value: heard.append(("settled", value)))
    return heard


def test_program_sets_without_telling(
    row: SliderRow, heard: list[tuple[str, float]], qtbot: QtBot
) -> None:
    row.set_value(0.37)
    assert row.value == 0.37
    assert row.slider.value() == 37
    qtbot.wait(500)
    assert heard == []


def test_keys_move_and_settle_after_a_pause(
    row: SliderRow, heard: list[tuple[str, float]], qtbot: QtBot
) -> None:
    row.set_value(0.5)
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    assert heard == [("moved", 0.51), ("moved", 0.52)]
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard[-1] == ("settled", 0.52)


def test_held_slider_settles_when_let_go(
    row: SliderRow, heard: list[tuple[str, float]], qtbot: QtBot
) -> None:
    row.slider.setSliderDown(True)
    row.slider.setSliderPosition(60)
    row.slider.setSliderPosition(80)
    qtbot.wait(500)
    assert heard == [("moved", 0.6), ("moved", 0.8)]
    row.slider.setSliderDown(False)
    assert heard[-1] == ("settled", 0.8)
    qtbot.wait(500)
    assert len(heard) == 3


def test_bounds(row: SliderRow) -> None:
    row.slider.setValue(0)
    assert row.value == 0.05
    row.slider.setValue(1000)
    assert row.value == 0.95
