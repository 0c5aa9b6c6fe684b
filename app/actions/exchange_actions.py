"""Import and export: asks what, lets the controller work, and tells what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.controllers.export import ExportController, Refusal
from app.dialogs.ask import Ask
from app.dialogs.export import ExportOffer, ExportWish
from app.dialogs.progress import Progress
from app.messages import Messages
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.tasks.importing import Preview, annotation_files
from core.export.record import ExportReport
from core.export.request import ExportRequest
from core.formats import CODECS
from core.formats.base import Report


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
        self._reading = Progress(self.tr("Reading…"), exporter.cancel_reading)
        self._wish: ExportWish | None = None
        exporter.progressed.connect(self._on_progressed)
        exporter.reading.connect(self._on_reading)
        exporter.exported.connect(self._on_exported)
        exporter.exists.connect(self._on_exists)
        exporter.previewed.connect(self._on_previewed)
        exporter.imported.connect(self._on_imported)
        exporter.failed.connect(self._on_failed)
        exporter.cancelled.connect(self._progress.hide)

    def export(self) -> None:
        """Ask for formats, images and folder, then write."""
        current = self._session.current
        if current is None:
            return
        codecs = [codec for codec in CODECS if codec.can_write]
        largest = self._session.largest_ids()
        offer = ExportOffer(codecs, list(self._session.records), current, largest)
        wish = self._ask.export(offer, self._last_wish())
        if wish is None:
            return
        self._wish = wish
        self._settings.set(schema.EXPORT_FORMATS, wish.formats)
        self._settings.set(schema.EXPORT_FOLDER, str(wish.folder))
        self._exporter.export(wish.request)

    def import_annotations(self) -> None:
        """Ask for files, then for what to take of what they hold."""
        suffixes = {suffix for codec in CODECS if codec.can_read for suffix in codec.suffixes}
        start = self._settings.get(schema.FOLDER)
        if paths := self._ask.annotations(start, tuple(sorted(suffixes))):
            self._exporter.read(paths)

    def import_dropped(self, paths: Sequence[Path]) -> list[Path]:
        """Import those files that hold annotations; returns the others, to be opened."""
        held = annotation_files(paths, self._session.records)
        if held:
            self._exporter.read(held)
        others = set(paths).difference(held)
        return [path for path in paths if path in others]

    def _last_wish(self) -> ExportWish:
        """What was exported last, at first our own format of this image beside the project."""
        path = self._session.project_path
        folder = self._settings.get(schema.EXPORT_FOLDER)
        beside = path.parent if path else Path.home()
        formats = self._settings.get(schema.EXPORT_FORMATS) or (CODECS[0].name,)
        wish = self._wish or ExportWish(formats, beside)
        return replace(wish, folder=Path(folder) if folder else beside, which="this", chosen=())

    @Slot(int, int, str)
    def _on_reading(self, done: int, total: int, name: str) -> None:
        self._reading.show(done, total, name, self._ask.window)

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, name: str) -> None:
        self._progress.show(done, total, name, self._ask.window)

    @Slot(object)
    def _on_exported(self, report: ExportReport) -> None:
        self._progress.hide()
        if report.is_good:
            self._messages.inform(str(report).splitlines()[0], str(report))
        else:
            self._messages.warn(str(report), str(report))
        self._ask.show_export(report)

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

    @Slot(object, object)
    def _on_previewed(self, previews: list[Preview], refusals: list[Refusal]) -> None:
        self._reading.hide()
        refused = [(refusal.path, refusal.sentence) for refusal in refusals]
        if not previews:
            self._messages.warn("\n".join(sentence for _, sentence in refused))
            return
        choice = self._ask.what_to_import(previews, refused, self._session.classes.all)
        if choice is not None:
            self._exporter.take(previews, choice)

    @Slot(str, object, int)
    def _on_imported(self, name: str, report: Report, taken: int) -> None:
        one, more = self.tr("{}: 1 object was added."), self.tr("{}: {:,} objects were added.")
        head = (one if taken == 1 else more).format(name, taken)
        text, details = f"{head}\n{report}", str(report)
        if report.done < report.total:
            self._messages.warn(text, details)
        else:
            self._messages.inform(head if not report.problems else text, details)

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._progress.hide()
        self._reading.hide()
        self._messages.warn(problem)
