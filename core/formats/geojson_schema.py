"""QuPath's GeoJSON: its parts, and what we put into them.

Source: QuPath's readers and writers, QuPathTypeAdapters.java and ROITypeAdapters.java. QuPath
writes two decimals; coordinates are pixels of the whole image, in our frame.
"""

from typing import Any

import msgspec

from core.formats.native_schema import JsonClass, JsonImage

NUMBER = "cellscribe.number"
UID = "cellscribe.uid"
ORIGIN = "cellscribe.origin"
ATTRIBUTES = "cellscribe.attributes"
EDITED = "cellscribe.edited"
REVIEWED = "cellscribe.reviewed"
"""Keys of an object's metadata, where QuPath keeps text of other programs."""

CONFIDENCE = "Confidence"
AREA = "Outline area px^2"
"""Names among an object's measurements."""

NOTHING = msgspec.Raw(b"null")


class Geometry(msgspec.Struct):
    """coordinates: by type; plane: channel, slice and time, where they are not the first."""

    type: str
    coordinates: msgspec.Raw = NOTHING
    plane: dict[str, Any] | None = None


class Feature(msgspec.Struct, rename={"nucleus": "nucleusGeometry"}):
    """One object; properties and geometry may be null."""

    type: Any = None
    id: Any = None
    geometry: msgspec.Raw = NOTHING
    nucleus: msgspec.Raw = NOTHING
    properties: dict[str, Any] | None = None


class Ours(msgspec.Struct):
    """What we add to a collection and other programs pass over: the image and its classes."""

    image: JsonImage
    classes: list[JsonClass] = []


class Collection(msgspec.Struct):
    """A whole file, unless it is a list of features."""

    type: Any = None
    features: list[msgspec.Raw] | None = None
    cellscribe: Ours | None = None
