import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.controllers.export import ExportController
from app.document.document import Document
from app.session import Session
from app.tasks.importing import Choice, Preview
from app.tasks.runner import Runner
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.classes import LabelClass
from core.export.record import ExportReport
from core.export.request import ExportRequest
from core.formats import codec_named
from core.formats.base import Codec
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.store import Project
from tests.app.samples import Pictures, open_all, opened, square
from tests.core.export.samples import OWN


@pytest.fixture
def exporter(session: Session, runner: Runner) -> ExportController:
    return ExportController(session, runner)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def shown_document(session: Session) -> Document:
    assert session.document
    return session.document


def draw(document: Document, count: int) -> None:
    perform(document, edits.add(document, [square(12 * i, 0) for i in range(count)], "Draw"))


def run(exporter: ExportController, qtbot: QtBot, request: ExportRequest) -> ExportReport:
    with qtbot.waitSignal(exporter.exported) as exported:
        exporter.export(request)
    report: ExportReport = exported.args[0]
    return report


def previews(exporter: ExportController, qtbot: QtBot, *paths: Path) -> list[Preview]:
    """What the files hold, once they were read; none of them is refused."""
    with qtbot.waitSignal(exporter.previewed) as previewed:
        exporter.read(list(paths))
    found, refusals = previewed.args
    assert refusals == []
    return list(found)


def read(path: Path) -> AnnotationSet:
    return codec_named("json").read(path).annotations


