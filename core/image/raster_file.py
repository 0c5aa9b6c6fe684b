"""PNG, JPEG, BMP, GIF and WebP, with 16-bit values and without the half pictures of cut files."""

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from core.image.budget import MAX_PIXELS, check_budget
from core.image.colour import ALPHA_NOTE, is_opaque, without_equal_colours
from core.image.decoded import Decoded, upright
from core.image.source import Channel, Plane, Scene

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_COLOURS = {"1": "L", "L": "L", "LA": "L", "RGB": "RGB", "RGBA": "RGB", "P": "RGB", "PA": "RGB"}
_PNG_DEPTH_AT = 24  # the header chunk comes first, so bit depth and colour have a fixed place
_PNG_GREY_ALPHA = 4
_PNG_NEEDED = (b"IHDR", b"tRNS", b"IDAT")
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


class RasterSource:
    """The first picture of such a file; decoded at once, for they are small."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        """Raises ImageTooLarge, and whatever the decoder raises."""
        pixels, self.notes = _read(file, kind)
        self._pixels = pixels
        height, width, channels = pixels.shape
        self.scenes = (
            Scene(
                width,
                height,
                pixels.dtype,
                (Channel(),) * channels,
                is_rgb=channels == 3,
                axes="YXS" if channels == 3 else "YX",
                stored_shape=pixels.shape if channels == 3 else pixels.shape[:2],
            ),
        )

    def decode(self, plane: Plane) -> Decoded:
        return Decoded(self._pixels)

    def close(self) -> None:
        """Nothing is open."""


def _read(file: BinaryIO, kind: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Pixels (H, W, 1 or 3), and what a person should know."""
    picture = _open(file, kind)
    stored = 4 if len(picture.getbands()) > 1 else 1  # Pillow keeps colours in four bytes
    depth, colour = _png_header(file) if kind == "PNG" else (8, 0)
    check_budget(picture.height, picture.width, stored, 2 if depth == 16 else 1)
    picture.load()
    is_deep = depth == 16 and picture.mode != "I;16"
    pixels = _deep_colours(file, colour) if is_deep else _pixels(picture)
    colours = 3 if pixels.shape[2] >= 3 else 1
    notes = () if is_opaque(pixels[..., colours:]) else (ALPHA_NOTE,)
    pixels = pixels[..., :colours]
    if picture.mode in ("P", "PA"):
        pixels = without_equal_colours(pixels)
    return upright(pixels, _orientation(picture)), notes + _frames_note(picture)


def _open(file: BinaryIO, kind: str) -> "Picture":
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # our own limit speaks first, this one stays behind it
    file.seek(0)
    return Image.open(file, formats=[kind])


def _pixels(picture: "Picture") -> np.ndarray:
    """(H, W, C): palettes expanded, CMYK made RGB, bits made 0 and 255; 16-bit grey kept."""
    if picture.mode == "I;16":
        return np.atleast_3d(np.asarray(picture))
    wanted = _COLOURS.get(picture.mode, "RGB")
    if picture.has_transparency_data:
        wanted += "A"
    if picture.mode != wanted:
        picture = picture.convert(wanted)
    return np.atleast_3d(np.asarray(picture))


def _png_header(file: BinaryIO) -> tuple[int, int]:
    """Bits a value and the kind of colour."""
    file.seek(_PNG_DEPTH_AT)
    depth, colour = file.read(2)
    return depth, colour


def _deep_colours(file: BinaryIO, colour: int) -> np.ndarray:
    """uint16 (H, W, C) of a PNG that Pillow has found whole, but keeps only upper bytes of."""
    import cv2

    file.seek(0)
    bare = np.frombuffer(_without_extras(file.read()), np.uint8)
    samples = cv2.imdecode(bare, cv2.IMREAD_UNCHANGED)  # blue first, grey three times
    if samples is None:
        raise ValueError("not decodable")
    order = [0, 3] if colour == _PNG_GREY_ALPHA else [2, 1, 0, 3][: samples.shape[2]]
    return samples[..., order]


def _without_extras(png: bytes) -> bytes:
    """Only the chunks that make pixels: libpng prints what it dislikes about the others."""
    kept, at = [png[:8]], 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] in _PNG_NEEDED:
            kept.append(png[at:end])
        at = end
    return b"".join([*kept, _PNG_END])


def _orientation(picture: "Picture") -> object:
    try:
        return picture.getexif().get(0x0112, 1)
    except Exception:  # a broken EXIF block is no reason to refuse good pixels
        return 1


def _frames_note(picture: "Picture") -> tuple[str, ...]:
    frames = getattr(picture, "n_frames", 1)
    return (f"Only the first of {frames} pictures in this file is shown.",) if frames > 1 else ()
