"""How one image lies within a Leica LIF file, from its XML element."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from core.errors import UnreadableImage
from core.image.pixel_size import micrometres
from core.image.source import Channel, Rgb

_AXES = {1: "X", 2: "Y", 3: "Z", 4: "T", 5: "λ", 6: "A", 7: "N", 8: "Q", 9: "Λ", 10: "M", 11: "L"}
_TABLES: Mapping[str, Rgb] = {
    "Red": (255, 0, 0),
    "Green": (0, 255, 0),
    "Blue": (0, 0, 255),
    "Cyan": (0, 255, 255),
    "Magenta": (255, 0, 255),
    "Yellow": (255, 255, 0),
}
_RGB_TAGS = [1, 2, 3]
_KINDS = {(0, 1): "u1", (0, 2): "<u2", (0, 4): "<u4", (1, 2): "<f2", (1, 4): "<f4", (1, 8): "<f8"}
_MOST_AXES = 16


@dataclass(frozen=True)
class LifAxis:
    """size: places; stride: bytes from one to the next; step: units from one to the next."""

    name: str
    size: int
    stride: int
    origin: float
    step: float
    unit: str

    @property
    def step_um(self) -> float | None:
        scale = micrometres(self.unit)
        return None if scale is None or self.step == 0 else float(f"{abs(self.step) * scale:.12g}")

    def wavelength(self, place: int) -> str:
        """What is measured at a place of an axis of wavelengths, "" when that is not told."""
        length = self.origin + place * self.step
        return f"{length * 1e9:g} nm" if self.unit == "m" else ""


@dataclass(frozen=True)
class LifChannel:
    """offset: bytes from the start of the image; tag: 1, 2, 3 for red, green, blue, else 0."""

    offset: int
    dtype: np.dtype[Any]
    tag: int
    told: Channel


@dataclass(frozen=True)
class LifImage:
    """axes: by name, slowest first; channels: red, green, blue where they are colours."""

    axes: dict[str, LifAxis]
    channels: tuple[LifChannel, ...]
    is_rgb: bool

    @property
    def sizes(self) -> dict[str, int]:
        return {name: axis.size for name, axis in self.axes.items()}

    @property
    def rows(self) -> str:
        """The axis that is shown downwards: of a scan along a line, focus or time."""
        return next((name for name in "YZT" if name in self.axes), "")

    @property
    def extent(self) -> int:
        """Bytes from the first value to the end of the last one."""
        span = sum((axis.size - 1) * axis.stride for axis in self.axes.values())
        return span + max(c.offset + c.dtype.itemsize for c in self.channels)


def read_lif_image(element: Element) -> LifImage | None:
    """None for an element that is no picture; raises whatever odd attributes raise."""
    description = element.find("./Data/Image/ImageDescription")
    if description is None:
        return None
    axes = [_axis(e) for e in description.iterfind("./Dimensions/DimensionDescription")]
    channels = [_channel(e) for e in description.iterfind("./Channels/ChannelDescription")]
    is_rgb = sorted(channel.tag for channel in channels) == _RGB_TAGS
    if is_rgb:
        channels = [LifChannel(c.offset, c.dtype, c.tag, Channel()) for c in channels]
        channels.sort(key=lambda channel: channel.tag)
    axes.sort(key=lambda axis: axis.stride, reverse=True)
    image = LifImage({axis.name: axis for axis in axes}, tuple(channels), is_rgb)
    if not channels or "X" not in image.axes or not image.rows:
        return None
    _check(image, axes)
    return image


def _axis(element: Element) -> LifAxis:
    told = element.attrib
    size = int(told["NumberOfElements"])
    # The length reaches from the middle of the first pixel to the middle of the last one.
    step = float(told["Length"]) / (size - 1) if size > 1 else 0.0
    return LifAxis(
        _AXES.get(int(told["DimID"]), "?"),
        size,
        int(told["BytesInc"]),
        float(told["Origin"]),
        step,
        told["Unit"],
    )


def _channel(element: Element) -> LifChannel:
    told = element.attrib
    bits = int(told["Resolution"])
    size = next((size for size in (1, 2, 4, 8) if 0 < bits <= 8 * size), 0)
    kind = _KINDS.get((int(told["DataType"]), size))
    if kind is None:
        raise UnreadableImage("its values are not plain numbers; export it as OME-TIFF")
    tag = int(told["ChannelTag"])
    color = _TABLES.get(told.get("LUTName", ""))
    told_channel = Channel(_dye(element), color)
    return LifChannel(int(told["BytesInc"]), np.dtype(kind), tag, told_channel)


def _dye(element: Element) -> str:
    """The name of a dye, where one was chosen."""
    told = {p.findtext("Key"): p.findtext("Value") for p in element.iterfind("ChannelProperty")}
    return told.get("DyeName") or ""


def _check(image: LifImage, axes: list[LifAxis]) -> None:
    """Refuse what no microscope writes: axes of the same name, or that lie outside."""
    sizes = [axis.size for axis in axes]
    strides = [axis.stride for axis in axes] + [channel.offset for channel in image.channels]
    same = len(image.axes) < len(axes) or len(axes) > _MOST_AXES
    if same or min(sizes) < 1 or min(strides) < 0 or prod(sizes) >= 2**62:
        raise UnreadableImage("it is damaged or cut short; copy it again from its source")
