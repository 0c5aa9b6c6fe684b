import pytest

from app.canvas.tiles import TILE, TileKey, joined, level_for, overlap, padded, tiles_in


@pytest.mark.parametrize(
    ("scale", "level"), [(1, 0), (0.72, 0), (0.7, 1), (0.5, 1), (1.4, 0), (1.5, -1), (64, -6)]
)
def test_the_nearest_level(scale: float, level: int) -> None:
    assert level_for(scale) == level


@pytest.mark.parametrize("level", [-2, 0, 3])
def test_tiles_cover_the_bounds_once(level: int) -> None:
    bounds = (-700.0, 5.0, 1300.0, 900.0)
    keys = list(tiles_in(level, bounds))
    assert len(set(keys)) == len(keys)
    assert overlap(joined(*(k.bounds for k in keys)), bounds) == bounds
    assert all(overlap(k.bounds, bounds) for k in keys)


def test_no_tile_for_a_bound_on_its_edge() -> None:
    assert list(tiles_in(0, (0, 0, TILE, TILE))) == [TileKey(0, 0, 0)]


@pytest.mark.parametrize("key", [TileKey(0, 3, 5), TileKey(-1, -3, 0), TileKey(4, 0, -1)])
def test_children_fill_their_parent(key: TileKey) -> None:
    assert joined(*(c.bounds for c in key.children)) == key.bounds
    assert all(child.parent == key for child in key.children)


def test_rectangles() -> None:
    assert overlap((0, 0, 2, 2), (2, 0, 3, 3)) is None
    assert overlap((0, 0, 2, 2), (1, -1, 3, 3)) == (1, 0, 2, 2)
    assert padded((1, 1, 2, 2), 1) == (0, 0, 3, 3)
