from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app.actions.exchange_actions import ExchangeActions
from app.dialogs.export import ExportWish
from app.messages import Level, Message, Messages
from app.settings import schema
from app.settings.store import Settings
from app.tasks.exporting import ExportReport, ExportRequest, Written
from core.formats.base import Problem, Report
from tests.app.actions.fakes import FakeAsk
from tests.app.panels.fakes import FakeProject, FakeSession


class FakeExporter(QObject):
    progressed = Signal(int, int, str)
    exported = Signal(object)
    exists = Signal(object, object)
    imported = Signal(str, object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[object] = []

    def export(self, request: ExportRequest) -> None:
        self.calls.append(request)

    def import_file(self, path: Path) -> None:
        self.calls.append(path)

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
    ask.wish = ExportWish(("json", "mask-png"), False, tmp_path)
    exchange.export()
    ask.wish = ExportWish(("json",), True, tmp_path)
    exchange.export()
    assert exporter.calls == [
        ExportRequest(tmp_path, ("json", "mask-png"), (8,)),
        ExportRequest(tmp_path, ("json",), ()),
    ]


def test_wish_is_remembered(
    exchange: ExchangeActions, ask: FakeAsk, settings: Settings, tmp_path: Path
) -> None:
    ask.wish = ExportWish(("mask-png",), True, tmp_path)
    exchange.export()
    exchange.export()
    assert ask.started[-1] == ExportWish(("mask-png",), False, tmp_path)
    assert settings.get(schema.EXPORT_FOLDER) == str(tmp_path)


def test_first_wish_is_our_format_beside_the_project(
    exchange: ExchangeActions, session: FakeSession, ask: FakeAsk, tmp_path: Path
) -> None:
    session.project = FakeProject(tmp_path / "x.cellscribe")
    exchange.export()
    assert ask.started == [ExportWish(("json",), False, tmp_path)]


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


def test_report_has_counts_failures_and_details(
    exchange: ExchangeActions, exporter: FakeExporter, posted: list[Message], tmp_path: Path
) -> None:
    report = ExportReport(tmp_path, 2, [Written(tmp_path / "a.json", Report(3, 3))])
    exporter.exported.emit(report)
    report.failures = [f"Cannot write {n}.json: disk full." for n in range(10)]
    exporter.exported.emit(report)
    assert posted[0].level is Level.INFO and posted[0].text.startswith("1 files for 2 images")
    assert posted[1].level is Level.PROBLEM
    assert len(posted[1].text.splitlines()) == 5 and posted[1].text.endswith("… (+7)")
    assert "Cannot write 9.json" in posted[1].details


def test_import_tells_what_came_and_what_did_not(
    exchange: ExchangeActions,
    exporter: FakeExporter,
    ask: FakeAsk,
    posted: list[Message],
    tmp_path: Path,
) -> None:
    ask.paths = [tmp_path / "a.json"]
    exchange.import_annotations()
    assert exporter.calls == [tmp_path / "a.json"]
    exporter.imported.emit("a.json", Report(3, 3))
    exporter.imported.emit("a.json", Report(3, 2, problems=(Problem("2", "it has no area"),)))
    exporter.failed.emit("Cannot read a.json.")
    assert [m.level for m in posted] == [Level.INFO, Level.PROBLEM, Level.PROBLEM]
    assert "Object 2: it has no area" in posted[1].text


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
