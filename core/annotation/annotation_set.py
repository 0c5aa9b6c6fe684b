"""AnnotationSet: everything known about one image, frozen, for codecs and exports."""

from collections.abc import Mapping, Sequence
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

    width, height: pixels of the decoded image. extra: unknown top-level keys of the file it was
    read from, written back unchanged.
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


def mean_confidence(regions: Sequence[Region]) -> float | None:
    """Mean of the known confidences, weighted by area; None when none is known."""
    known = [(r.confidence, r.area) for r in regions if r.confidence is not None]
    total = sum(area for _, area in known)
    return sum(c * area for c, area in known) / total if total > 0 else None
