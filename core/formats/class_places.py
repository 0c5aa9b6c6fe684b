"""Classes by their place, for formats that number them without gaps."""

from collections.abc import Sequence

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import PALETTE, LabelClass
from core.errors import CannotWrite


def places(annotations: AnnotationSet) -> dict[int, int]:
    """The place of each class, counted from 0, by the id of the class."""
    return {c.id: place for place, c in enumerate(all_classes(annotations))}


def all_classes(annotations: AnnotationSet) -> list[LabelClass]:
    """The classes, and those of objects that are not among them."""
    known = {c.id for c in annotations.classes}
    missing = sorted({r.class_id for r in annotations.regions} - known)
    made = (LabelClass(n, f"Class {n}", PALETTE[n % len(PALETTE)]) for n in missing)
    return [*annotations.classes, *made]


def common_classes(sets: Sequence[AnnotationSet]) -> list[LabelClass]:
    """The classes of all images, in their places.

    Raises CannotWrite when a place means one class in one image and another in the next.
    """
    found = [all_classes(annotations) for annotations in sets]
    longest: list[LabelClass] = max(found, key=len, default=[])
    for annotations, own in zip(sets, found, strict=True):
        if [c.name for c in own] != [c.name for c in longest[: len(own)]]:
            raise CannotWrite(
                f"the classes of {annotations.image_name} are not those of the other images; give "
                f"all of them the same classes in the same order"
            )
    return longest
