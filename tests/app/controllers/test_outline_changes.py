"""Whatever is done to outlines, they stay fit to be stored."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.controllers.outline_changes import Change, changed, compared, each, joined, resolved
from core.annotation.detail import simplified
from core.annotation.geometry import clip_to_image, is_valid, shifted, to_shapely
from core.annotation.neighbourhood import Neighbourhood
from core.annotation.neighbours import snapped_to
from core.annotation.offsets import convex_hull, expanded
from core.annotation.region import Region, ring
from core.annotation.smoothing import smoothed
from core.errors import InvalidGeometry
from core.progress import Ticket
from tests.strategies import regions

SIZE = (48, 40)
Make: TypeAlias = Callable[[float, Sequence[Region]], Change]


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Region, ...]:
    """Two to six regions anywhere in the image, over each other and at its border, some locked."""
    found = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        region = draw(regions())
        dx, dy = draw(st.floats(-8, 34)), draw(st.floats(-8, 26))
        inside = clip_to_image(shifted(region, dx, dy), *SIZE)
        facts = {"id": number, "locked": draw(st.booleans())}
        found.append(Region(shell=inside.shell, holes=inside.holes, **facts))
    return tuple(found)


def snap(amount: float, others: Sequence[Region]) -> Change:
    near = Neighbourhood(others).near
    return each(lambda r, left_out: snapped_to(r, near(r, amount), amount, left_out))


CHANGES: dict[str, Make] = {
    "expand": lambda amount, _: each(lambda r, left_out: expanded(r, amount, left_out)),
    "shrink": lambda amount, _: each(lambda r, left_out: expanded(r, -amount, left_out)),
    "smooth": lambda amount, _: each(lambda r, left_out: smoothed(r, amount, left_out)),
    "simplify": lambda amount, others: lambda rs, _, __: simplified(rs, amount, others),
    "hull": lambda _, __: each(lambda r, _: convex_hull(r)),
    "snap": snap,
}


def assert_fit(region: Region) -> None:
    """Valid, one piece (a Polygon is), inside the image."""
    x0, y0, x1, y1 = region.bounds
    assert is_valid(region) and x0 >= 0 and y0 >= 0 and x1 <= SIZE[0] and y1 <= SIZE[1]
    assert region.edited


def shared(one: Sequence[Region], two: Sequence[Region]) -> float:
    a, b = (shapely.union_all([to_shapely(r.rings) for r in side]) for side in (one, two))
    return float(shapely.area(shapely.intersection(a, b)))


@pytest.mark.parametrize("name", CHANGES)
@given(scene=scenes(), amount=st.floats(0.1, 6), count=st.integers(1, 6))
def test_any_change_of_any_scene_is_fit_to_be_stored(
    name: str, scene: tuple[Region, ...], amount: float, count: int
) -> None:
    chosen, others = scene[:count], scene[count:]
    done = compared(chosen, CHANGES[name](amount, others), SIZE, Ticket())
    for before, after in zip(done.before, done.after, strict=True):
        assert_fit(after)
        assert before in chosen and after.uid == before.uid and after.id == before.id
    assert done.refused + len(done.after) <= len(chosen)
    assert (done.refused > 0) == bool(done.reason)


@given(scene=scenes(), count=st.integers(1, 5), neighbours_lose=st.booleans())
def test_who_gave_way_shares_nothing_any_more(
    scene: tuple[Region, ...], count: int, neighbours_lose: bool
) -> None:
    one, two = scene[:count], scene[count:]
    done = resolved(one, two, neighbours_lose, SIZE, Ticket())
    for after in done.after:
        assert_fit(after)
        assert not after.locked
    assert shared(done.after, two) < 1e-6
    kept = {r.id for r in done.before}
    refused = [r for r in one if r.id not in kept and not r.locked and shared([r], two) > 1e-6]
    assert len(refused) == done.refused
    locked = [r for r in one if r.locked and any(shared([r], [w]) > 1e-6 for w in two)]
    assert len(locked) == done.locked
    areas = [overlap.area for overlap in done.overlaps]
    assert areas == sorted(areas, reverse=True)


@given(scene=scenes())
def test_what_is_merged_is_fit_to_be_stored_and_covers_all(scene: tuple[Region, ...]) -> None:
    try:
        done = joined(scene, SIZE, Ticket())
    except InvalidGeometry:
        return
    (one,) = done.after
    assert_fit(one)
    assert done.before == scene and one.id in {region.id for region in scene}
    left = shapely.union_all([to_shapely(r.rings) for r in scene]) - to_shapely(one.rings)
    assert left.area < 1e-6


def test_small_pieces_that_are_left_out_are_counted() -> None:
    """A square with a spur on a thin stalk, shrunk until the stalk is gone."""
    corners = [(5, 5), (25, 5), (25, 14), (29, 14), (29, 12), (33, 12), (33, 18), (29, 18)]
    region = Region(1, ring([*corners, (29, 16), (25, 16), (25, 25), (5, 25)]))
    shrink = CHANGES["shrink"](1.2, ())
    done = changed([region], shrink, SIZE, Ticket())
    assert (done.left_out, done.refused, len(done.after)) == (1, 0, 1)
    assert done.after[0].bounds[2] < 25
    assert changed([region], CHANGES["shrink"](0.5, ()), SIZE, Ticket()).left_out == 0


def test_a_scene_has_all_that_the_properties_are_about() -> None:
    """They would hold for changes that never change anything, too."""
    square = ring(np.array([(5, 5), (25, 5), (25, 25), (5, 25)]))
    scene = Region(1, square), Region(2, square + 3), Region(3, ring(square + np.array((22, 0))))
    for name, make in CHANGES.items():
        done = changed(scene[:1], make(2, scene[2:]), SIZE, Ticket())
        assert len(done.after) == (0 if name in ("hull", "simplify") else 1), name
    assert len(resolved(scene[:1], scene[1:], False, SIZE, Ticket()).after) == 1
