"""Shapes of the type mask: a PNG in base 64, and the corners of its box."""

import struct
from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np

from core.annotation.raster import Mask
from core.errors import InvalidGeometry
from core.formats.coco_rle import MOST_PIXELS
from core.formats.pixel_files import png_bytes

_HEADER = struct.Struct(">8s8xII")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encoded(mask: Mask) -> str:
    """The mask as labelme writes it."""
    return b64encode(png_bytes(mask * np.uint8(255))).decode("ascii")


def decoded(text: str) -> Mask:
    """The mask; raises InvalidGeometry when it is none or too large for one object."""
    try:
        data = b64decode(text, validate=True)
        signature, width, height = _HEADER.unpack_from(data)
    except (ValueError, struct.error) as error:
        raise InvalidGeometry("its mask is damaged") from error
    if signature != _SIGNATURE:
        raise InvalidGeometry("its mask is damaged")
    if width * height > MOST_PIXELS:
        raise InvalidGeometry(f"its mask has {width} x {height} pixels, too much for one object")
    return _pixels(data)


def tight(mask: Mask, y0: int, x0: int) -> tuple[Mask, int, int]:
    """A mask at row y0, column x0 without empty rows and columns around, as `region_mask`."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return np.zeros((0, 0), bool), 0, 0
    (top, bottom), (left, right) = rows[[0, -1]].tolist(), columns[[0, -1]].tolist()
    return mask[top : bottom + 1, left : right + 1], y0 + top, x0 + left


def _pixels(data: bytes) -> Mask:
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            pixels = np.asarray(picture.convert("L") if picture.mode != "1" else picture)
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise InvalidGeometry("its mask is damaged") from error
    return pixels > 0
