"""What a run is asked to do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from core.errors import UsageError

DIAMETERS = (1.0, 10_000.0)
"""Pixels: the smallest and the largest size of an object."""


@dataclass(frozen=True)
class SegmentConfig:
    """Settings of one run; None means: what the network's manifest entry recommends.

    model: the default is the network that measures best (resources/decisions/0006).
    threshold: foreground probability from which a pixel belongs to an object, 0..1.
    separation: weight of the parts of what touches against the whole, 0..1; higher splits more.
    min_confidence: objects less likely than this to be one are dropped, 0..1.
    min_area, max_area: square pixels, objects outside are dropped.
    exclude_border: objects that the edge of the image cuts are dropped. fill_holes: holes up to
    this many square pixels are filled. detail: tolerance of the outline, pixels. diameter: typical
    size of an object in pixels, to which the image is rescaled; None: measured in a first look.
    device: "auto", "cpu", "cuda", "cuda:0" or "mps"; auto takes the fastest that there is.
    channels: which ones the network sees, from 0; several are joined by their brightest; none:
    the colours of a colour image, else the first channel.
    """

    model: str = "resunet_advanced"
    threshold: float | None = None
    separation: float | None = None
    min_confidence: float | None = None
    min_area: float = 20.0
    max_area: float | None = None
    exclude_border: bool = False
    fill_holes: float = 0.0
    detail: float = 0.35
    diameter: float | None = None
    device: str = "auto"
    channels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _within("threshold", self.threshold, 0, 1)
        _within("separation", self.separation, 0, 1)
        _within("confidence", self.min_confidence, 0, 1)
        _at_least("minimum area", self.min_area, 0)
        _at_least("maximum area", self.max_area, self.min_area, ", the smallest area")
        _at_least("hole size", self.fill_holes, 0)
        _within("detail", self.detail, 0, 10)
        _within("diameter", self.diameter, *DIAMETERS)
        if min(self.channels, default=0) < 0 or len(set(self.channels)) < len(self.channels):
            numbers = ", ".join(str(channel + 1) for channel in self.channels)
            raise UsageError(f"The channels are {numbers}; name each once, counted from 1.")


def settings_hash(settings: Mapping[str, object]) -> str:
    """The same for equal settings of a run; on which device it ran plays no part."""
    told = {name: value for name, value in settings.items() if name != "device"}
    text = msgspec.json.encode(told, order="sorted")
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def _within(name: str, value: float | None, low: float, high: float) -> None:
    """Refuse a value outside low..high; the comparison also refuses NaN."""
    if value is not None and not low <= value <= high:
        raise UsageError(f"The {name} is {value}; it must lie between {low:g} and {high:g}.")


def _at_least(name: str, value: float | None, low: float, why: str = "") -> None:
    """Refuse a value below `low`, and NaN."""
    if value is not None and not low <= value:
        raise UsageError(f"The {name} is {value}; it must be at least {low:g}{why}.")
