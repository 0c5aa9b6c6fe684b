import numpy as np
import pytest
import shapely

from app.canvas import polygon_store
from app.canvas.polygon_store import PolygonStore
from app.canvas.style import MARKED
from core.annotation.nearest import contains
from core.annotation.region import Region
from tests.app.canvas.samples import crowd, square


def visible(store: PolygonStore, bounds: tuple[float, float, float, float]) -> set[int]:
    return set(store.ids_of(store.rows_in(bounds)))


def meets(region: Region, bounds: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = region.bounds
    return x1 >= bounds[0] and x0 <= bounds[2] and y1 >= bounds[1] and y0 <= bounds[3]


def test_hit_is_the_smallest_region_and_holes_are_outside() -> None:
    ring = square(1, 0, 0, 30, hole=True)
    store = PolygonStore({1: ring, 2: square(2, 12, 12, 4), 3: square(3, 0, 0, 9)})
    assert store.region_at(5, 5) == 3
    assert store.region_at(11.5, 11.5) == 0
    assert store.region_at(13, 13) == 2
    assert store.region_at(25, 25) == 1
    assert store.region_at(50, 50) == 0


def test_hits_equal_a_search_through_all_regions() -> None:
    regions = crowd(300, 400, 300)
    store = PolygonStore(regions)
    for x, y in np.random.default_rng(1).uniform(0, 400, (60, 2)).tolist():
        inside = [r for r in regions.values() if contains(r, x, y)]
        assert store.region_at(x, y) == (min(inside, key=lambda r: r.area).id if inside else 0)


def test_regions_within_lie_inside_as_a_whole() -> None:
    regions = crowd(200, 300, 300)
    box = (50.0, 40.0, 220.0, 260.0)
    inside = {
        i
        for i, r in regions.items()
        if r.bounds[0] >= 50 and r.bounds[1] >= 40 and r.bounds[2] <= 220 and r.bounds[3] <= 260
    }
    assert inside and PolygonStore(regions).regions_within(box) == inside


def test_what_a_line_meets_equals_another_librarys_answer() -> None:
    regions, random = crowd(200, 300, 300), np.random.default_rng(4)
    store = PolygonStore(regions)
    del regions[7], regions[8]
    store.update([7, 8])
    for count in (2, 3, 6) * 20:
        line = random.uniform(-50, 350, (count, 2))
        boxes = {i: shapely.box(*region.bounds) for i, region in regions.items()}
        drawn = shapely.LineString(line)
        assert store.met_by(line) == {i for i, box in boxes.items() if box.intersects(drawn)}
    point = np.full((2, 2), 150.0)
    assert store.met_by(point) == {
        i for i, box in boxes.items() if box.contains_properly(shapely.Point(150, 150))
    }


def test_random_edits_leave_the_store_as_if_made_anew() -> None:
    random = np.random.default_rng(2)
    regions, hidden = crowd(120, 300, 300), set[int]()
    store = PolygonStore(regions, hidden=hidden)
    for step in range(300):
        ids = random.integers(1, 150, 1 if step % 50 else 100).tolist()
        for i in ids:
            if random.random() < 0.3:
                regions.pop(i, None)
            else:
                regions[i] = square(i, *random.uniform(0, 300, 2), 9.0, hole=step % 2 == 0)
            if random.random() < 0.3:
                hidden ^= {i}
        store.update(frozenset(ids))
        box = (60.0, 60.0, 160.0, 200.0)
        shown = {i: r for i, r in regions.items() if i not in hidden}
        assert visible(store, box) == {i for i, r in shown.items() if meets(r, box)}
        assert len(store) == len(shown)
    assert hidden & regions.keys()
    fresh = PolygonStore(shown)
    everything = (-1e9, -1e9, 1e9, 1e9)
    kept, made = (s.shapes(s.rows_in(everything)) for s in (store, fresh))
    assert np.array_equal(kept.vertices()[0], made.vertices()[0])
    assert np.array_equal(kept.extent, made.extent)
    assert np.array_equal(kept.longest, made.longest)


def test_what_is_hidden_is_not_found_until_it_is_shown_again() -> None:
    hidden = {1}
    store = PolygonStore({1: square(1, 0, 0, 5), 2: square(2, 0, 0, 30)}, hidden=hidden)
    assert store.region_at(3, 3) == 2
    assert store.regions_within((-9, -9, 50, 50)) == {2}
    assert [region.id for region in store.shown((1, 2, 3))] == [2]
    hidden.clear()
    assert store.update((1,)) == [(0, 0, 5, 5)]
    assert store.region_at(3, 3) == 1
    hidden.add(1)
    assert store.update((1,)) == [(0, 0, 5, 5)]
    assert store.region_at(3, 3) == 2


def test_many_regions_are_loaded_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polygon_store, "PIECE", 100)
    regions, everything = crowd(350, 300, 300), (-1e9, -1e9, 1e9, 1e9)
    store = PolygonStore(regions)
    regions[1], regions[350] = square(1, 5, 5, 9), square(350, 9, 9, 9)
    del regions[2], regions[349]
    store.update((1, 2, 349, 350))
    pieces = 1
    while not store.is_loaded:
        store.load_more()
        pieces += 1
    assert pieces == 4
    assert sorted(store.ids_of(store.rows_in(everything))) == sorted(regions)


