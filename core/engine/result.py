"""What a run gives back, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.annotation.region import Region
from core.confidence import TYPICAL, Confidence
from core.engine.config import SegmentConfig

MOST_PIXELS = 64_000_000
"""Of an image whose maps are kept: half a gigabyte."""


def is_large(height: int, width: int) -> bool:
    """Whether so many pixels are taken block by block; maps of that size are not kept."""
    return height * width > MOST_PIXELS


@dataclass(frozen=True, eq=False)
class Maps:
    """The network's answer at image size; thresholds and limits act on it without another run.

    foreground, cue: (H, W) float32 in 0..1, read-only. diameter: pixels, the size of an object
    that was given or measured. Both maps are empty for a large image.
    confidence: the network's calibration. The defaults are what the network recommends; the rest
    says which one answered.
    """

    foreground: np.ndarray
    cue: np.ndarray
    model: str
    weights_sha256: str
    default_threshold: float
    default_separation: float
    diameter: float
    confidence: Confidence = TYPICAL
    default_min_confidence: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether there are maps; those of a large image would not fit in memory."""
        return self.foreground.size > 0

    @property
    def nbytes(self) -> int:
        return int(self.foreground.nbytes + self.cue.nbytes)


@dataclass(frozen=True, eq=False)
class SegmentationResult:
    """Regions of one image, with all that led to them.

    content_hash names the image. regions: ids 1..n by position, provisional until a document
    gives its own. config: with all that the network recommends and the diameter filled in.
    stages: seconds by name.
    confidence: mean over the regions by area, None without regions.
    """

    content_hash: str
    width: int
    height: int
    regions: tuple[Region, ...]
    maps: Maps
    config: SegmentConfig
    stages: Mapping[str, float]
    confidence: float | None

    @property
    def processing_time_ms(self) -> float:
        """Milliseconds from pixels to regions; loading the network is not counted."""
        return 1000 * sum(s for name, s in self.stages.items() if name != "load")


def resolved(config: SegmentConfig, maps: Maps) -> SegmentConfig:
    """`config` with what the network recommends and the measured diameter where it says None."""
    return replace(
        config,
        threshold=_chosen(config.threshold, maps.default_threshold),
        separation=_chosen(config.separation, maps.default_separation),
        min_confidence=_chosen(config.min_confidence, maps.default_min_confidence),
        diameter=_chosen(config.diameter, maps.diameter),
    )


def _chosen(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
