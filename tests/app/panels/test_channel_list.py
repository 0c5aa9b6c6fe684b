import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.display import MOST_SHOWN, Display, auto_display
from app.panels import display_edits as edits
from app.panels.channel_list import MOST_ROWS, ChannelList
from core.image.model import Image

CHECKABLE = Qt.ItemFlag.ItemIsUserCheckable


def channels(count: int) -> Display:
    return auto_display(Image(np.zeros((4, 4, count), np.uint8)))


@pytest.fixture
def box(qtbot: QtBot) -> ChannelList:
    box = ChannelList()
    qtbot.addWidget(box)
    return box


@pytest.fixture
def told(box: ChannelList) -> list[tuple[int, bool]]:
    seen: list[tuple[int, bool]] = []
    box.checked.connect(lambda *what: seen.append(what))
    return seen


def show(box: ChannelList, count: int) -> None:
    box.show_channels([f"c{number}" for number in range(count)])
    box.show_display(channels(count))


def test_names_colours_and_checks(box: ChannelList, told: list[tuple[int, bool]]) -> None:
    show(box, 3)
    box.show_display(edits.with_visible(channels(3), 1, False))
    states = [box.item(row).checkState() == Qt.CheckState.Checked for row in range(3)]
    assert states == [True, False, True] and told == []
    assert box.item(2).text() == "c2" and not box.item(2).icon().isNull()


def test_space_checks_and_unchecks(box: ChannelList, told: list[tuple[int, bool]]) -> None:
    show(box, 3)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentRow() == 1
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert told == [(1, False)]


def test_the_chosen_number_stays(box: ChannelList) -> None:
    show(box, 4)
    box.setCurrentRow(2)
    show(box, 4)
    assert box.currentRow() == 2
    show(box, 5)
    assert box.currentRow() == 2
    show(box, 2)
    assert box.currentRow() == 1
    box.show_channels([])
    assert box.count() == 0


def test_a_ninth_channel_must_wait(box: ChannelList) -> None:
    show(box, 10)
    assert not box.item(9).flags() & CHECKABLE and "uncheck" in box.item(9).toolTip()
    assert box.item(0).flags() & CHECKABLE
    box.show_display(edits.with_visible(channels(10), 0, False))
    assert box.item(9).flags() & CHECKABLE and box.item(9).toolTip() == ""


def test_no_higher_than_eight_rows(box: ChannelList) -> None:
    show(box, MOST_ROWS)
    eight = box.height()
    show(box, 40)
    assert box.height() == eight and MOST_ROWS == MOST_SHOWN
    show(box, 2)
    assert box.height() < eight / 2
