"""AnnotationSet: everything known about one image, frozen, for codecs and exports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.annotation.classes import DEFAULT_CLASSES, LabelClass
from core.annotation.region import Region


@dataclass(frozen=True)
class RunInfo:
    """The model run that the annotations started from."""

    model: str
    threshold: float
    processing_time_ms: float


@dataclass(frozen=True, eq=False)
class AnnotationSet:
    """Regions of one image (sorted by id) with the image's name, size and scale.

    width, height: pixels of the decoded image. scene, t, z: its place in its file, counted from 0;
    z is -1 for what is brightest over all focal planes. extra: unknown top-level keys of the file
    it was read from, written back unchanged.
    """

    image_name: str
    width: int
    height: int
    regions: tuple[Region, ...] = ()
    classes: tuple[LabelClass, ...] = DEFAULT_CLASSES
    pixel_size_um: float | None = None
    content_hash: str = ""
    run: RunInfo | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    t: int = 0
    z: int = 0
    scene: int = 0


def mean_confidence(regions: Sequence[Region]) -> float | None:
    """Mean of the known confidences, weighted by area; None when none is known."""
    known = [(r.confidence, r.area) for r in regions if r.confidence is not None]
    total = sum(area for _, area in known)
    return sum(c * area for c, area in known) / total if total > 0 else None


def run_behind(regions: Iterable[Region], runs: Sequence[RunInfo]) -> RunInfo | None:
    """The newest of `runs` (oldest first) that some of the regions are from, not an undone one.

    Without a region of a network the last run: it may have found nothing. None without runs.
    """
    made = {(r.origin.model, r.origin.threshold) for r in regions if r.origin.kind == "model"}
    if not made:
        return runs[-1] if runs else None
    return next((run for run in reversed(runs) if (run.model, run.threshold) in made), None)
