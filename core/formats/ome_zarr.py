"""OME-Zarr: a folder with the image and, beside its pixels, the label image of its objects."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region
from core.formats.base import Codec, Encoded, Option, Reading
from core.formats.class_places import all_classes
from core.formats.label_types import label_type, type_name
from core.formats.ome_zarr_reading import CELLS, read_zarr
from core.formats.painting import (
    CLASSES,
    CONFIDENCE,
    LOST_IN_PIXELS,
    largest_id,
    paint_labels,
)
from core.formats.picture import Picture, image_of
from core.formats.rendering import colors, windows
from core.formats.zarr_writing import Plane, ZarrFolder, halved, written
from core.image.model import Image
from core.image.scale import Window, full_window

MOST_LISTED = 80_000
"""Objects with a colour and properties; more make the text too long for its readers."""
CANNOT_CARRY = tuple(loss for loss in LOST_IN_PIXELS if loss not in (CLASSES, CONFIDENCE))
VERSION = Option("version", "Version", (("0.5", "0.5 (zarr 3)"), ("0.4", "0.4 (zarr 2, older)")))
_MANY_NOTE = f"With more than {MOST_LISTED:,} objects their classes and colours are not listed."


def encode(
    annotations: AnnotationSet, picture: Picture | None = None, version: str = VERSION.usual
) -> Encoded:
    """The files of the folder; raises CannotWrite, and what reading the image raises."""
    image = image_of(picture, annotations)
    labels, report = paint_labels(annotations, label_type(largest_id(annotations)))
    scale, folder = annotations.pixel_size_um, ZarrFolder(version)
    pixels: Plane = np.moveaxis(np.asarray(image.pixels[:]), 2, 0)
    folder.levels("", annotations.image_name, halved(pixels, False), scale, omero=_omero(image))
    folder.group("labels", labels=[CELLS])
    told = {"image-label": {"version": version, **_told(annotations)}}
    folder.levels(f"labels/{CELLS}", CELLS, halved(labels[None], True), scale, **told)
    losses = tuple(loss for loss in report.losses if loss in CANNOT_CARRY)
    notes = (_MANY_NOTE,) if len(annotations.regions) > MOST_LISTED else ()
    return Encoded(b"", replace(report, losses=losses, notes=notes), written(folder))


def decode(path: Path, image: AnnotationSet | None = None) -> Reading:
    """The label image in the folder; raises FormatError."""
    return read_zarr(path, image)


def _told(annotations: AnnotationSet) -> dict[str, Any]:
    """The colour and the properties of each label, and where the image is."""
    regions = annotations.regions if len(annotations.regions) <= MOST_LISTED else ()
    classes = {c.id: c for c in all_classes(annotations)}
    rgba = {n: [*bytes.fromhex(c.color[1:]), 255] for n, c in classes.items()}
    return {
        "colors": [{"label-value": r.id, "rgba": rgba[r.class_id]} for r in regions],
        "properties": [_properties(r, classes[r.class_id].name) for r in regions],
        "source": {"image": "../../"},
    }


def _properties(region: Region, name: str) -> dict[str, Any]:
    known = {"label-value": region.id, "class": name, "area_px": round(region.area, 3)}
    if region.confidence is not None:
        known["confidence"] = region.confidence
    return known | {"origin": region.origin.model or region.origin.kind}


def _omero(image: Image) -> dict[str, Any]:
    """How the channels are to be shown: their names, colours and windows."""
    looks = enumerate(zip(colors(image), windows(image), strict=True))
    channels = [
        {
            "label": _name(image, number),
            "color": bytes(color).hex().upper(),
            "active": True,
            "window": _window(image.sample[..., number], window),
        }
        for number, (color, window) in looks
    ]
    return {"channels": channels, "rdefs": {"model": "color"}}


def _window(values: npt.NDArray[Any], shown: Window) -> dict[str, float]:
    whole = full_window(values)
    return {"start": shown.low, "end": shown.high, "min": whole.low, "max": whole.high}


def _name(image: Image, number: int) -> str:
    told = image.channel_info[number].name if number < len(image.channel_info) else ""
    return told or f"Channel {number + 1}"


CODEC = Codec(
    "ome-zarr",
    "OME-Zarr with labels",
    (".ome.zarr", ".zarr"),
    keeps_holes=True,
    decode=decode,
    encode=encode,
    options=(VERSION,),
    cannot_carry=CANNOT_CARRY,
    pixel_type=lambda largest, version="": type_name(largest),
    wants_pictures=True,
    needs_pictures=True,
    tag="_labels",
)
