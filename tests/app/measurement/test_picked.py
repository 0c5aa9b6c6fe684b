"""What is picked, and the selection of the canvas."""

import numpy as np
from pytestqt.qtbot import QtBot

from app.document.selection import Selection
from app.measurement.picked import Picked
from tests.app.measurement.samples import sheet


class Scene:
    """Image 1 is shown, and the view is open."""

    def __init__(self) -> None:
        self.shown, self.selection = 1, Selection()
        self.picked = Picked(self.selection, lambda: self.shown)
        self.picked.active = True
        self.picked.show_sheet(sheet(), 1)

    @property
    def rows(self) -> list[int]:
        return np.flatnonzero(self.picked.rows).tolist()

    def put(self, *rows: int) -> None:
        self.picked.put(np.isin(np.arange(8), rows))

    def show(self, image_id: int) -> None:
        """As the session does it."""
        self.shown = image_id
        self.selection.clear()
        self.picked.show_sheet(sheet(), image_id)


def test_picking_selects_what_is_shown(qtbot: QtBot) -> None:
    scene = Scene()
    scene.put(1, 6)
    assert scene.selection.ids == {12}
    assert scene.rows == [1, 6]


def test_selecting_picks_of_the_shown_image_only(qtbot: QtBot) -> None:
    scene = Scene()
    scene.put(1, 6)
    with qtbot.waitSignal(scene.picked.picked_changed):
        scene.selection.set([13, 14])
    assert scene.rows == [2, 3, 6]
    scene.selection.clear()
    assert scene.rows == [6]


def test_going_to_another_image_keeps_what_is_picked(qtbot: QtBot) -> None:
    scene = Scene()
    scene.put(1, 6)
    scene.show(2)
    assert scene.rows == [1, 6]
    assert scene.selection.ids == {13}


def test_closed_view_leaves_the_canvas_alone(qtbot: QtBot) -> None:
    scene = Scene()
    scene.picked.active = False
    scene.put(1)
    assert scene.selection.ids == frozenset()
    scene.selection.set([14])
    assert scene.rows == [1]


def test_new_numbers_keep_the_selection_of_the_canvas(qtbot: QtBot) -> None:
    scene = Scene()
    scene.selection.set([14])
    scene.picked.show_sheet(sheet(), 1)
    assert scene.rows == [3]
    assert scene.selection.ids == {14}
