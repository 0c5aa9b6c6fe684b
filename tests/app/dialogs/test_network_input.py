import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.network_input import NetworkInputDialog
from core.engine.fit import Fit
from core.engine.preview import NetworkInput

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def dialog(qtbot: QtBot) -> NetworkInputDialog:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = NetworkInputDialog(window)
    dialog.window_kept = window  # type: ignore[attr-defined]
    dialog.show()
    return dialog


def tile(depth: int, index: int = 0, count: int = 1) -> NetworkInput:
    values = np.random.default_rng(0).random((30, 41, depth)).astype(np.float32)
    return NetworkInput(values, index, count)


@pytest.mark.parametrize("depth", [1, 3])
def test_the_pixels_are_those_of_the_tile(dialog: NetworkInputDialog, depth: int) -> None:
    shown = tile(depth)
    dialog.show_tile(shown, Fit(30, 24), is_known=True)
    image = dialog.picture.image
    assert (image.width(), image.height()) == (41, 30)
    for y, x in ((0, 0), (29, 40), (7, 13)):
        colour = image.pixelColor(x, y)
        wanted = np.rint(np.broadcast_to(shown.pixels[y, x], 3) * 255)
        assert [colour.red(), colour.green(), colour.blue()] == wanted.tolist()
    assert not dialog.grab().isNull()


def test_sizes_are_told(dialog: NetworkInputDialog) -> None:
    dialog.show_tile(tile(1), Fit(30.04, 24), is_known=True)
    assert "an object of 30 px at 24 px; it learned from" in dialog.facts.text()
    assert "41 × 30 px" in dialog.facts.text() and dialog.warning.isHidden()
    dialog.show_tile(tile(1), Fit(24, 24), is_known=False)
    assert "not known yet: segment the image once, or give it" in dialog.facts.text()


def test_what_resizing_cannot_reach_is_warned_of(dialog: NetworkInputDialog) -> None:
    dialog.show_tile(tile(1), Fit(600, 24), is_known=True)
    assert "stay larger" in dialog.warning.text() and dialog.warning.isVisible()


def test_tiles_are_chosen_where_there_are_several(dialog: NetworkInputDialog) -> None:
    asked: list[int] = []
    dialog.tile_asked.connect(asked.append)
    dialog.show_tile(tile(1), Fit(24, 24), is_known=True)
    assert not dialog.place.isVisible()
    dialog.show_tile(tile(1, 2, 6), Fit(24, 24), is_known=True)
    assert dialog.place.isVisible() and dialog.place.value() == 3
    dialog.place.setValue(5)
    assert asked == [4]


def test_a_problem_takes_the_place_of_the_picture(dialog: NetworkInputDialog) -> None:
    dialog.show_tile(tile(1), Fit(24, 24), is_known=True)
    dialog.show_problem("There is no channel 3.")
    assert dialog.picture.image.isNull() and dialog.warning.text() == "There is no channel 3."
    assert not dialog.grab().isNull()