def test_images_that_were_not_opened_come_from_the_project(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    ids = open_all(session, qtbot, *pictures.series(3))
    for count, image_id in enumerate(ids, 1):
        draw(session.document_of(image_id), count)
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    assert list(session.documents) == [ids[0]]
    draw(shown_document(session), 4)
    session.record_run(ids[0], RunInfo("hrnet", 0.25, 7.0), "ab", {})
    report = run(exporter, qtbot, ExportRequest(out, ("json",)))
    assert report.failures == []
    assert [len(read(out / f"img{i}.json").regions) for i in (1, 2, 3)] == [5, 2, 3]
    assert read(out / "img1.json").run == RunInfo("hrnet", 0.25, 7.0)
    assert [read(out / f"img{i}.json").image_name for i in (1, 2, 3)] == [
        f"img{i}.png" for i in (1, 2, 3)
    ]
    assert list(session.documents) == [ids[0]]


def test_what_could_not_be_saved_can_be_exported(
    exporter: ExportController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    out: Path,
    runner: Runner,
) -> None:
    other = Session(runner)
    opened(other, qtbot, pictures.discs("a.png"))
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    draw(shown_document(session), 3)
    run(exporter, qtbot, ExportRequest(out, ("json",)))
    assert len(read(out / "a.json").regions) == 3
    other.close()


def test_an_export_shows_one_moment(
    exporter: ExportController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    draw(shown_document(session), 2)
    gate, write = threading.Event(), Codec.write
    monkeypatch.setattr(Codec, "write", lambda *args, **more: gate.wait() and write(*args, **more))
    exporter.export(ExportRequest(out, ("json",)))
    assert exporter.busy
    draw(shown_document(session), 3)
    with qtbot.waitSignal(exporter.exported):
        gate.set()
    assert not exporter.busy
    assert len(read(out / "a.json").regions) == 2


def test_files_in_the_way_are_asked_about(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    request = ExportRequest(out, ("json",))
    run(exporter, qtbot, request)
    draw(shown_document(session), 2)
    with qtbot.waitSignal(exporter.exists) as exists:
        exporter.export(request)
    asked, paths = exists.args
    assert {path.name for path in paths} == {"a.json", *OWN}
    assert read(out / "a.json").regions == ()
    run(exporter, qtbot, replace(asked, overwrite=True))
    assert len(read(out / "a.json").regions) == 2


def test_cancel_leaves_no_file_and_the_next_export_works(
    exporter: ExportController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_all(session, qtbot, *pictures.series(3))
    gate, began, write = threading.Event(), threading.Event(), Codec.write

    def slow(*args, **more):  # type: ignore[no-untyped-def]
        began.set()
        gate.wait()
        return write(*args, **more)

    said: list[object] = []
    exporter.exported.connect(said.append)
    exporter.failed.connect(said.append)
    with monkeypatch.context() as patch:
        patch.setattr(Codec, "write", slow)
        exporter.export(ExportRequest(out, ("json",)))
        qtbot.waitUntil(began.is_set)
        exporter.cancel()
        gate.set()
        qtbot.waitUntil(lambda: list(out.iterdir()) == [])
    assert said == []
    assert len(run(exporter, qtbot, ExportRequest(out, ("json",))).files) == 3


def test_requests_that_cannot_be_met(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    said: list[str] = []
    exporter.failed.connect(said.append)
    exporter.export(ExportRequest(out, ("json",)))
    exporter.read([out / "a.json"])
    assert ["open an image first" in said[0], "open that first" in said[1]] == [True, True]
    opened(session, qtbot, pictures.discs("a.png"))
    exporter.export(ExportRequest(out, ("doc",)))
    assert "no format 'doc'" in said[2]
    exporter.export(ExportRequest(out / "missing", ("json",)))
    qtbot.waitUntil(lambda: len(said) == 4)
    with qtbot.waitSignal(exporter.previewed) as previewed:
        exporter.read([out / "missing.json"])
    assert "missing" in said[3] and "missing" in previewed.args[1][0].sentence
    assert shown_document(session).stack.count() == 0


def test_an_import_is_one_step_in_the_document_it_was_asked_for(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    first, second = open_all(session, qtbot, *pictures.series(2))
    document = shown_document(session)
    nucleus = LabelClass(1, "Nucleus", "#123456")
    draw(document, 3)
    perform(document, Delta("Add class", {}, {}, {}, {1: nucleus}))
    perform(document, edits.set_class(document, [2], 1))
    run(exporter, qtbot, ExportRequest(out, ("json",), images=(first,)))
    exported = content_hash(document.regions.values(), document.classes.all)
    document.stack.setIndex(0)
    perform(document, edits.add(document, [square(70, 70)], "Draw"))
    found = previews(exporter, qtbot, out / "img1.json")
    session.show(second)
    with qtbot.waitSignal(exporter.imported) as imported:
        exporter.take(found, Choice())
    name, report, taken = imported.args
    assert (name, report.done, report.total, taken) == ("img1.json", 3, 3, 3)
    assert len(document.regions) == 4
    assert [c.name for c in session.classes.all] == ["Cell", "Nucleus"]
    assert document.stack.undoText() == "Import img1.json"
    assert dict(session.document_of(second).regions) == {}
    document.stack.undo()
    assert len(document.regions) == 1
    assert [c.name for c in session.classes.all] == ["Cell"]
    assert session.close()
    with Project.open(pictures.folder / "pictures.cellscribe") as project:
        assert len(project.regions(first)) == 1
        assert exported != content_hash(project.regions(first).values(), project.classes())


def test_an_empty_file_is_no_step(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    run(exporter, qtbot, ExportRequest(out, ("json",)))
    found = previews(exporter, qtbot, out / "a.json")
    with qtbot.waitSignal(exporter.imported) as imported:
        exporter.take(found, Choice())
    assert imported.args[1].total == 0
    assert shown_document(session).stack.count() == 0


def test_classes_that_change_meanwhile_are_not_mixed_up(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    document = shown_document(session)
    draw(document, 1)
    run(exporter, qtbot, ExportRequest(out, ("json",)))
    found = previews(exporter, qtbot, out / "a.json")
    old = session.classes.find(0)
    perform(document, Delta("Rename", {}, {}, {0: old}, {0: replace(old, name="Dead")}))
    with qtbot.waitSignal(exporter.failed) as failed:
        exporter.take(found, Choice())
    assert "import it again" in failed.args[0]
    assert len(document.regions) == 1


def test_a_file_imported_twice_brings_nothing_new(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    document = shown_document(session)
    draw(document, 3)
    run(exporter, qtbot, ExportRequest(out, ("json", "yolo", "imagej-roi", "label-tiff")))
    for name in ("a.json", "a.txt", "a_RoiSet.zip", "a_labels.tif"):
        (found,) = previews(exporter, qtbot, out / name)
        assert (found.objects, len(found.known)) == (3, 3), name
        steps = document.stack.count()
        with qtbot.waitSignal(exporter.imported):
            exporter.take([found], Choice())
        assert (len(document.regions), document.stack.count()) == (3, steps)
    with qtbot.waitSignal(exporter.imported) as imported:
        exporter.take([found], Choice(skip_known=False))
    assert imported.args[2] == 3 and len(document.regions) == 6


def test_a_class_becomes_another_one(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    first, _ = open_all(session, qtbot, *pictures.series(2))
    document = shown_document(session)
    draw(document, 2)
    perform(document, Delta("Add class", {}, {}, {}, {1: LabelClass(1, "Nucleus", "#123456")}))
    perform(document, edits.set_class(document, [2], 1))
    run(exporter, qtbot, ExportRequest(out, ("geojson",), images=(first,)))
    document.stack.setIndex(0)
    (found,) = previews(exporter, qtbot, out / "img1.geojson")
    assert [(a.label_class.name, a.objects, a.is_new) for a in found.arrivals] == [
        ("Cell", 1, False),
        ("Nucleus", 1, True),
    ]
    exporter.take([found], Choice(classes={"Nucleus": 0}))
    assert [r.class_id for r in document.regions.values()] == [0, 0]
    assert [c.name for c in session.classes.all] == ["Cell"]


def test_several_files_find_their_images_by_name(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    """Also images that were never shown, and classes that come with more than one file."""
    ids = open_all(session, qtbot, *pictures.series(3))
    for name, color in (("Nucleus", "#123456"), ("Dead", "#654321")):
        document = session.document_of(ids[0])
        perform(document, Delta("Class", {}, {}, {}, {1: LabelClass(1, name, color)}))
        draw(document, 1)
        perform(document, edits.set_class(document, list(document.regions), 1))
        number = 2 if name == "Nucleus" else 3
        run(exporter, qtbot, ExportRequest(out, ("json",), images=(ids[0],), overwrite=True))
        text = (out / "img1.json").read_text().replace("img1.png", f"img{number}.png")
        digest = session.record(ids[0]).content_hash
        (out / f"img{number}.json").write_text(text.replace(digest, ""))
        document.stack.setIndex(0)
    (out / "stranger.json").write_text("{}")
    with qtbot.waitSignal(exporter.previewed) as previewed:
        exporter.read([out / "img2.json", out / "img3.json", out / "stranger.json"])
    found, refusals = previewed.args
    assert [(p.image_id, p.objects) for p in found] == [(ids[1], 1), (ids[2], 1)]
    assert "no image in the list is called like it" in refusals[0].sentence
    exporter.take(found, Choice())
    qtbot.waitUntil(lambda: ids[2] in session.documents and bool(session.documents[ids[2]].regions))
    names = {c.id: c.name for c in session.classes.all}
    assert sorted(names.values()) == ["Cell", "Dead", "Nucleus"]
    for image_id, name in ((ids[1], "Nucleus"), (ids[2], "Dead")):
        (region,) = session.document_of(image_id).regions.values()
        assert names[region.class_id] == name
        assert session.document_of(image_id).stack.count() == 1


def test_a_file_of_many_images_is_for_all_of_them_and_parsed_once(
    exporter: ExportController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    out: Path,
    parsed: list[str],
) -> None:
    ids = open_all(session, qtbot, *pictures.series(3))
    for count, image_id in enumerate(ids, 1):
        draw(session.document_of(image_id), count)
    run(exporter, qtbot, ExportRequest(out, ("coco",)))
    for image_id in ids:
        session.document_of(image_id).stack.setIndex(0)
    found = previews(exporter, qtbot, out / "annotations_coco.json")
    assert [(p.image_id, p.objects) for p in found] == list(zip(ids, (1, 2, 3), strict=True))
    assert parsed == ["annotations_coco.json"]
    exporter.take(found, Choice())
    assert [len(session.document_of(i).regions) for i in ids] == [1, 2, 3]
    assert all(session.document_of(i).stack.index() == 1 for i in ids)
