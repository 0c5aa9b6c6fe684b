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
