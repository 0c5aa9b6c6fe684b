import numpy as np
import pytest

from app.commands.overlaps import without_overlaps
from core.annotation.raster import rasterize
from core.annotation.region import Region, ring
from tests.app.samples import square


def circle(x: float, y: float, radius: float) -> Region:
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return Region(
        1, ring(np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)]))
    )


def with_hole(x: float, y: float, size: float, hole: float) -> Region:
    gap = (size - hole) / 2
    return Region(1, square(x, y, size).shell, (square(x + gap, y + gap, hole).shell,))


def kept(proposal: Region, *protected: Region) -> bool:
    return without_overlaps([proposal], protected) == (proposal,)


def test_without_protected_regions_everything_stays() -> None:
    proposals = (square(0, 0), square(1, 1))
    assert without_overlaps(proposals, ()) == proposals
    assert without_overlaps((), proposals) == ()


@pytest.mark.parametrize(("shift", "stays"), [(0, False), (4.9, False), (5.1, True), (10, True)])
def test_half_of_the_area_decides_between_neighbours(shift: float, stays: bool) -> None:
    assert kept(square(shift, 0), square(0, 0)) is stays


def test_the_same_object_at_another_size() -> None:
    assert not kept(square(0, 0, 30), square(13, 13, 4)), "the proposal is far larger"
    assert not kept(square(13, 13, 4), square(0, 0, 30)), "the proposal is far smaller"
    assert kept(square(0, 0, 30), square(-3, 1, 4)), "a small object at the rim is another one"


def test_an_object_in_a_hole_is_another_one() -> None:
    assert kept(square(12, 12, 6), with_hole(0, 0, 30, 10))
    assert kept(with_hole(0, 0, 30, 10), square(12, 12, 6))
    assert not kept(with_hole(0, 0, 30, 10), with_hole(0, 0, 30, 12))


def test_several_protected_regions_cover_together() -> None:
    left, right = square(-7, 0), square(7, 0)
    assert kept(square(0, 0), left)
    assert kept(square(0, 0), right)
    assert not kept(square(0, 0), left, right), "each covers three tenths"


def test_an_outline_that_crosses_itself_does_not_end_the_run() -> None:
    bow_tie = Region(1, ring([(0, 0), (10, 10), (10, 0), (0, 10)]))
    assert not kept(square(0, 0), bow_tie)
    assert kept(bow_tie, square(30, 30))


def test_against_pixels() -> None:
    """On random circles the kept ones are those that painting says are other objects."""
    rng = np.random.default_rng(5)
    spots = rng.uniform((10, 10, 3), (90, 90, 9), (60, 3))
    regions = [circle(*spot) for spot in spots]
    proposals, protected = regions[:40], regions[40:]
    painted = np.any([rasterize(r, 100, 100) for r in protected], axis=0)
    chosen = set(map(id, without_overlaps(proposals, protected)))
    for proposal, (x, y, radius) in zip(proposals, spots[:40], strict=True):
        mask = rasterize(proposal, 100, 100)
        share = (mask & painted).sum() / mask.sum()
        gaps = np.hypot(spots[40:, 0] - x, spots[40:, 1] - y)
        middle = bool((gaps < np.maximum(spots[40:, 2], radius)).any())
        if abs(share - 0.5) < 0.1 or (abs(gaps - np.maximum(spots[40:, 2], radius)) < 1).any():
            continue  # too close to call with pixels
        assert (id(proposal) in chosen) == (share < 0.5 and not middle)
    assert 5 < len(chosen) < 35
