"""Who lies over whom."""

import pytest

from core.annotation.overlapping import overlaps
from core.annotation.region import Region, ring


def box(number: int, x0: float, y0: float, x1: float, y1: float) -> Region:
    return Region(number, ring([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))


WIDE = box(1, 0, 0, 20, 10)


def test_the_largest_comes_first_and_borders_that_touch_share_nothing() -> None:
    others = [
        box(2, 18, 0, 30, 10),
        box(3, 0, 5, 10, 30),
        box(4, 0, -5, 20, 0),
        box(5, 50, 0, 60, 9),
    ]
    found = overlaps([WIDE], others)
    assert [(o.loser.id, o.winner.id) for o in found] == [(1, 3), (1, 2)]
    assert [o.area for o in found] == pytest.approx([50, 20])


def test_what_lies_in_a_hole_shares_nothing() -> None:
    around = Region(6, box(6, -20, -20, 40, 40).shell, (WIDE.shell,))
    assert overlaps([WIDE], [around]) == []


def test_nobody_shares_with_nobody() -> None:
    assert overlaps([], [WIDE]) == [] == overlaps([WIDE], [])
