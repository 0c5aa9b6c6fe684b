"""An image as a person would see it: each channel in its colour, with automatic contrast."""

from itertools import islice

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.formats.picture import Picture, Rgb8, image_of
from core.image.model import Image
from core.image.scale import Window, percentile_window, to_unit
from core.image.source import Rgb

PRIMARIES: tuple[Rgb, ...] = ((255, 0, 0), (0, 255, 0), (0, 0, 255))
MOST_SHOWN = 8
"""Channels, as in the window: the sum of more, as of a spectrum, is white."""
_WHITE: Rgb = (255, 255, 255)
_PAIR: tuple[Rgb, ...] = ((0, 255, 0), (255, 0, 255))  # told apart by colour-blind people too
_SEVERAL: tuple[Rgb, ...] = ((0, 255, 255), (255, 0, 255), (255, 255, 0), *PRIMARIES, _WHITE)


def shown(picture: Picture | None, annotations: AnnotationSet, as_seen: bool = True) -> Rgb8:
    """The image as the person sees it, with automatic contrast where nobody has or wants that.

    Raises CannotWrite, and what reading the image raises.
    """
    image = image_of(picture, annotations)
    if picture and picture.render and as_seen:
        return picture.render(image)
    return rendered(image)


def rendered(image: Image) -> Rgb8:
    """The sum of the first channels in their colours; colours of 8 bits as they are."""
    pixels = np.asarray(image.pixels[:])
    if image.is_rgb and pixels.dtype == np.uint8:
        return pixels
    total = np.zeros((image.height, image.width, 3), np.float32)
    looks = zip(colors(image), windows(image), strict=True)
    for number, (color, window) in enumerate(islice(looks, MOST_SHOWN)):
        total += to_unit(pixels[..., number], window)[..., None] * np.array(color, np.float32)
    seen: Rgb8 = np.rint(np.minimum(total, 255)).astype(np.uint8)
    return seen


def colors(image: Image) -> list[Rgb]:
    """The colour of each channel: that of the file where it names different ones."""
    if image.is_rgb:
        return list(PRIMARIES)
    count = image.channels
    usual = {1: (_WHITE,), 2: _PAIR}.get(count, _SEVERAL)
    told = [channel.color for channel in image.channel_info[:count]]
    if len(told) < count or (count > 1 and len(set(told)) == 1):
        told = [None] * count
    return [color or usual[number % len(usual)] for number, color in enumerate(told)]


def windows(image: Image) -> list[Window]:
    """What is black and white in each channel, by percentiles; one for all colours of a picture."""
    values = image.sample
    if image.is_rgb:
        return [percentile_window(values.reshape(len(values), -1))] * 3
    return [percentile_window(values[..., number]) for number in range(image.channels)]
