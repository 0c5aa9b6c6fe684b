from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app.actions.exchange_actions import ExchangeActions
from app.controllers.export import Refusal
from app.dialogs.export import ExportWish
from app.messages import Level, Message, Messages
from app.settings import schema
from app.settings.store import Settings
from app.tasks.importing import Choice, Preview
from core.annotation.annotation_set import AnnotationSet
from core.export.record import Change, ExportReport, FileRecord
from core.export.request import ExportRequest
from core.formats.base import Problem, Reading, Report
from tests.app.actions.fakes import FakeAsk
from tests.app.panels.fakes import FakeProject, FakeSession


class FakeExporter(QObject):
    progressed = Signal(int, int, str)
    reading = Signal(int, int, str)
    exported = Signal(object)
    exists = Signal(object, object)
    previewed = Signal(object, object)
    imported = Signal(str, object, int)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[object] = []

    def export(self, request: ExportRequest) -> None:
        self.calls.append(request)

    def read(self, paths: list[Path]) -> None:
        self.calls.append(paths)

    def take(self, previews: list[Preview], choice: Choice) -> None:
        self.calls.append((previews, choice))

    def cancel_reading(self) -> None:
        self.calls.append("cancel reading")

    def cancel(self) -> None:
        self.calls.append("cancel")


@pytest.fixture
def exporter() -> FakeExporter:
    return FakeExporter()


@pytest.fixture
def exchange(
    session: FakeSession,
    exporter: FakeExporter,
    settings: Settings,
    ask: FakeAsk,
    messages: Messages,
) -> ExchangeActions:
    session.add(7)
    session.add(8)
    session.show(8)
    return ExchangeActions(session, exporter, settings, ask, messages)  # type: ignore[arg-type]


def test_wish_becomes_a_request(
    exchange: ExchangeActions, exporter: FakeExporter, ask: FakeAsk, tmp_path: Path
) -> None:
    ask.wish = ExportWish(("json", "mask-png"), tmp_path, "this", (8,))
    exchange.export()
    ask.wish = ExportWish(("json",), tmp_path, "all", (7, 8), {"json": {"a": "b"}})
    exchange.export()
    assert exporter.calls == [
        ExportRequest(tmp_path, ("json", "mask-png"), (8,)),
        ExportRequest(tmp_path, ("json",), (7, 8), options={"json": {"a": "b"}}),
    ]
    assert [record.id for record in ask.offers[0].records] == [7, 8]
    assert ask.offers[0].current.id == 8


def test_wish_is_remembered(
    exchange: ExchangeActions, ask: FakeAsk, settings: Settings, tmp_path: Path
) -> None:
    ask.wish = ExportWish(("mask-png",), tmp_path, "all", (7, 8), {"mask-png": {"a": "b"}})
    exchange.export()
    exchange.export()
    assert ask.started[-1] == ExportWish(("mask-png",), tmp_path, options={"mask-png": {"a": "b"}})
    assert settings.get(schema.EXPORT_FOLDER) == str(tmp_path)


def test_first_wish_is_our_format_beside_the_project(
    exchange: ExchangeActions, session: FakeSession, ask: FakeAsk, tmp_path: Path
) -> None:
    session.project = FakeProject(tmp_path / "x.cellscribe")
    exchange.export()
    assert ask.started == [ExportWish(("json",), tmp_path)]


def test_no_wish_no_export(exchange: ExchangeActions, exporter: FakeExporter) -> None:
    exchange.export()
    assert exporter.calls == []


def test_files_are_replaced_only_after_a_yes(
    exchange: ExchangeActions, exporter: FakeExporter, ask: FakeAsk, tmp_path: Path
) -> None:
    request = ExportRequest(tmp_path, ("json",), (8,))
    ask.yes = False
    exporter.exists.emit(request, (tmp_path / "a.json",))
    assert exporter.calls == []
    ask.yes = True
    exporter.exists.emit(request, (tmp_path / "a.json", tmp_path / "b.json"))
    assert exporter.calls == [ExportRequest(tmp_path, ("json",), (8,), overwrite=True)]
    assert ask.questions == ["Replace files?"] * 2


def written(name: str, *changes: Change) -> FileRecord:
    return FileRecord(name, "json", ("a.png",), "ab", 9, "a reader", "all", changes=changes)


def test_report_has_counts_failures_and_details(
    exchange: ExchangeActions,
    exporter: FakeExporter,
    ask: FakeAsk,
    posted: list[Message],
    tmp_path: Path,
) -> None:
    report = ExportReport(tmp_path, 2, [written("a.json")])
    exporter.exported.emit(report)
    report.failures = [f"Cannot write {n}.json: disk full." for n in range(10)]
    exporter.exported.emit(report)
    assert posted[0].level is Level.INFO and posted[0].text.startswith("1 file for 2 images")
    assert "Each was read back by another program" in posted[0].text
    assert posted[1].level is Level.PROBLEM
    assert len(posted[1].text.splitlines()) == 5 and posted[1].text.endswith(
        "The log has the rest."
    )
    assert "Cannot write 9.json" in posted[1].details
    assert ask.reports == [report, report]


