"""A session without files and threads, for the tests of what only shows things."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.classes import ClassTable
from app.document.document import Document
from app.document.selection import Selection
from app.tasks.runner import Then, Work, _outcome_of
from core.annotation.classes import PALETTE, LabelClass
from core.annotation.region import Origin, Region, ring
from core.image.model import Image
from core.image.source import FIRST
from core.progress import Ticket
from core.project.records import ImageRecord, Status

MODEL = Origin("model", "hrnet", "ab" * 32, 0.5)
CLASSES = tuple(
    LabelClass(n, name, PALETTE[n]) for n, name in enumerate(("Cell", "Mitotic", "Dead"))
)


@dataclass
class FakeProject:
    path: Path
    read_only: bool = False
    settings: dict[str, object] = field(default_factory=dict)

    def setting(self, key: str) -> object:
        return self.settings.get(key)

    def set_setting(self, key: str, value: object) -> None:
        self.settings[key] = value


class FakeSession(QObject):
    """Has the signals and attributes of Session; `show` is remembered, and shows at once."""

    images_changed = Signal()
    shown_changed = Signal(object)
    loading = Signal(object)
    opening = Signal(bool)
    adding = Signal(int, int)
    calibrated = Signal(object)
    pixel_size_changed = Signal(frozenset)
    problem = Signal(str)
    project_changed = Signal()
    project_left = Signal()
    saved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.classes, self.selection = ClassTable(CLASSES), Selection()
        self.records: list[ImageRecord] = []
        self.documents: dict[int, Document] = {}
        self.image: Image | None = None
        self.document: Document | None = None
        self.wanted = 0
        self.project: FakeProject | None = None
        self.saving = False
        self.displays: dict[str, object] = {}
        self.asked: list[object] = []

    @property
    def project_path(self) -> Path | None:
        return self.project.path if self.project else None

    @property
    def current(self) -> ImageRecord | None:
        return self.record(self.document.image_id) if self.document else None

    def record(self, image_id: int) -> ImageRecord:
        return {record.id: record for record in self.records}[image_id]

    @property
    def has_planes(self) -> bool:
        return any(record.plane != FIRST for record in self.records)

    def walk_along(self, ids: Callable[[], list[int]]) -> None:
        self.walk = ids

    def cancel_opening(self) -> None:
        self.asked.append("cancel opening")

    def why_unreadable(self, image_id: int) -> str:
        return ""

    def count_of(self, image_id: int) -> int:
        document = self.documents.get(image_id)
        return len(document.regions) if document else 0

    def largest_ids(self) -> dict[int, int]:
        return {i: max(d.regions, default=0) for i, d in self.documents.items()}

    def add(self, image_id: int, regions: Iterable[Region] = (), **facts: object) -> Document:
        """Add an image of 100 x 80 pixels with these regions."""
        record = ImageRecord(image_id, f"img{image_id}.png", "", 0, 100, 80, **facts)  # type: ignore[arg-type]
        self.records.append(record)
        known = {region.id: region for region in regions}
        self.documents[image_id] = Document(image_id, 100, 80, known, self.classes)
        self.images_changed.emit()
        return self.documents[image_id]

    def show(self, image_id: int) -> None:
        self.asked.append(image_id)
        self.wanted = image_id
        self.document = self.documents[image_id]
        self.image = Image(np.zeros((80, 100, 1), np.uint8), path=Path(self.record(image_id).name))
        self.selection.clear()
        self.shown_changed.emit(self.image)

    def leave(self) -> None:
        """The project is closed."""
        self.records, self.documents, self.document, self.image = [], {}, None, None
        self.wanted = 0
        self.project_left.emit()
        self.shown_changed.emit(None)
        self.images_changed.emit()

    def write(self, change: Callable[[FakeProject], None]) -> None:
        assert self.project
        change(self.project)

    def start_job(self, work: Work, then: Then) -> int:
        """Done at once."""
        then(_outcome_of(1, work, Ticket()))
        return 1

    def set_status(self, image_id: int, status: Status) -> None:
        self.asked.append((image_id, status))


def box(number: int, side: float = 10, **facts: object) -> Region:
    """A square of `side` pixels."""
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    return Region(number, ring(corners), **facts)  # type: ignore[arg-type]
