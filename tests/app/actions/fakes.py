"""Stand-ins for what actions talk to; they remember what they were asked."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.dialogs.ask import Ask
from app.dialogs.export import ExportOffer, ExportWish
from app.dialogs.pixel_size import PixelSizeWish
from app.tasks.importing import Choice, Preview
from core.engine.config import SegmentConfig
from core.export.record import ExportReport


class FakeAsk(Ask):
    """Answers from lists, and counts the questions."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []
        self.yes = True
        self.questions: list[str] = []
        self.size: PixelSizeWish | None = None
        self.wish: ExportWish | None = None
        self.started: list[ExportWish] = []
        self.offers: list[ExportOffer] = []
        self.reports: list[ExportReport] = []
        self.previews: list[Sequence[Preview]] = []
        self.choice: Choice | None = Choice()

    def _one(self) -> Path | None:
        return self.paths.pop(0) if self.paths else None

    def images(self, start: str) -> list[Path]:
        chosen, self.paths = self.paths, []
        return chosen

    def folder(self, title: str, start: str) -> Path | None:
        return self._one()

    def project(self, start: str) -> Path | None:
        return self._one()

    def new_project(self, start: str) -> Path | None:
        return self._one()

    def annotations(self, start: str, suffixes: tuple[str, ...]) -> list[Path]:
        chosen, self.paths = self.paths, []
        return chosen

    def what_to_import(
        self, previews: Sequence[Preview], refused: object, classes: object
    ) -> Choice | None:
        self.previews.append(previews)
        return self.choice

    def export(self, offer: ExportOffer, start: ExportWish) -> ExportWish | None:
        self.offers.append(offer)
        self.started.append(start)
        return self.wish

    def show_export(self, report: ExportReport) -> None:
        self.reports.append(report)

    def pixel_size(self, name: str, micrometres: float | None, count: int) -> PixelSizeWish | None:
        self.questions.append(f"{name} {micrometres} {count}")
        return self.size

    def confirm(self, title: str, text: str, yes: str) -> bool:
        self.questions.append(title)
        return self.yes


class FakeCanvas(QObject):
    """The part of the canvas that actions use."""

    tool_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []
        self.tool = "select"

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.calls.append((name, *arguments))


class FakeController(QObject):
    """The part of the segmentation controller that actions use."""

    started = Signal(int)
    progressed = Signal(int, int, int, str)
    finished = Signal(int, int, float)
    failed = Signal(int, str)
    adjusting_failed = Signal(int, str)
    adjusted = Signal(int, int)
    cancelled = Signal(int)
    maps_available = Signal(int, bool)
    warned = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []
        self.busy = False
        self.known: dict[int, SegmentConfig] = {}
        self.measured: dict[int, float] = {}

    def limits(self, image_id: int) -> SegmentConfig | None:
        return self.known.get(image_id)

    def measured_diameter(self, image_id: int) -> float | None:
        return self.measured.get(image_id)

    def segment_current(self, config: object) -> None:
        self.calls.append(("segment_current", config))

    def segment_planes(self, config: object) -> int:
        self.calls.append(("segment_planes", config))
        return 3

    def segment_all(self, config: object) -> None:
        self.calls.append(("segment_all", config))

    def cancel(self) -> None:
        self.calls.append(("cancel",))

    def adjust(self, limits: object, final: bool) -> None:
        self.calls.append(("adjust", limits, final))
