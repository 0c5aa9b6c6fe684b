"""What is said of all regions of an image together."""

import pytest

from core.annotation.annotation_set import RunInfo, mean_confidence, run_behind
from core.annotation.region import Origin, Region, ring

FIRST, SECOND = RunInfo("hrnet", 0.5, 100.0), RunInfo("hrnet", 0.9, 20.0)

HUMAN = Origin()


def square(size: float, confidence: float | None = None, origin: Origin = HUMAN) -> Region:
    corners = [(0, 0), (size, 0), (size, size), (0, size)]
    return Region(1, ring(corners), confidence=confidence, origin=origin)


def test_large_regions_count_more() -> None:
    assert mean_confidence([square(1, 0.0), square(3, 1.0)]) == pytest.approx(0.9)


def test_drawn_regions_have_no_say() -> None:
    assert mean_confidence([square(2, 0.7), square(9)]) == pytest.approx(0.7)
    assert mean_confidence([square(9)]) is None


def test_an_undone_run_is_not_the_one_behind_the_regions() -> None:
    found = square(2, 0.7, Origin("model", "hrnet", "", 0.5))
    assert run_behind([found], [FIRST, SECOND]) is FIRST
    assert run_behind([found], [SECOND]) is None
    assert run_behind([found], []) is None


def test_a_run_that_found_nothing_is_the_last_one() -> None:
    assert run_behind([square(2)], [FIRST, SECOND]) is SECOND
    assert run_behind([], []) is None
