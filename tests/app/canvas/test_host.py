import numpy as np
import pytest

from app.canvas.host import CanvasHost, Seen
from app.canvas.polygon_store import PolygonStore
from app.canvas.tools.base import Sketch
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.geometry import is_valid
from core.annotation.region import Region, ring
from core.image.model import Image
from core.project.delta import Delta
from tests.app.canvas.samples import crowd, document, square
from tests.core.annotation.scenes import dragged


class Desk:
    """A host with its surroundings."""

    def __init__(self, *regions: Region) -> None:
        self.document: Document = document({r.id: r for r in regions})
        self.selection = Selection()
        self.said: list[str] = []
        self.shown: list[Sketch] = []
        store = PolygonStore(self.document.regions)
        self.document.regions_changed.connect(store.update)
        seen = Seen(Image(np.zeros((self.document.height, self.document.width, 1), np.uint8)))
        self.host = CanvasHost(
            self.document, self.selection, store, lambda: seen, self.shown.append, self.said.append
        )


def test_a_change_is_one_undo_step_and_marks_the_region_as_edited() -> None:
    desk = Desk(square(1, 10, 10, 20))
    assert desk.host.change((square(1, 12, 10, 20),), "Move object")
    assert desk.document.stack.count() == 1 and desk.document.stack.undoText() == "Move object"
    assert desk.document.regions[1].edited and desk.document.regions[1].bounds[0] == 12
    desk.document.stack.undo()
    assert desk.document.regions[1].bounds[0] == 10 and not desk.document.regions[1].edited


def test_added_regions_get_new_ids_and_are_selected() -> None:
    desk = Desk(square(7, 10, 10, 20))
    assert desk.host.add((square(0, 40, 40, 5), square(0, 60, 60, 5)), "Draw object")
    assert set(desk.document.regions) == {7, 8, 9} and desk.host.selected == {8, 9}
    desk.document.stack.undo()
    assert set(desk.document.regions) == {7}


def test_locked_regions_refuse_changes_with_a_sentence() -> None:
    desk = Desk(square(1, 10, 10, 20, locked=True))
    assert not desk.host.change((square(1, 12, 10, 20),), "Move object")
    assert desk.document.stack.count() == 0 and "locked" in desk.said[0]


def test_deleting_leaves_locked_regions_and_says_so() -> None:
    desk = Desk(square(1, 10, 10, 20), square(2, 40, 40, 9, locked=True))
    desk.host.delete(frozenset((1, 2, 99)))
    assert set(desk.document.regions) == {2} and desk.document.stack.count() == 1
    assert desk.said == ["1 locked object was kept; unlock to delete."]
    desk.host.delete(frozenset((2,)))
    assert desk.document.stack.count() == 1


def test_a_small_loop_is_cut_off_and_said() -> None:
    outline = ring([(10, 10), (90, 10), (90, 90), (10, 90), (10, 11), (14, 14), (6, 14)])
    desk = Desk()
    assert desk.host.add((Region(0, outline),), "Draw object")
    (region,) = desk.document.regions.values()
    assert is_valid(region) and region.area == pytest.approx(6400, rel=0.01)
    assert len(desk.said) == 1 and "loop" in desk.said[0]


def test_a_bow_tie_is_refused_with_a_sentence() -> None:
    desk = Desk()
    bow_tie = Region(0, ring([(10, 10), (90, 90), (90, 10), (10, 90)]))
    assert not desk.host.add((bow_tie,), "Draw object")
    assert not desk.document.regions and "crosses itself" in desk.said[0]


@pytest.mark.parametrize("points", [[(1, 1), (5, 5), (9, 9)], [(200, 200), (210, 200), (200, 210)]])
def test_outlines_without_area_or_beside_the_image_are_refused(
    points: list[tuple[float, float]],
) -> None:
    desk = Desk()
    assert not desk.host.add((Region(0, ring(points)),), "Draw object")
    assert desk.document.stack.count() == 0 and len(desk.said) == 1


def test_what_reaches_beyond_the_image_is_cut_off() -> None:
    desk = Desk()
    assert desk.host.add((square(0, 90, 90, 20),), "Draw object")
    assert desk.document.regions[1].bounds == (90, 90, 100, 100)


def test_only_regions_that_exist_can_be_selected() -> None:
    desk = Desk(square(1, 10, 10, 20))
    desk.host.select(frozenset((1, 2)))
    assert desk.selection.ids == {1}


def test_a_thousand_random_vertex_drags_leave_valid_regions() -> None:
    random = np.random.default_rng(0)
    desk = Desk(*crowd(20, 100, 100).values())
    desk.host.change(tuple(desk.document.regions.values()), "Into the image")
    for _ in range(1000):
        region = desk.document.regions[int(random.integers(1, 21))]
        vertex = int(random.integers(len(region.shell)))
        to = region.shell[vertex] + random.normal(0, 15, 2)
        desk.host.change((dragged(region, 0, vertex, *to),), "Move vertex")
    assert all(is_valid(r) for r in desk.document.regions.values())
    assert all(min(r.bounds) >= 0 and max(r.bounds) <= 100 for r in desk.document.regions.values())
    assert desk.document.stack.count() > 300 and desk.said


def test_an_edit_takes_a_draft_back_first() -> None:
    desk = Desk(square(1, 10, 10, 20))
    draft = Delta("Draft", {1: desk.document.regions[1]}, {5: square(5, 50, 50, 9)})
    desk.document.show_draft(draft)
    desk.host.delete(frozenset((5,)))
    assert set(desk.document.regions) == {1} and desk.document.stack.count() == 0
    desk.document.show_draft(draft)
    assert not desk.host.change((square(5, 40, 40, 9),), "Move object")
    assert "changed" in desk.said[-1] and desk.document.stack.count() == 0


def test_regions_that_take_each_others_place_are_one_step() -> None:
    desk = Desk(square(1, 10, 10, 20), square(2, 40, 40, 9))
    pieces = (square(0, 40, 40, 4),)
    assert desk.host.rearrange("Cut", (square(1, 10, 10, 8),), pieces, frozenset((2,)))
    assert set(desk.document.regions) == {1, 3} and desk.host.selected == {1, 3}
    assert desk.document.stack.count() == 1
    desk.document.stack.undo()
    assert set(desk.document.regions) == {1, 2} and desk.document.regions[1].area == 400


def test_nothing_takes_the_place_of_a_locked_region() -> None:
    desk = Desk(square(1, 10, 10, 20), square(2, 40, 40, 9, locked=True))
    assert not desk.host.rearrange("Merge", (square(1, 10, 10, 30),), (), frozenset((2,)))
    assert desk.document.stack.count() == 0 and "Object 2 is locked" in desk.said[0]
