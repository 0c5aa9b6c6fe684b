"""Hidden regions: not painted, not picked, and still there."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.canvas import polygon_store, scene
from app.canvas.layers import overlay
from app.commands import edits
from app.commands.change_regions import perform
from tests.app.canvas.samples import crowd, document, square
from tests.gui.canvas_desk import CanvasDesk


@pytest.fixture
def desk(qtbot: QtBot) -> CanvasDesk:
    return CanvasDesk(qtbot, [square(1, 10, 10, 30), square(2, 15, 15, 10), square(3, 60, 60, 20)])


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize("zoom", [None, 6.0])
def test_hidden_regions_are_painted_as_if_they_were_not_there(
    qtbot: QtBot, count: int, zoom: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "LIVE", 100)
    monkeypatch.setattr(overlay, "AT_ONCE", 50)
    regions = crowd(count, 100, 100)
    desk = CanvasDesk(qtbot, regions.values())
    desk.canvas.set_numbers_visible(True)
    if zoom:
        desk.canvas.set_zoom(zoom)
    whole = desk.picture()
    some = [i for i in regions if i % 3 == 1]
    desk.document.hide(some)
    hidden = desk.picture()
    desk.document.reveal(some)
    assert np.array_equal(desk.picture(), whole)
    perform(desk.document, edits.delete(desk.document, some))
    assert np.array_equal(desk.picture(), hidden) and not np.array_equal(whole, hidden)


def test_hiding_one_paints_its_place_anew(desk: CanvasDesk) -> None:
    desk.picture()
    desk.document.hide([1])
    assert np.array_equal(desk.on_screen(), desk.picture())


def test_hidden_regions_are_not_picked(desk: CanvasDesk) -> None:
    desk.move(20, 20)
    assert desk.selection.hovered == 2
    desk.document.hide([2])
    assert desk.selection.hovered == 0
    desk.click(20, 20)
    assert desk.selection.ids == {1}
    desk.document.hide([1])
    desk.click(20, 20)
    assert desk.selection.ids == frozenset()
    desk.drag((2, 2), (95, 95))
    assert desk.selection.ids == {3}


def test_a_selected_hidden_region_is_not_painted(desk: CanvasDesk) -> None:
    desk.document.hide([1, 2])
    before = desk.picture()
    desk.canvas.set_tool("vertices")
    desk.selection.set([1])
    desk.move(50, 5)
    assert np.array_equal(desk.picture(), before)


def test_going_to_a_hidden_region_shows_it_again(desk: CanvasDesk) -> None:
    desk.document.hide([1, 2])
    desk.canvas.show_region(2)
    desk.canvas.show_region(99)
    assert set(desk.document.hidden) == {1}
    view = desk.canvas.viewport
    assert (view.x, view.y) == pytest.approx((20, 20), abs=0.5)


def test_an_undone_change_leaves_it_hidden(desk: CanvasDesk) -> None:
    before = desk.picture()
    desk.document.hide([3])
    hidden = desk.picture()
    other = replace(desk.document.regions[3], class_id=1)
    perform(desk.document, edits.change(desk.document, [other], "Change"))
    desk.document.stack.undo()
    perform(desk.document, edits.delete(desk.document, [3]))
    desk.document.stack.undo()
    assert np.array_equal(desk.picture(), hidden)
    desk.document.reveal([3])
    assert np.array_equal(desk.picture(), before)


def test_each_image_has_its_own_hidden_regions(desk: CanvasDesk) -> None:
    desk.document.hide([1])
    hidden = desk.picture()
    other = document({1: square(1, 10, 10, 30)}, 100, 100)
    desk.canvas.set_document(other)
    desk.click(30, 30)
    assert desk.selection.ids == {1}
    desk.canvas.set_document(desk.document)
    assert np.array_equal(desk.picture(), hidden)


def test_delete_takes_what_is_selected_and_nothing_hidden_besides(desk: CanvasDesk) -> None:
    desk.document.hide([2])
    desk.drag((2, 2), (95, 95))
    desk.key(Qt.Key.Key_Delete)
    assert sorted(desk.document.regions) == [2]


def test_regions_loaded_in_pieces_are_all_painted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = crowd(300, 100, 100)
    desk = CanvasDesk(qtbot, regions.values())
    whole = desk.picture()
    monkeypatch.setattr(polygon_store, "PIECE", 100)
    desk.canvas.set_document(desk.document)
    assert not desk.canvas.is_settled
    assert np.array_equal(desk.picture(), whole)
    perform(desk.document, edits.delete(desk.document, regions))
    assert not np.array_equal(desk.picture(), whole)
    desk.document.stack.undo()
    assert not desk.canvas.is_settled
    assert np.array_equal(desk.picture(), whole)
