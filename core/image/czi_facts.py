"""What the XML of a CZI file says of its images."""

import math
from dataclasses import dataclass, field
from xml.etree import ElementTree

from core.image.pixel_size import Sizes, both
from core.image.source import Channel, Rgb

MAX_XML = 64_000_000  # characters
_METRE = 1e6  # micrometres


@dataclass(frozen=True)
class CziFacts:
    """Lengths in micrometres, None when the file does not say; scene_names by scene index."""

    sizes: Sizes | None = None
    z_step_um: float | None = None
    interval_s: float | None = None
    channels: tuple[Channel, ...] = ()
    scene_names: dict[int, str] = field(default_factory=dict)


def read_czi_facts(xml: str) -> CziFacts:
    """Nothing is known of a file whose XML is no XML, is huge, or brings entities of its own."""
    if len(xml) > MAX_XML or "<!DOCTYPE" in xml:
        return CziFacts()
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return CziFacts()
    return CziFacts(
        both(_length(root, "X"), _length(root, "Y")),
        _length(root, "Z"),
        _number(root.findtext(".//Image/Dimensions/T/Positions/Interval/Increment")),
        _channels(root),
        _scene_names(root),
    )


def _length(root: ElementTree.Element, axis: str) -> float | None:
    metres = _number(root.findtext(f".//Scaling/Items/Distance[@Id='{axis}']/Value"))
    # Written as a double of metres: what stands behind the twelfth digit is noise.
    return None if metres is None else float(f"{metres * _METRE:.12g}")


def _number(text: str | None) -> float | None:
    """A positive number, else None."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if number > 0 and math.isfinite(number) else None


def _channels(root: ElementTree.Element) -> tuple[Channel, ...]:
    """Names as they were recorded, colours as they were displayed, matched by their ids."""
    shown = root.findall(".//DisplaySetting/Channels/Channel")
    colors = {channel.get("Id"): _color(channel.findtext("Color")) for channel in shown}
    return tuple(
        Channel(channel.get("Name", ""), colors.get(channel.get("Id")))
        for channel in root.iterfind(".//Image/Dimensions/Channels/Channel")
    )


def _color(text: str | None) -> Rgb | None:
    """#RRGGBB or #AARRGGBB; white, the default, says nothing."""
    try:
        number = int((text or "").removeprefix("#")[-6:], 16)
    except ValueError:
        return None
    color = number >> 16, (number >> 8) & 255, number & 255
    return None if color in ((255, 255, 255), (0, 0, 0)) else color


def _scene_names(root: ElementTree.Element) -> dict[int, str]:
    scenes = root.iterfind(".//Image/Dimensions/S/Scenes/Scene")
    told = ((scene.get("Index", ""), scene.get("Name", "")) for scene in scenes)
    return {int(index): name for index, name in told if index.isdecimal()}
