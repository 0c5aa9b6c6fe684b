from dataclasses import replace
from pathlib import Path

from app.commands.change_regions import perform
from app.document.classes import ClassTable
from app.document.document import Document
from app.document.snapshot import import_delta, snapshot
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.classes import DEFAULT_CLASSES, LabelClass
from core.annotation.region import Origin, Region
from core.formats import codec_named
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.records import ImageRecord
from tests.app.samples import MODEL, square

RECORD = ImageRecord(1, "sub/a.png", "hash", 100, 96, 80, 0.5, "edited")
NUCLEUS = LabelClass(1, "Nucleus", "#123456")


def document_with(*regions: Region) -> Document:
    return Document(1, 96, 80, {r.id: r for r in regions}, ClassTable())


def test_a_snapshot_says_everything_that_is_known() -> None:
    a, b = square(0, 0, number=2), square(20, 0, number=1)
    taken = snapshot(document_with(a, b), RECORD, RunInfo("hrnet", 0.5, 12))
    assert taken.regions == (b, a), "in the order of ids"
    assert (taken.image_name, taken.width, taken.height) == ("a.png", 96, 80)
    assert (taken.pixel_size_um, taken.content_hash) == (0.5, "hash")
    assert taken.classes == DEFAULT_CLASSES
    assert taken.run == RunInfo("hrnet", 0.5, 12)


def test_later_edits_do_not_reach_a_snapshot() -> None:
    document = document_with(square(0, 0))
    taken = snapshot(document, RECORD)
    perform(document, Delta("Delete", dict(document.regions), {}))
    assert len(taken.regions) == 1


def test_a_draft_is_not_in_a_snapshot() -> None:
    document = document_with(square(0, 0))
    document.show_draft(Delta("", {}, {9: square(20, 0, number=9)}))
    assert [r.id for r in snapshot(document, RECORD).regions] == [1]


def test_an_import_is_one_step_with_its_classes() -> None:
    drawn = square(0, 0)
    document = document_with(drawn)
    new = [replace(square(20, 0), class_id=1), square(40, 0)]
    read = AnnotationSet("a.png", 96, 80, tuple(new), (*DEFAULT_CLASSES, NUCLEUS))
    perform(document, import_delta(document, read, "a.json"))
    assert sorted(document.regions) == [1, 2, 3]
    assert document.regions[2].class_id == 1
    assert document.classes.all == (*DEFAULT_CLASSES, NUCLEUS)
    assert document.stack.undoText() == "Import a.json"
    document.stack.undo()
    assert dict(document.regions) == {1: drawn}
    assert document.classes.all == DEFAULT_CLASSES


def test_a_file_can_be_read_twice() -> None:
    document = document_with()
    read = AnnotationSet("a.png", 96, 80, (square(0, 0), square(20, 0)))
    for _ in range(2):
        perform(document, import_delta(document, read, "a.json"))
    assert sorted(document.regions) == [1, 2, 3, 4]
    uids = [document.regions[i].uid for i in (1, 2, 3, 4)]
    assert uids[:2] == [r.uid for r in read.regions]
    assert len(set(uids)) == 4


def test_where_regions_come_from() -> None:
    document = document_with()
    given = (
        square(0, 0, origin=MODEL),
        square(20, 0),
        square(40, 0, origin=Origin("import", source="labels.tif")),
        square(60, 0, origin=Origin("import")),
    )
    delta = import_delta(document, AnnotationSet("a.png", 96, 80, given), "a.json")
    assert [r.origin for r in delta.after.values()] == [
        MODEL,
        Origin(),
        Origin("import", source="labels.tif"),
        Origin("import", source="a.json"),
    ]


def test_native_files_bring_everything_back(tmp_path: Path) -> None:
    document = document_with()
    document.classes.swap([], {1: NUCLEUS})
    first = replace(square(3.25, 4.5, origin=MODEL), confidence=0.75, class_id=1, reviewed=True)
    holed = Region(2, square(30, 30, 20).shell, (square(35, 35, 5).shell,), attributes={"n": 3})
    perform(document, Delta("Draw", {}, {1: first, 2: holed}))
    codec = codec_named("json")
    codec.write(tmp_path / "a.json", snapshot(document, RECORD))
    empty = document_with()
    reading = codec.read(tmp_path / "a.json", snapshot(empty, RECORD))
    perform(empty, import_delta(empty, reading.annotations, "a.json"))
    assert content_hash(empty.regions.values()) == content_hash(document.regions.values())
    assert empty.classes.all == document.classes.all
