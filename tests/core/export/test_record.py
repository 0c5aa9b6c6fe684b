"""What a person is told of an export: every failure, and each kind of note once for a file."""

from pathlib import Path

import pytest

from core.export.record import Change, ExportReport, FileRecord
from core.export.some_objects import some_objects

ROUNDED = "its coordinates were rounded"


def told(*changes: Change, images: tuple[str, ...] = ("a.png",)) -> list[str]:
    record = FileRecord("a.txt", "yolo", images, "ab", 9, "a reader", "all", changes=changes)
    return str(ExportReport(Path("out"), 1, [record])).splitlines()[1:]


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "object 1"), (2, "2 objects (1, 2)"), (130, "130 objects (1, 2, 3, 4, 5 and 125 more)")],
)
def test_some_objects(count: int, words: str) -> None:
    assert some_objects(range(1, count + 1)) == words


def test_a_line_for_each_kind_of_note() -> None:
    rounded = [Change("a.png", str(n), 1.0, ROUNDED) for n in range(1, 301)]
    filled = Change("a.png", "301", 0.9, "its hole was filled")
    assert told(*rounded, filled) == [
        f"a.txt: 300 objects (1, 2, 3, 4, 5 and 295 more), each: {ROUNDED}",
        "a.txt: object 301: its hole was filled",
    ]


def test_reasons_that_differ_in_numbers_are_one_kind() -> None:
    hidden = [Change("a.png", str(n), 0.9, f"{n} of its 50 pixels are hidden") for n in (3, 20)]
    assert told(*hidden) == ["a.txt: 2 objects (3, 20), the first: 3 of its 50 pixels are hidden"]


def test_objects_of_several_images_are_told_apart() -> None:
    names = ("a.png", "b.png")
    changes = [Change(name, "1", 1.0, ROUNDED) for name in names]
    assert told(*changes, images=names) == [f"a.txt: 2 objects (a.png 1, b.png 1), each: {ROUNDED}"]


def test_what_nobody_announced_comes_first() -> None:
    wrong = Change("a.png", "7", 0.5, "nothing says why", announced=False)
    lines = told(Change("a.png", "6", 1.0, ROUNDED), wrong)
    assert lines == [
        "a.txt: object 7 differs from yours",
        f"a.txt: object 6: {ROUNDED}",
    ]
