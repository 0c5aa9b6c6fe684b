"""A figure as PNG: the image with the outlines of the objects drawn over it."""

from typing import Any

import numpy as np

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Ring
from core.formats.base import Codec, Encoded
from core.formats.figure import CANNOT_CARRY, OPTIONS, Bar, Figure, figure_of
from core.formats.picture import Picture, Rgb8
from core.formats.pixel_files import png_bytes

_FRACTION_BITS = 6  # of coordinates when lines are drawn
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


def encode(annotations: AnnotationSet, picture: Picture | None = None, **chosen: str) -> Encoded:
    """The figure; raises CannotWrite, and what reading the image raises."""
    figure = figure_of(annotations, picture, **chosen)
    return Encoded(png_bytes(_lettered(figure, _outlined(figure))), figure.report)


def _outlined(figure: Figure) -> Rgb8:
    import cv2

    canvas = np.ascontiguousarray(figure.enlarged).copy()
    thickness = max(1, round(figure.line * figure.scale))
    for region, color in zip(figure.regions, figure.colors, strict=True):
        rings = [_fixed(points, figure.scale) for points in region.rings]
        rgb = tuple(bytes.fromhex(color[1:]))
        cv2.polylines(canvas, rings, True, rgb, thickness, cv2.LINE_AA, _FRACTION_BITS)
    return canvas


def _fixed(points: Ring, scale: int) -> Any:
    """As the library takes them: 0 is the middle of the first pixel."""
    return np.rint((points * scale - 0.5) * 2**_FRACTION_BITS).astype(np.int32)


def _lettered(figure: Figure, canvas: Rgb8) -> Rgb8:
    """With numbers and scale bar."""
    if figure.places is None and figure.bar is None:
        return canvas
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.fromarray(canvas)
    draw = ImageDraw.Draw(picture)
    if figure.places is not None:
        font = ImageFont.load_default(figure.letters * figure.scale)
        for region, place in zip(figure.regions, figure.places * figure.scale, strict=True):
            _write(draw, font, tuple(place), str(region.id), "mm")
    if figure.bar:
        font = ImageFont.load_default(max(1.0, figure.bar.letters * figure.scale))
        _draw_bar(draw, font, figure.bar, figure.scale)
    return np.asarray(picture)


def _write(draw: Any, font: Any, place: tuple[float, ...], text: str, anchor: str) -> None:
    stroke = max(1, round(font.size / 12))
    draw.text(place, text, _WHITE, font, anchor, stroke_width=stroke, stroke_fill=_BLACK)


def _draw_bar(draw: Any, font: Any, bar: Bar, scale: int) -> None:
    x0, y0 = round(bar.x * scale), round(bar.y * scale)
    x1 = max(x0 + 1, round((bar.x + bar.width) * scale))
    y1 = max(y0 + 1, round((bar.y + bar.height) * scale))
    draw.rectangle((x0 - 1, y0 - 1, x1, y1), fill=_BLACK)
    draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=_WHITE)
    _write_length(draw, font, ((x0 + x1) / 2, y0 - font.size * 0.5), bar.text)


def _write_length(draw: Any, font: Any, middle: tuple[float, float], text: str) -> None:
    """The font lacks the letter µ: it is a u whose left stem goes on below the line."""
    plain = text.replace("µ", "u")
    x, y = round(middle[0] - font.getlength(plain) / 2), round(middle[1])
    edge, before = max(1, round(font.size / 12)), plain.partition("u")[0]
    left = x + font.getlength(before) + font.getbbox("u")[0] + font.size * 0.07
    stem = (round(left), y - edge, round(left + font.size * 0.06), round(y + font.size * 0.2))
    around = (stem[0] - edge, y, stem[2] + edge, stem[3] + edge)
    for ink, width, box in ((_BLACK, edge, around), (_WHITE, 0, stem)):
        draw.text((x, y), plain, ink, font, "ls", stroke_width=width)
        if "µ" in text:
            draw.rectangle(box, fill=ink)


CODEC = Codec(
    "overlay-png",
    "Figure with outlines, PNG",
    (".png",),
    keeps_holes=False,
    encode=encode,
    options=OPTIONS,
    cannot_carry=CANNOT_CARRY,
    wants_pictures=True,
    needs_pictures=True,
    tag="_overlay",
)
