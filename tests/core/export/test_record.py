"""What a person is told of an export: every failure, and each kind of note once for a file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

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


def file_of(name: str, *notes: str, **facts: Any) -> FileRecord:
    return FileRecord(name, "yolo", ("a.png",), "ab", 9, "a reader", "all", notes=notes, **facts)


def test_each_format_says_what_it_leaves_out() -> None:
    files = [
        file_of("a.txt", losses=("holes", "numbers")),
        file_of("b.txt", losses=("holes", "scale")),
        replace(file_of("a.png"), format="label-png", losses=("classes",)),
        replace(file_of("a.json"), format="json"),
    ]
    assert str(ExportReport(Path("out"), 2, files)).splitlines()[1:] == [
        "yolo: leaves out holes, numbers, scale.",
        "label-png: leaves out classes.",
    ]


def test_what_is_true_of_many_files_is_told_once() -> None:
    small, smaller = "They move by up to 3.1e-05 px.", "They move by up to 2e-06 px."
    filled = (Change("a.png", "7", 0.9, "its hole was filled"),)
    files = [
        file_of("a.txt", small, "Same.", changes=filled),
        file_of("b.txt", smaller, "Same."),
        file_of("c.txt", "Alone."),
    ]
    assert str(ExportReport(Path("out"), 2, files)).splitlines()[1:] == [
        f"yolo, 2 files, as in a.txt: {small}",
        "yolo, 2 files: Same.",
        "a.txt: object 7: its hole was filled",
        "c.txt: Alone.",
    ]


def test_rounding_that_nobody_sees_is_left_to_the_report() -> None:
    assert told(Change("a.png", "1", 1.0, ROUNDED, rounded_px=3e-5)) == []
    assert told(Change("a.png", "1", 1.0, ROUNDED, rounded_px=2e-3)) == [
        f"a.txt: object 1: {ROUNDED}"
    ]
