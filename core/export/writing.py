"""Writing all files of an export: whole or not at all, each read back before it is put in place."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from core.errors import CannotWrite, CellscribeError, cannot_write_into, reason
from core.export.certify import certify
from core.export.manifest import ManifestFile, ManifestImage, image_entry, manifest_bytes
from core.export.page import page
from core.export.plan import MANIFEST, OWN_FILES, PAGE, REPORT, Target, chosen_of
from core.export.record import ExportReport, FileRecord
from core.export.report_json import report_bytes
from core.export.request import ExportRequest
from core.export.source import Source
from core.export.workshop import workshop_in
from core.files import swap_in, sync_folder, write_bytes
from core.formats.naming import check_no_image
from core.progress import Ticket
from core.project.records import ImageRecord


def existing_files(targets: Sequence[Target], folder: Path) -> tuple[Path, ...]:
    """What an export would replace; raises CannotWrite where nobody lets us look."""
    names = [*(target.name for target in targets), *OWN_FILES]
    try:
        return tuple(path for name in names if (path := folder / name).exists())
    except OSError as error:
        raise cannot_write_into(folder, error) from error


def write_all(
    targets: Sequence[Target],
    request: ExportRequest,
    records: Sequence[ImageRecord],
    source: Source,
    ticket: Ticket,
) -> ExportReport:
    """Write all targets; one that fails does not stop the others, a cancel leaves no file.

    records: of the images. Raises CannotWrite when nothing can be written.
    """
    report = ExportReport(request.folder, len(chosen_of(request, records)))
    in_the_way = existing_files(targets, request.folder)
    if in_the_way and not request.overwrite:
        report.existing = in_the_way
        return report
    with workshop_in(request.folder) as workshop:
        drafts = _drafts(targets, workshop, source, report, ticket)
        images = _images(chosen_of(request, records), source, ticket)
        ticket.step(len(targets), len(targets), "moving into place")
        for record in drafts:
            if _put(workshop, record.name, report):
                report.files.append(record)
        if report.files:
            _put_own(workshop, report, images)
    for folder in {path.parent for path in report.paths()}:
        sync_folder(folder)
    return report


def _drafts(
    targets: Sequence[Target], workshop: Path, source: Source, report: ExportReport, ticket: Ticket
) -> list[FileRecord]:
    """Write the files into the workshop and read them back; what fails goes to the report."""
    kept = {path.resolve() for path in source.originals}
    records = []
    for number, target in enumerate(targets):
        ticket.step(number, len(targets), target.name)
        try:
            records.append(_draft(target, workshop, source, report.folder, kept))
        except CellscribeError as error:
            report.failures.append(str(error).replace(str(workshop), str(report.folder)))
        except OSError as error:
            report.failures.append(f"Cannot write {report.folder / target.name}: {reason(error)}.")
    return records


def _draft(
    target: Target, workshop: Path, source: Source, folder: Path, kept: Collection[Path]
) -> FileRecord:
    check_no_image(folder / target.name, kept)
    sets = [source.annotations(image_id) for image_id in target.image_ids]
    wants = target.codec.wants_pictures and not target.companion
    pictures = [source.picture(i) if wants else None for i in target.image_ids]
    path = workshop / target.name
    return certify(path, target, sets, target.write(path, sets, pictures))


def _images(records: Sequence[ImageRecord], source: Source, ticket: Ticket) -> list[ManifestImage]:
    images = []
    for record in records:
        ticket.check()
        images.append(image_entry(record, source.annotations(record.id), source.runs(record.id)))
    return images


def _put(workshop: Path, name: str, report: ExportReport) -> bool:
    """Move a file from the workshop to its place; whether that worked."""
    target = report.folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if (workshop / name).is_dir():
            swap_in(workshop / name, target, workshop / f"{target.name}.old")
        else:
            (workshop / name).replace(target)
    except OSError as error:  # open in another program, or a folder
        report.failures.append(f"Cannot replace {target}: {reason(error)}.")
        return False
    return True


def _put_own(workshop: Path, report: ExportReport, images: Sequence[ManifestImage]) -> None:
    """The manifest, the certificate and its page, which tell what is in place."""
    files = [ManifestFile(r.name, r.format, r.sha256) for r in report.files]
    makers: dict[str, Callable[[], bytes]] = {
        MANIFEST: lambda: manifest_bytes(images, files),
        REPORT: lambda: report_bytes(report),
        PAGE: lambda: page(report),
    }
    for name, make in makers.items():
        try:
            write_bytes(workshop / name, make())
        except CannotWrite as error:
            report.failures.append(str(error).replace(str(workshop), str(report.folder)))
        else:
            _put(workshop, name, report)
