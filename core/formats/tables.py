"""Tables of measurements as CSV and Excel: a row for each object, a row for each image.

The columns are those of core.measure; its numbers are the ones that the window shows too.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from core.annotation.annotation_set import AnnotationSet
from core.formats.base import Codec, Encoded, Option, Report
from core.formats.class_places import all_classes
from core.formats.picture import Picture, image_of
from core.tables import Table, to_csv, to_xlsx

if TYPE_CHECKING:
    from core.measure.measured import Measured

SEPARATOR = Option(
    "separator",
    "Between columns",
    (("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab")),
)
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_CANNOT_CARRY = ("outlines", "marks and attributes", "origins of objects")
_NO_PIXELS = "The pixels of {} were not found: brightness is empty for {}."


class _Tables(NamedTuple):
    objects: Table
    images: Table
    report: Report


def csv_of_objects(
    sets: Sequence[AnnotationSet],
    pictures: Sequence[Picture | None],
    separator: str = SEPARATOR.usual,
) -> Encoded:
    """A row for each object of all images; raises what reading an image raises."""
    made = _tables(sets, pictures)
    return Encoded(to_csv(made.objects, _SIGNS[separator]), made.report)


def csv_of_images(
    sets: Sequence[AnnotationSet],
    pictures: Sequence[Picture | None],
    separator: str = SEPARATOR.usual,
) -> Encoded:
    """A row for each image; raises what reading an image raises."""
    made = _tables(sets, pictures)
    return Encoded(to_csv(made.images, _SIGNS[separator]), made.report)


def excel(sets: Sequence[AnnotationSet], pictures: Sequence[Picture | None]) -> Encoded:
    """Sheets of objects, of images and of what the columns mean; raises CannotWrite for too many
    objects, and what reading an image raises."""
    made = _tables(sets, pictures)
    return Encoded(to_xlsx({"Objects": made.objects, "Images": made.images}), made.report)


def _tables(sets: Sequence[AnnotationSet], pictures: Sequence[Picture | None]) -> _Tables:
    from core.measure.tables import image_table, object_table

    pairs = list(zip(sets, pictures, strict=True))
    images = [_measured(annotations, picture) for annotations, picture in pairs]
    classes = list({c.id: c for annotations in sets for c in all_classes(annotations)}.values())
    total = sum(len(annotations.regions) for annotations in sets)
    missing = [annotations.image_name for annotations, picture in pairs if picture is None]
    report = Report(total, total, _CANNOT_CARRY if total else (), notes=tuple(_notes(missing)))
    return _Tables(object_table(images, classes), image_table(images, classes), report)


def _measured(annotations: AnnotationSet, picture: Picture | None) -> "Measured":
    from core.measure.measured import measure_image

    return measure_image(annotations, image_of(picture, annotations) if picture else None)


def _notes(missing: Sequence[str]) -> list[str]:
    if not missing:
        return []
    more = f" and {len(missing) - 1} more images" if len(missing) > 1 else ""
    return [_NO_PIXELS.format(f"{missing[0]}{more}", "them" if more else "it")]


def _codec(
    name: str,
    label: str,
    suffix: str,
    encode_all: Callable[..., Encoded],
    tag: str,
    options: tuple[Option, ...] = (),
) -> Codec:
    """A table can only be written."""

    def encode(annotations: AnnotationSet, picture: Picture | None, **chosen: str) -> Encoded:
        return encode_all([annotations], [picture], **chosen)

    return Codec(
        name,
        label,
        (suffix,),
        keeps_holes=False,
        encode=encode,
        encode_all=encode_all,
        options=options,
        cannot_carry=_CANNOT_CARRY,
        wants_pictures=True,
        tag=tag,
    )


CSV_OF_OBJECTS = _codec(
    "csv", "Table of objects, CSV", ".csv", csv_of_objects, "_objects", (SEPARATOR,)
)
CSV_OF_IMAGES = _codec(
    "csv-images", "Table of images, CSV", ".csv", csv_of_images, "_images", (SEPARATOR,)
)
EXCEL = _codec("xlsx", "Tables, Excel", ".xlsx", excel, "_tables")