def test_a_file_that_differs_is_a_problem(
    exchange: ExchangeActions, exporter: FakeExporter, posted: list[Message], tmp_path: Path
) -> None:
    told = Change("a.png", "3", 0.9, "its hole was filled")
    exporter.exported.emit(ExportReport(tmp_path, 1, [written("a.json", told)]))
    wrong = Change("a.png", "4", 0.5, "nothing says why", announced=False)
    exporter.exported.emit(ExportReport(tmp_path, 1, [written("a.json", told, wrong)]))
    assert [m.level for m in posted] == [Level.INFO, Level.PROBLEM]
    assert "object 4 differs from yours" in posted[1].text


READ = AnnotationSet("8.png", 9, 9)
FOUND = Preview(Path("a.json"), 8, "8.png", "JSON", Reading(READ, Report(3, 3)), ())


def test_import_asks_what_to_take(
    exchange: ExchangeActions, exporter: FakeExporter, ask: FakeAsk, tmp_path: Path
) -> None:
    ask.paths = [tmp_path / "a.json", tmp_path / "b.json"]
    exchange.import_annotations()
    assert exporter.calls == [[tmp_path / "a.json", tmp_path / "b.json"]]
    ask.choice = Choice(False, {"Nucleus": 0})
    exporter.previewed.emit([FOUND], [])
    assert exporter.calls[1:] == [([FOUND], Choice(False, {"Nucleus": 0}))]
    ask.choice = None
    exporter.previewed.emit([FOUND], [])
    assert len(exporter.calls) == 2 and len(ask.previews) == 2


def test_what_cannot_be_read_at_all_is_told_and_not_asked_about(
    exchange: ExchangeActions, exporter: FakeExporter, ask: FakeAsk, posted: list[Message]
) -> None:
    exporter.previewed.emit([], [Refusal(Path("a.json"), "Cannot read a.json: it is torn.")])
    assert posted[0].level is Level.PROBLEM and "it is torn" in posted[0].text
    assert ask.previews == [] and exporter.calls == []


def test_of_many_refused_files_each_is_in_the_log(
    exchange: ExchangeActions, exporter: FakeExporter, caplog: pytest.LogCaptureFixture
) -> None:
    sentences = [f"Cannot read {number}.json: it is torn." for number in range(9)]
    exporter.previewed.emit([], [Refusal(Path("a.json"), sentence) for sentence in sentences])
    assert all(sentence in caplog.text for sentence in sentences)


def test_import_tells_what_came_and_what_did_not(
    exchange: ExchangeActions, exporter: FakeExporter, posted: list[Message]
) -> None:
    exporter.imported.emit("a.json", Report(3, 3), 3)
    exporter.imported.emit("a.json", Report(3, 2, problems=(Problem("2", "it has no area"),)), 2)
    exporter.failed.emit("Cannot read a.json.")
    assert [m.level for m in posted] == [Level.INFO, Level.PROBLEM, Level.PROBLEM]
    exporter.imported.emit("a.json", Report(1, 1), 1)
    assert "3 objects were added" in posted[0].text
    assert posted[3].text == "a.json: 1 object was added."
    assert "Object 2: it has no area" in posted[1].text


def test_dropped_annotations_are_imported_and_the_rest_is_handed_back(
    exchange: ExchangeActions, exporter: FakeExporter, tmp_path: Path
) -> None:
    for name in ("a.json", "b.png", "c.zip"):
        (tmp_path / name).write_bytes(b"")
    paths = [tmp_path / name for name in ("a.json", "b.png", "c.zip")]
    assert exchange.import_dropped(paths) == [tmp_path / "b.png"]
    assert exporter.calls == [[tmp_path / "a.json", tmp_path / "c.zip"]]
    assert exchange.import_dropped([tmp_path / "b.png"]) == [tmp_path / "b.png"]
    assert len(exporter.calls) == 1


def test_long_export_can_be_stopped(
    exchange: ExchangeActions, exporter: FakeExporter, qtbot: object
) -> None:
    exporter.progressed.emit(1, 9, "a.json")
    dialog = exchange._progress.dialog
    assert dialog is not None and dialog.labelText() == "a.json"
    dialog.canceled.emit()
    assert exporter.calls == ["cancel"]
    exporter.progressed.emit(2, 9, "b.json")
    exporter.failed.emit("Disk full.")
    assert exchange._progress.dialog is None
    exporter.progressed.emit(1, 9, "a.json")
    assert exchange._progress.dialog is not None
    exporter.cancelled.emit()  # the project is closed
    assert exchange._progress.dialog is None