def test_a_search_waits_for_all_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polygon_store, "PIECE", 100)
    regions, everything = crowd(350, 300, 300), (-1e9, -1e9, 1e9, 1e9)
    assert len(PolygonStore(regions)) == 350
    assert PolygonStore(regions).regions_within(everything) == regions.keys()
    x, y = regions[350].shell.mean(axis=0)
    inside = [r for r in regions.values() if contains(r, x, y)]
    assert PolygonStore(regions).region_at(x, y) == min(inside, key=lambda r: r.area).id
    store = PolygonStore(regions)
    regions.clear()
    assert store.update(range(1, 351)) is None
    assert len(store) == 0 and store.is_loaded


def test_update_says_where_things_were_and_are() -> None:
    regions = {1: square(1, 0, 0, 5), 2: square(2, 20, 20, 5)}
    store = PolygonStore(regions)
    regions[1] = square(1, 50, 50, 5)
    del regions[2]
    regions[3] = square(3, 70, 70, 5)
    found = store.update(frozenset((1, 2, 3, 99)))
    assert sorted(found) == [(0, 0, 5, 5), (20, 20, 25, 25), (50, 50, 55, 55), (70, 70, 75, 75)]


def test_shapes_stay_as_they_were_while_the_store_goes_on() -> None:
    regions = {i: square(i, 10 * i, 0, 8) for i in range(1, 50)}
    store = PolygonStore(regions)
    shapes = store.shapes(store.rows_in((0, 0, 1000, 10)))
    before = shapes.vertices()[0].copy()
    for step in range(2000):
        regions[1 + step % 49] = square(1 + step % 49, step, 5, 3)
        store.update(frozenset((1 + step % 49,)))
    assert np.array_equal(shapes.vertices()[0], before)


def test_drawing_order_is_large_first_then_by_id() -> None:
    store = PolygonStore({3: square(3, 0, 0, 5), 1: square(1, 0, 0, 5), 2: square(2, 0, 0, 50)})
    assert store.ids_of(store.in_order(store.rows_in((0, 0, 9, 9)))) == [2, 1, 3]


def test_shapes_of_marked_and_lifted_regions() -> None:
    store = PolygonStore({i: square(i, 0, 0, i, hole=i == 2) for i in (1, 2, 3)})
    shapes = store.shapes(store.rows_in((0, 0, 9, 9)), marked=np.array([2]), lifted=np.array([3]))
    assert shapes.paint.tolist() == [MARKED, 0]
    assert shapes.count.tolist() == [2, 1]
    assert shapes.vertices()[1].tolist() == [4, 4, 4]
    assert shapes.longest.tolist() == pytest.approx([2, 1])


def test_an_empty_store() -> None:
    store = PolygonStore({})
    assert store.region_at(1, 1) == 0
    assert store.regions_within((0, 0, 9, 9)) == frozenset()
    assert store.update(frozenset((4,))) == []
    assert len(store.shapes(store.rows_in((0, 0, 9, 9)))) == 0
