"""The pixels of an image, for formats that hold or show them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite
from core.image.model import Image

Rgb8 = npt.NDArray[np.uint8]
"""(H, W, 3) of red, green, blue."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One image of an export.

    read: the image with its native values; raises UnreadableImage. render: it as the person sees
    it; None where nobody has seen it, then contrast is automatic.
    """

    read: Callable[[], Image]
    render: Callable[[Image], Rgb8] | None = None


def image_of(picture: Picture | None, annotations: AnnotationSet) -> Image:
    """The image that the annotations are for.

    Raises CannotWrite when it is not at hand or of another size, and UnreadableImage.
    """
    if picture is None:
        raise missing(annotations)
    image = picture.read()
    if (image.width, image.height) != (annotations.width, annotations.height):
        raise CannotWrite(
            f"{annotations.image_name} has {image.width} x {image.height} pixels now and the "
            f"outlines are for {annotations.width} x {annotations.height}; put the right image "
            "back"
        )
    return image


def missing(annotations: AnnotationSet) -> CannotWrite:
    """The error for an image that is not at hand."""
    return CannotWrite(
        f"the image {annotations.image_name} is part of it and was not found; put it back where it "
        "was"
    )
