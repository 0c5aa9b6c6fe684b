"""The picture shows who keeps what is shared."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.dialogs.overlap import OverlapDialog
from app.dialogs.overlap_picture import OverlapPicture, OverlapScene, Side
from core.annotation.region import Ring, ring

LIME, BLUE = "#b6ff2e", "#2050ff"


def box(x: float) -> tuple[Ring, ...]:
    return (ring([(x, 0), (x + 30, 0), (x + 30, 20), (x, 20)]),)


LEFT, RIGHT = box(0), box(20)


def pixels(picture: OverlapPicture) -> np.ndarray:
    """(H, W, 3) uint8 red, green, blue."""
    image = picture.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.parametrize(("keeper", "loser"), [(LIME, BLUE), (BLUE, LIME)])
def test_what_is_shared_has_the_colour_of_who_keeps_it(
    qtbot: QtBot, keeper: str, loser: str
) -> None:
    picture = OverlapPicture()
    qtbot.addWidget(picture)
    picture.resize(400, 190)
    picture.show_scene(OverlapScene(Side(LEFT, "#1", keeper), Side(RIGHT, "#2", loser), ""))
    middle = pixels(picture)[60, 200].astype(int)
    colors = [np.array(QColor(name).getRgb()[:3]) for name in (keeper, loser)]
    near, far = (np.abs(middle - color).sum() for color in colors)
    assert near < 120 < far
    assert "#1" in picture.accessibleName()


def test_an_empty_picture_and_outlines_that_only_touch_are_painted(qtbot: QtBot) -> None:
    picture = OverlapPicture()
    qtbot.addWidget(picture)
    empty = pixels(picture)
    picture.show_scene(OverlapScene(Side(LEFT, "#1", LIME), Side(RIGHT, "#2", BLUE), "200 px²"))
    assert (pixels(picture) != empty).any()
    picture.show_scene(None)
    assert (pixels(picture) == empty).all()


def test_what_changes_nothing_cannot_be_accepted(qtbot: QtBot) -> None:
    dialog = OverlapDialog(True, None)
    qtbot.addWidget(dialog)
    chosen: list[bool] = []
    dialog.chosen.connect(chosen.append)
    assert dialog.neighbours.isChecked()
    dialog.selected.click()
    dialog.neighbours.click()
    assert chosen == [False, True]
    for possible in (False, True):
        dialog.show_verdict("So it is.", possible)
        assert dialog.ok.isEnabled() == possible
