"""What OME-XML says of its images: names, channels, sizes."""

import math
from dataclasses import dataclass
from xml.etree import ElementTree

from core.image.pixel_size import Sizes, both, micrometres
from core.image.source import Channel, Rgb

_SECONDS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class OmeImage:
    """One Image element; lengths in micrometres, None when it does not say."""

    name: str = ""
    sizes: Sizes | None = None
    z_step_um: float | None = None
    interval_s: float | None = None
    channels: tuple[Channel, ...] = ()


def read_ome(xml: str) -> tuple[OmeImage, ...]:
    """The images in their order; none for text that is no XML. Hostile XML is the caller's care."""
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return ()
    return tuple(_image(element) for element in root.iterfind(".//{*}Image"))


def _image(image: ElementTree.Element) -> OmeImage:
    pixels = image.find("{*}Pixels")
    if pixels is None:
        return OmeImage(image.get("Name", ""))
    told = pixels.attrib
    width = _length(told, "PhysicalSizeX")
    height = _length(told, "PhysicalSizeY") if "PhysicalSizeY" in told else width
    return OmeImage(
        image.get("Name", ""),
        both(width, height),
        _positive(_length(told, "PhysicalSizeZ")),
        _interval(told),
        tuple(_channel(element) for element in pixels.iterfind("{*}Channel")),
    )


def _channel(element: ElementTree.Element) -> Channel:
    return Channel(element.get("Name", ""), _color(element.get("Color", "")))


def _color(text: str) -> Rgb | None:
    """A signed 32-bit number of red, green, blue, alpha; white, the default, says nothing."""
    try:
        number = int(text) & 0xFFFFFFFF
    except ValueError:
        return None
    color = number >> 24, (number >> 16) & 255, (number >> 8) & 255
    return None if color in ((255, 255, 255), (0, 0, 0)) else color


def _length(told: dict[str, str], name: str) -> float | None:
    scale = micrometres(told.get(f"{name}Unit", "µm"))
    number = _number(told.get(name))
    return None if scale is None or number is None else number * scale


def _interval(told: dict[str, str]) -> float | None:
    scale = _SECONDS.get(told.get("TimeIncrementUnit", "s"))
    number = _number(told.get("TimeIncrement"))
    return None if scale is None or number is None else _positive(number * scale)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _positive(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) and number > 0 else None
