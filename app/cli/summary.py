"""summary.csv beside the results of `cellscribe segment`: a row for each input."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.export.manifest import ManifestImage
from core.files import write_bytes
from core.image.source import FIRST, Plane

SUMMARY = "summary.csv"
COLUMNS = (
    "image",
    "objects",
    "total_area_px2",
    "mean_area_px2",
    "confidence",
    "diameter_px",
    "seconds",
    "problem",
    "plane",
    "output",
)


@dataclass(frozen=True)
class Row:
    """What became of one input; `problem` is empty when all went well.

    path: as it was given. name: for the screen. diameter: of a typical object in pixels, as it was
    measured or given. entry: for the manifest. output: the name of its JSON file, "" without one.
    """

    path: Path
    name: str
    objects: int = 0
    area: float = 0.0
    confidence: float | None = None
    diameter: float | None = None
    seconds: float = 0.0
    problem: str = ""
    plane: Plane = FIRST
    entry: ManifestImage | None = None
    output: str = ""


def write_summary(folder: Path, rows: Sequence[Row]) -> None:
    """A table of all inputs, also of those that failed; replaced by the next run."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(map(_cells, rows))
    write_bytes(folder / SUMMARY, text.getvalue().encode())


def _cells(row: Row) -> tuple[object, ...]:
    """What stands in the columns of one row."""
    mean = f"{row.area / row.objects:.2f}" if row.objects else ""
    sure = "" if row.confidence is None else f"{row.confidence:.4f}"
    size = "" if row.diameter is None else f"{row.diameter:.1f}"
    area, seconds = f"{row.area:.2f}", f"{row.seconds:.3f}"
    numbers = (row.objects, area, mean, sure, size, seconds)
    return row.path, *numbers, row.problem, row.plane.label(), row.output
