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
from app.tasks.exporting import ExportReport, ExportRequest
from app.tasks.runner import Runner
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.classes import LabelClass
from core.formats import codec_named
from core.formats.base import Codec
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.store import Project
from tests.app.samples import Pictures, open_all, opened, square


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
    monkeypatch.setattr(Codec, "write", lambda *args: gate.wait() and write(*args))
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
    assert paths == (out / "a.json",)
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

    def slow(*args):  # type: ignore[no-untyped-def]
        began.set()
        gate.wait()
        return write(*args)

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
    assert len(run(exporter, qtbot, ExportRequest(out, ("json",))).written) == 3


def test_requests_that_cannot_be_met(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    said: list[str] = []
    exporter.failed.connect(said.append)
    exporter.export(ExportRequest(out, ("json",)))
    exporter.import_file(out / "a.json")
    assert ["open an image first" in said[0], "open that first" in said[1]] == [True, True]
    opened(session, qtbot, pictures.discs("a.png"))
    exporter.export(ExportRequest(out, ("doc",)))
    assert "no format 'doc'" in said[2]
    exporter.export(ExportRequest(out / "missing", ("json",)))
    exporter.import_file(out / "missing.json")
    qtbot.waitUntil(lambda: len(said) == 5)
    assert all("missing" in sentence for sentence in said[3:])
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
    with qtbot.waitSignal(exporter.imported) as imported:
        exporter.import_file(out / "img1.json")
        session.show(second)
    name, report = imported.args
    assert (name, report.done, report.total) == ("img1.json", 3, 3)
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
    with qtbot.waitSignal(exporter.imported) as imported:
        exporter.import_file(out / "a.json")
    assert imported.args[1].total == 0
    assert shown_document(session).stack.count() == 0


def test_classes_that_change_meanwhile_are_not_mixed_up(
    exporter: ExportController, session: Session, pictures: Pictures, qtbot: QtBot, out: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    document = shown_document(session)
    draw(document, 1)
    run(exporter, qtbot, ExportRequest(out, ("json",)))
    with qtbot.waitSignal(exporter.failed) as failed:
        exporter.import_file(out / "a.json")
        old = session.classes.find(0)
        perform(document, Delta("Rename", {}, {}, {0: old}, {0: replace(old, name="Dead")}))
    assert "import it again" in failed.args[0]
    assert len(document.regions) == 1
