"""Images and annotations for the tests of this folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region, ring
from core.export.plan import targets_of
from core.export.record import ExportReport
from core.export.request import ExportRequest
from core.export.writing import write_all
from core.formats import CODECS
from core.formats.picture import Picture
from core.image.model import Image
from core.progress import Ticket
from core.project.records import ImageRecord, RunRecord

WRITABLE = tuple(codec.name for codec in CODECS if codec.can_write)
OWN = ["export-report.html", "export-report.json", "manifest.json"]


def record(number: int, path: str) -> ImageRecord:
    return ImageRecord(number, path, f"hash {number}", 1, 96, 96)


RECORDS = [record(1, "a.png"), record(2, "b.tif"), record(3, "c.png")]


def square(x: float, y: float, number: int = 1, size: float = 10) -> Region:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return Region(number, ring(corners), uid=f"{number:032x}")


def annotations(image_id: int) -> AnnotationSet:
    """As many squares as the number of the image."""
    regions = tuple(square(20 * i, 0, number=i + 1) for i in range(image_id))
    return AnnotationSet(f"image {image_id}", 96, 96, regions)


def grey(width: int, height: int) -> Image:
    return Image(np.zeros((height, width, 1), np.uint8))


@dataclass(frozen=True)
class FakeSource:
    """Annotations by a function, runs by the number of their image, and grey pictures."""

    of: Callable[[int], AnnotationSet] = annotations
    originals: Sequence[Path] = ()
    known_runs: Sequence[RunRecord] = ()

    def annotations(self, image_id: int) -> AnnotationSet:
        return self.of(image_id)

    def runs(self, image_id: int) -> Sequence[RunRecord]:
        return [run for run in self.known_runs if run.image_id == image_id]

    def picture(self, image_id: int) -> Picture | None:
        size = self.of(image_id)
        return Picture(lambda: grey(size.width, size.height))


def export(
    request: ExportRequest,
    source: FakeSource | None = None,
    ticket: Ticket | None = None,
    records: Sequence[ImageRecord] = RECORDS,
) -> ExportReport:
    targets = targets_of(request, records)
    return write_all(targets, request, records, source or FakeSource(), ticket or Ticket())


def names(folder: Path) -> list[str]:
    """Files below a folder, without those about the export itself."""
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    return sorted(name for name in found if name not in OWN)
