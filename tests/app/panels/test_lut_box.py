import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas import luts
from app.canvas.luts import LUTS, Lut
from app.panels.lut_box import LutBox

OWN = luts.lut_of((10, 200, 30))


@pytest.fixture
def box(qtbot: QtBot) -> LutBox:
    box = LutBox()
    qtbot.addWidget(box)
    return box


def test_all_tables_can_be_chosen(box: LutBox) -> None:
    told: list[Lut] = []
    box.chosen.connect(told.append)
    box.show_lut(luts.GREY, luts.GREY)
    assert box.count() == len(LUTS) and box.currentText() == "Grey" and told == []
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert told == [LUTS[1]]


def test_the_colour_of_the_file_is_offered(box: LutBox) -> None:
    box.show_lut(luts.RED, OWN)
    assert box.count() == len(LUTS) + 1 and box.currentText() == "Red"
    assert box.itemText(len(LUTS)) == "From the file"
    box.show_lut(luts.RED, luts.RED)
    assert box.count() == len(LUTS)


def test_a_kept_colour_of_another_file_is_shown(box: LutBox) -> None:
    box.show_lut(OWN, luts.lut_of((1, 2, 3)))
    assert box.count() == len(LUTS) + 2 and box.currentIndex() == len(LUTS) + 1
