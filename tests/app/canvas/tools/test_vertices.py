import numpy as np
import pytest

from app.canvas.tools.base import Sketch
from app.canvas.tools.vertices import EditVertices
from core.annotation.region import Region, ring
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse


@pytest.fixture
def host() -> FakeHost:
    regions = [square(1, 10, 10, 30, hole=True), square(2, 60, 10, 20)]
    return FakeHost({r.id: r for r in regions}, selected=frozenset((1,)))


@pytest.fixture
def tool(host: FakeHost) -> EditVertices:
    return EditVertices(host)


@pytest.fixture
def mouse(tool: EditVertices) -> Mouse:
    return Mouse(tool)


def corners(region: Region, ring_index: int = 0) -> list[tuple[float, float]]:
    return [(x, y) for x, y in region.rings[ring_index].tolist()]


def test_dragging_a_vertex_of_the_shell(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(10.5, 10.5)
    mouse.move(7.5, 8.5)
    assert host.sketch.regions[0].shell[0].tolist() == [7, 8]
    assert host.sketch.hot == (7, 8) and host.sketch.bad == ()
    mouse.release(7.5, 8.5)
    assert corners(host.regions[1])[0] == (7, 8)
    assert [name for name, _ in host.commits] == ["Move vertex"]
    assert host.sketch.regions == ()


def test_dragging_a_vertex_of_a_hole(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((20, 20), (18, 17))
    assert corners(host.regions[1], 1)[0] == (18, 17)
    assert corners(host.regions[1]) == corners(square(1, 10, 10, 30))


def test_less_than_four_screen_pixels_change_nothing(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[1]
    mouse.drag((10, 10), (10.9, 10))
    mouse.drag((25, 10), (25.9, 10))
    assert host.regions[1] is before and host.commits == []


def test_pulling_an_edge_inserts_a_vertex(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((25, 10.5), (25, 5.5))
    assert corners(host.regions[1]) == [(10, 10), (25, 5), (40, 10), (40, 40), (10, 40)]
    assert [name for name, _ in host.commits] == ["Add vertex"]


def test_pulling_the_last_edge_of_a_ring(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((10, 25), (4, 25))
    assert corners(host.regions[1]) == [(10, 10), (40, 10), (40, 40), (10, 40), (4, 25)]


def test_a_click_on_an_edge_changes_nothing_a_double_click_adds(
    host: FakeHost, mouse: Mouse
) -> None:
    mouse.click(25, 10)
    assert host.commits == []
    mouse.double_click(25, 10.3)
    assert corners(host.regions[1])[1] == (25, 10)
    assert [name for name, _ in host.commits] == ["Add vertex"]


def test_crossing_edges_are_shown_red_while_dragging(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(10, 10)
    mouse.move(25, 25)
    assert host.sketch.bad
    mouse.move(12, 12)
    assert host.sketch.bad == ()


def test_a_refused_change_leaves_the_region_and_clears_the_sketch(
    host: FakeHost, mouse: Mouse
) -> None:
    host.refuses, before = True, host.regions[1]
    mouse.drag((10, 10), (70, 70))
    assert host.regions[1] is before
    assert host.sketch.regions == () and host.sketch.bad == ()


def test_vertices_stay_in_the_image(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((40, 40), (500, 500))
    assert corners(host.regions[1])[2] == (100, 80)


@pytest.mark.parametrize("how", ["right", "delete"])
def test_removing_a_vertex(host: FakeHost, tool: EditVertices, mouse: Mouse, how: str) -> None:
    host.regions[1] = square(1, 10, 10, 30)
    mouse.move(40, 40)
    assert host.sketch.hot == (40, 40)
    if how == "right":
        mouse.click(40, 40, "right")
    else:
        assert tool.key("Delete")
    assert corners(host.regions[1]) == [(10, 10), (40, 10), (10, 40)]
    assert [name for name, _ in host.commits] == ["Remove vertex"]


def test_three_vertices_are_kept(host: FakeHost, mouse: Mouse) -> None:
    host.regions[1] = Region(1, ring([(10, 10), (40, 10), (10, 40)]))
    mouse.click(40, 10, "right")
    assert host.commits == [] and "three points" in host.said[0]


def test_delete_away_from_vertices_removes_nothing(
    host: FakeHost, tool: EditVertices, mouse: Mouse
) -> None:
    mouse.move(15, 30)
    assert tool.key("Delete")
    assert host.commits == [] and host.said


def test_locked_regions_refuse_everything(host: FakeHost, tool: EditVertices, mouse: Mouse) -> None:
    host.regions[1] = square(1, 10, 10, 30, locked=True)
    mouse.drag((10, 10), (3, 3))
    mouse.click(40, 40, "right")
    mouse.double_click(25, 10)
    assert host.commits == [] and all("locked" in s for s in host.said) and host.said


def test_clicks_elsewhere_select(host: FakeHost, mouse: Mouse) -> None:
    mouse.click(70, 20)
    assert host.selected == {2}
    mouse.click(12, 30, shift=True)
    assert host.selected == {1, 2}
    mouse.click(95, 75)
    assert host.selected == frozenset()


def test_hover_shows_the_grip_or_the_region(host: FakeHost, mouse: Mouse) -> None:
    mouse.move(25, 10.9)
    assert host.sketch.hot == (25, 10) and host.hovered == 0
    mouse.move(70, 20)
    assert host.sketch == Sketch() and host.hovered == 2


def test_only_selected_regions_are_edited(host: FakeHost, mouse: Mouse) -> None:
    before = host.regions[2]
    mouse.drag((60, 10), (50, 5))
    assert host.regions[2] is before


def test_of_two_selected_regions_the_nearest_vertex_is_taken(host: FakeHost, mouse: Mouse) -> None:
    host.regions[3] = square(3, 41, 10, 8)
    host.selected = frozenset((1, 3))
    mouse.drag((40.9, 10), (45, 5))
    assert corners(host.regions[3])[0] == pytest.approx((45.1, 5))
    assert corners(host.regions[1]) == corners(square(1, 10, 10, 30))


def test_escape_drops_the_drag(host: FakeHost, tool: EditVertices, mouse: Mouse) -> None:
    mouse.press(10, 10)
    mouse.move(3, 3)
    assert tool.key("Escape")
    mouse.release(3, 3)
    assert host.commits == [] and not tool.key("Escape")


def test_a_region_that_changed_meanwhile_is_not_overwritten(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(10, 10)
    mouse.move(3, 3)
    host.regions[1] = square(1, 0, 0, 4)
    mouse.release(3, 3)
    assert host.commits == [] and "changed" in host.said[-1]


def test_a_thousand_random_drags_raise_nothing(host: FakeHost, mouse: Mouse) -> None:
    random = np.random.default_rng(0)
    for _ in range(1000):
        shell = host.regions[1].rings[int(random.integers(len(host.regions[1].rings)))]
        start = shell[int(random.integers(len(shell)))]
        mouse.drag(tuple(start), *map(tuple, random.uniform(-10, 110, (2, 2))))
    assert len(host.commits) > 100
    assert all(np.isfinite(r.shell).all() for r in host.regions.values())


# Several at once


def names(host: FakeHost) -> list[str]:
    return [name for name, _ in host.commits]


def test_a_rubber_band_chooses_vertices_also_of_holes(host: FakeHost, mouse: Mouse) -> None:
    mouse.press(45, 5)
    mouse.move(25, 25)
    assert host.sketch.rubber == (25, 5, 45, 25)
    assert set(host.sketch.marked) == {(40, 10), (30, 20)}
    mouse.release(25, 25)
    assert host.sketch.rubber is None and set(host.sketch.marked) == {(40, 10), (30, 20)}
    assert host.selected == {1} and host.commits == []


def test_shift_adds_to_what_is_chosen_and_takes_away(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((45, 5), (35, 15))
    mouse.click(20.5, 20, shift=True)
    assert set(host.sketch.marked) == {(40, 10), (20, 20)}
    mouse.drag((5, 45), (15, 35), shift=True)
    assert set(host.sketch.marked) == {(40, 10), (20, 20), (10, 40)}
    mouse.click(40, 10, shift=True)
    assert set(host.sketch.marked) == {(20, 20), (10, 40)}
    mouse.drag((45, 5), (35, 15))
    assert host.sketch.marked == ((40, 10),)
    assert host.commits == [] and host.selected == {1}


def test_chosen_vertices_move_together_as_one_step(host: FakeHost, mouse: Mouse) -> None:
    host.regions[2] = square(2, 42, 12, 10)
    host.selected = frozenset((1, 2))
    mouse.drag((60, 5), (35, 15))
    assert set(host.sketch.marked) == {(40, 10), (42, 12), (52, 12)}
    mouse.press(42, 12)
    mouse.move(45, 8)
    assert {r.id for r in host.sketch.regions} == {1, 2} and host.commits == []
    assert set(host.sketch.marked) == {(43, 6), (45, 8), (55, 8)} and host.sketch.hot == (45, 8)
    mouse.release(45, 8)
    assert names(host) == ["Move 3 vertices"] and len(host.commits[0][1]) == 2
    assert corners(host.regions[1]) == [(10, 10), (43, 6), (40, 40), (10, 40)]
    assert corners(host.regions[2]) == [(45, 8), (55, 8), (52, 22), (42, 22)]
    mouse.drag((45, 8), (44, 9.5))  # they are still chosen
    assert names(host) == ["Move 3 vertices"] * 2 and (54, 9.5) in corners(host.regions[2])


def test_the_group_keeps_its_shape_at_the_border_of_the_image(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((45, 5), (5, 15))
    mouse.drag((10, 10), (-50, -50))
    assert corners(host.regions[1]) == [(0, 0), (30, 0), (40, 40), (10, 40)]


def test_a_vertex_that_is_not_chosen_moves_alone(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((45, 5), (35, 15))
    mouse.drag((10, 40), (8, 42))
    assert corners(host.regions[1]) == [(10, 10), (40, 10), (40, 40), (8, 42)]
    assert names(host) == ["Move vertex"] and host.sketch.marked == ()


def test_delete_removes_all_that_are_chosen(
    host: FakeHost, tool: EditVertices, mouse: Mouse
) -> None:
    host.selected = frozenset((1, 2))
    mouse.click(80, 30, shift=True)
    mouse.click(20, 20, shift=True)
    mouse.move(70, 70)
    assert tool.key("Delete")
    assert corners(host.regions[2]) == [(60, 10), (80, 10), (60, 30)]
    assert corners(host.regions[1], 1) == [(30, 20), (30, 30), (20, 30)]
    assert names(host) == ["Remove 2 vertices"] and host.sketch == Sketch()


def test_a_hole_below_three_vertices_goes_a_shell_is_kept(
    host: FakeHost, tool: EditVertices, mouse: Mouse
) -> None:
    mouse.drag((18, 18), (22, 32))  # two of the hole; begun in the region, off its edges
    assert len(host.sketch.marked) == 2 and tool.key("Delete")
    assert host.regions[1].holes == () and names(host) == ["Remove 2 vertices"]
    mouse.drag((5, 5), (45, 15))
    before = host.regions[1]
    assert tool.key("Delete")
    assert host.regions[1] is before and "three points" in host.said[-1]
    assert len(host.sketch.marked) == 2


def test_escape_forgets_what_is_chosen(host: FakeHost, tool: EditVertices, mouse: Mouse) -> None:
    mouse.drag((45, 5), (35, 15))
    mouse.press(40, 10)
    mouse.move(50, 20)
    assert tool.key("Escape") and host.sketch.regions == ()
    assert host.sketch.marked == ((40, 10),)
    mouse.release(50, 20)
    assert tool.key("Escape") and host.sketch == Sketch() and not tool.key("Escape")
    assert host.commits == []


def test_vertices_of_changed_or_deselected_regions_are_forgotten(
    host: FakeHost, tool: EditVertices, mouse: Mouse
) -> None:
    mouse.drag((45, 5), (35, 15))
    host.regions[1] = square(1, 10, 10, 30)
    mouse.move(70, 70)
    assert host.sketch == Sketch()
    mouse.drag((45, 5), (35, 15))
    host.selected = frozenset((2,))
    assert tool.key("Delete") and host.commits == [] and "Point at" in host.said[-1]


def test_what_cannot_be_chosen_is_said(host: FakeHost, mouse: Mouse) -> None:
    for regions, selected, words in (
        ({1: square(1, 10, 10, 30, locked=True)}, (1,), "locked"),
        ({}, (), "Select an object"),
        ({i: square(i, 10, 10, 30) for i in range(1, 40)}, range(1, 40), "at most 32"),
    ):
        host.regions, host.selected = dict(regions), frozenset(selected)
        mouse.drag((55, 55), (5, 5))
        assert words in host.said[-1] and host.sketch.marked == ()
        mouse.drag((10, 15), (10, 5), control=True)
        assert words in host.said[-1]
    assert host.commits == []


def test_crossing_edges_of_all_moved_regions_are_red(host: FakeHost, mouse: Mouse) -> None:
    host.refuses = True
    mouse.drag((45, 5), (35, 45))
    mouse.press(40, 10)
    mouse.move(15, 40)
    assert host.sketch.bad
    mouse.release(15, 40)
    assert host.commits == [] and "crosses itself" in host.said[-1]


# Swept away


def star(region_id: int = 1) -> Region:
    """A circle of 24 vertices around 50, 40."""
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return Region(
        region_id, ring(np.column_stack((50 + 20 * np.cos(angle), 40 + 20 * np.sin(angle))))
    )


def test_ctrl_and_a_drag_sweep_vertices_away(host: FakeHost, mouse: Mouse) -> None:
    host.regions = {1: star()}
    away = [tuple(p) for p in host.regions[1].shell[2:7].tolist()]
    mouse.press(*away[0], control=True)
    assert len(host.sketch.regions[0].shell) == 23 and host.sketch.circle is not None
    mouse.move(*away[2])
    mouse.move(*away[4])
    assert len(host.sketch.regions[0].shell) == 19
    assert host.sketch.note is not None and host.sketch.note[2] == "removes 5 vertices"
    assert host.commits == []
    mouse.release(*away[4])
    assert names(host) == ["Remove 5 vertices"]
    assert not set(away) & set(corners(host.regions[1])) and len(host.regions[1].shell) == 19


def test_a_fast_sweep_skips_none(host: FakeHost, mouse: Mouse) -> None:
    host.regions = {1: Region(1, ring([(x, 20.0) for x in range(10, 60, 2)] + [(35, 70)]))}
    mouse.drag((4, 19), (90, 21), control=True)
    assert names(host) == ["Remove 23 vertices"]


def test_a_sweep_leaves_three_vertices_of_a_shell_and_says_so(host: FakeHost, mouse: Mouse) -> None:
    host.regions = {1: star()}
    around = [tuple(p) for p in star().shell.tolist()]
    mouse.drag(*around, *around, control=True)
    assert len(host.regions[1].shell) == 3 and "Three vertices" in host.said[-1]
    assert names(host) == ["Remove 21 vertices"]


def test_a_swept_hole_goes_as_a_whole(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((20, 19), (30, 20), control=True)
    assert host.regions[1].holes == () and len(host.regions[1].shell) == 4
    assert names(host) == ["Remove 2 vertices"] and host.said == []


def test_a_sweep_that_passes_nothing_is_no_step(host: FakeHost, mouse: Mouse) -> None:
    mouse.drag((50, 50), (60, 60), control=True)
    assert host.commits == [] and host.sketch == Sketch()


def test_an_outline_that_would_cross_itself_is_red_and_refused(
    host: FakeHost, mouse: Mouse
) -> None:
    """Without the tip at the lower right the shell would run through the hole."""
    hole = ring([(32, 32), (38, 32), (38, 38), (32, 38)])
    before = Region(1, square(1, 10, 10, 30).shell, (hole,))
    host.regions = {1: before}
    mouse.press(40.5, 40.5, control=True)
    assert host.sketch.bad
    mouse.release(40.5, 40.5, control=True)
    assert host.regions[1] is before and "crosses itself" in host.said[-1]


def test_random_work_with_several_vertices_raises_nothing(
    host: FakeHost, tool: EditVertices, mouse: Mouse
) -> None:
    host.selected = frozenset((1, 2))
    random = np.random.default_rng(3)
    stored = dict(host.regions)
    for _ in range(400):
        if random.random() < 0.1:
            host.regions.update(stored)
        held = {str(random.choice(["shift", "control", "alt"])): bool(random.random() < 0.5)}
        region = host.regions[int(random.integers(1, 3))]
        start = region.shell[0] if random.random() < 0.5 else random.uniform(-5, 105, 2)
        mouse.drag(tuple(start), *map(tuple, random.uniform(-5, 90, (3, 2))), **held)
        if random.random() < 0.2:
            tool.key(str(random.choice(["Delete", "Escape"])))
        host.selected = frozenset((1, 2))
    assert {"Move", "Add", "Remove"} <= {name.split()[0] for name in names(host)}
    assert any(name.endswith("vertices") for name in names(host))
