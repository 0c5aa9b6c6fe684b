"""What a person is told about an edit of outlines."""

import pytest

from app.actions import outline_sentences as sentences
from app.controllers.outline_changes import Changed, Compared, Resolved, compared, each, resolved
from core.annotation.geometry import shifted
from core.annotation.offsets import expanded
from core.annotation.region import Region
from core.progress import Ticket
from tests.app.panels.fakes import box

SIZE = (100, 80)


def boxes(count: int, side: float = 10, step: float = 15, **facts: object) -> list[Region]:
    return [shifted(box(i + 1, side, **facts), step * i + 1, 1) for i in range(count)]


def grown(count: int, pixels: float) -> Compared:
    change = each(lambda region, _: expanded(region, pixels))
    return compared(boxes(count), change, SIZE, Ticket())


def lost(losers: list[Region], winners: list[Region]) -> Resolved:
    return resolved(losers, winners, False, SIZE, Ticket())


def test_one_and_many() -> None:
    assert sentences.moved_outwards(grown(1, 2), 2) == "Expanded 1 object by 2 px."
    assert sentences.moved_outwards(grown(3, -1.5), -1.5) == "Shrank 3 objects by 1.5 px."
    assert sentences.merged_into(Changed(tuple(boxes(3)), (box(7),))) == (
        "Merged 3 objects into #7."
    )


def test_what_did_not_go_as_wished_is_said() -> None:
    region = (box(1),)
    full = Changed(region, region, refused=2, reason="Object 4 is gone.", left_out=3)
    assert sentences.told("Smoothed", full) == (
        "Smoothed 1 object; 3 small pieces were left out. "
        "2 objects could not be changed: Object 4 is gone."
    )
    less = Changed(region, region, refused=1, reason="Object 4 is gone.", left_out=1)
    assert sentences.told("Smoothed", less) == (
        "Smoothed 1 object; 1 small piece was left out. "
        "1 object could not be changed: Object 4 is gone."
    )


def test_facts_of_an_amount() -> None:
    first, second = sentences.facts(grown(2, -2)).split("\n")
    assert first == "8 vertices → 8" and second.startswith("largest deviation 2.83 px")
    assert sentences.facts(grown(1, -6)).startswith("Nothing changes.\nNothing of object 1")
    assert sentences.simplified(grown(2, -2)) == "Simplified 2 objects: 8 vertices → 8."


@pytest.mark.parametrize("count", [1, 3, 5])
def test_who_keeps_and_who_loses_how_much(count: int) -> None:
    wide = shifted(Region(9, box(9).shell * (9, 0.5)), 0, 8)
    done = lost(boxes(count), [wide])
    lines = sentences.verdict(done).split("\n")
    assert lines[0] == "#9 keeps what is shared."
    assert lines[1].startswith("#1 loses 30 px² (30.0 %)")
    assert ("more" in lines[1]) == (count > 3)
    told = sentences.gave_way(done)
    assert told.endswith(f"gave way to #9 and lost {30 * count} px².")


def test_several_keep_and_locked_ones_stay() -> None:
    one, *others = boxes(3, step=8)
    middle, locked = others[0], Region(5, shifted(box(5), 5, 5).shell, locked=True)
    done = lost([middle, locked], [one, others[1]])
    assert sentences.verdict(done).startswith("#1 and #3 keep what is shared.")
    assert "1 locked" in sentences.verdict(done)


def test_why_nothing_is_lost() -> None:
    one, two = boxes(2)
    assert "no other object overlaps" in sentences.verdict(lost([one], [two]))
    locked = Region(5, one.shell, locked=True)
    assert "locked; unlock it first" in sentences.verdict(lost([locked], [one]))
    assert "Nothing of object 1" in sentences.verdict(lost([one], [Region(6, one.shell)]))


def test_small_areas_and_shares_are_not_nought() -> None:
    assert [sentences.area(a) for a in (1.06, 12.4, 1234.0)] == ["1.1 px²", "12 px²", "1,234 px²"]
    assert [sentences.share(s) for s in (0.0004, 0.25)] == ["less than 0.1 %", "25.0 %"]
