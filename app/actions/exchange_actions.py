"""Import and export: asks what, lets the controller work, and tells what came of it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.controllers.export import ExportController
from app.dialogs.ask import Ask
from app.dialogs.export import ExportWish
from app.dialogs.progress import Progress
from app.messages import Messages
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.tasks.exporting import ExportReport, ExportRequest
from core.formats import CODECS
from core.formats.base import Report

MOST_LINES = 4


class ExchangeActions(QObject):
    """What the File menu does for other programs' files."""

    def __init__(
        self,
        session: Session,
        exporter: ExportController,
        settings: Settings,
        ask: Ask,
        messages: Messages,
    ) -> None:
        super().__init__()
        self._session, self._exporter, self._settings = session, exporter, settings
        self._ask, self._messages = ask, messages
        self._progress = Progress(self.tr("Exporting…"), exporter.cancel)
        exporter.progressed.connect(self._on_progressed)
        exporter.exported.connect(self._on_exported)
        exporter.exists.connect(self._on_exists)
        exporter.imported.connect(self._on_imported)
        exporter.failed.connect(self._on_failed)
        exporter.cancelled.connect(self._progress.hide)

    def export(self) -> None:
        """Ask for formats, images and folder, then write."""
        current = self._session.current
        if current is None:
            return
        codecs = [codec for codec in CODECS if codec.can_write]
        count = len(self._session.records)
        wish = self._ask.export(codecs, current.name, count, self._last_wish())
        if wish is None:
            return
        self._settings.set(schema.EXPORT_FORMATS, wish.formats)
        self._settings.set(schema.EXPORT_FOLDER, str(wish.folder))
        images = () if wish.all_images else (current.id,)
        self._exporter.export(ExportRequest(wish.folder, wish.formats, images))

    def import_annotations(self) -> None:
        """Ask for a file and add what it holds to the shown image."""
        suffixes = {suffix for codec in CODECS if codec.can_read for suffix in codec.suffixes}
        start = self._settings.get(schema.FOLDER)
        if path := self._ask.annotations(start, tuple(sorted(suffixes))):
            self._exporter.import_file(path)

    def _last_wish(self) -> ExportWish:
        """What was exported last, at first our own format beside the project."""
        formats = self._settings.get(schema.EXPORT_FORMATS) or (CODECS[0].name,)
        folder = self._settings.get(schema.EXPORT_FOLDER)
        path = self._session.project_path
        beside = path.parent if path else Path.home()
        return ExportWish(formats, False, Path(folder) if folder else beside)

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, name: str) -> None:
        self._progress.show(done, total, name, self._ask.window)

    @Slot(object)
    def _on_exported(self, report: ExportReport) -> None:
        self._progress.hide()
        text, details = _shortened(str(report)), str(report)
        if report.failures:
            self._messages.warn(text, details)
        else:
            self._messages.inform(text, details)

    @Slot(object, object)
    def _on_exists(self, request: ExportRequest, paths: tuple[Path, ...]) -> None:
        """Nothing was written: files of these names are there."""
        self._progress.hide()
        if len(paths) == 1:
            text = self.tr("{} exists already in {}.").format(paths[0].name, request.folder)
        else:
            text = self.tr("{:,} of these files exist already in {}, among them {}.").format(
                len(paths), request.folder, paths[0].name
            )
        if self._ask.confirm(self.tr("Replace files?"), text, self.tr("Replace")):
            self._exporter.export(replace(request, overwrite=True))

    @Slot(str, object)
    def _on_imported(self, name: str, report: Report) -> None:
        text, details = _shortened(f"{name}: {report}"), str(report)
        if report.done < report.total:
            self._messages.warn(text, details)
        else:
            self._messages.inform(text, details)

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._progress.hide()
        self._messages.warn(problem)


def _shortened(text: str) -> str:
    """The first lines; the rest is in the details."""
    lines = text.splitlines()
    more = len(lines) - MOST_LINES
    return "\n".join(lines[:MOST_LINES] + ([f"… (+{more})"] if more > 0 else []))
