"""What OME-XML says of its images: names, channels, sizes."""

from xml.etree import ElementTree

from core.image.pixel_size import both, micrometres
from core.image.source import Channel, Rgb
from core.image.told import Told, positive

_SECONDS = {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0}


def read_ome(xml: str) -> tuple[Told, ...]:
    """The images in their order; none for text that is no XML. Hostile XML is the caller's care."""
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return ()
    return tuple(_image(element) for element in root.iterfind(".//{*}Image"))


def _image(image: ElementTree.Element) -> Told:
    pixels = image.find("{*}Pixels")
    if pixels is None:
        return Told(image.get("Name", ""))
    told = pixels.attrib
    width = _length(told, "PhysicalSizeX")
    height = _length(told, "PhysicalSizeY") if "PhysicalSizeY" in told else width
    return Told(
        image.get("Name", ""),
        both(width, height),
        _length(told, "PhysicalSizeZ"),
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
    return positive(told.get(name), micrometres(told.get(f"{name}Unit", "µm")))


def _interval(told: dict[str, str]) -> float | None:
    return positive(told.get("TimeIncrement"), _SECONDS.get(told.get("TimeIncrementUnit", "s")))
