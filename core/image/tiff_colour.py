"""What the samples of a TIFF page mean: brightness, colours, palette, ink or transparency."""

import numpy as np
from tifffile import EXTRASAMPLE, PHOTOMETRIC, TiffPage

from core.errors import UnreadableImage
from core.image.colour import (
    ALPHA_NOTE,
    cmyk_to_rgb,
    is_opaque,
    through_palette,
    ycbcr_to_rgb,
)

Meaning = tuple[np.ndarray, bool, tuple[str, ...]]  # pixels (H, W, C), is_rgb, notes

EXTRA_NOTE = "The samples beside red, green and blue are not shown."
TINTING_KINDS = ("ome", "imagej", "lsm", "stk", "fluoview")
"""In these a palette only tints intensities, and the orientation tag is not used."""

_CHANNEL_KINDS = ("lsm", "stk", "fluoview")  # in these "RGB" says that there are three channels
_ALPHA = (EXTRASAMPLE.ASSOCALPHA, EXTRASAMPLE.UNASSALPHA)
_COLOURS: dict[int, int] = {PHOTOMETRIC.RGB: 3, PHOTOMETRIC.YCBCR: 3, PHOTOMETRIC.SEPARATED: 4}
_BRIGHTNESS = (*_COLOURS, PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.MINISWHITE, PHOTOMETRIC.PALETTE)
# Decoders of these compressions return red, green, blue: JPEG in its variants, JPEG 2000, WebP.
_DECODED_TO_RGB = (6, 7, 33004, 33005, 33007, 34712, 34892, 50001)


def interpret(samples: np.ndarray, page: TiffPage, kind: str) -> Meaning:
    """Turn samples (H, W, S) of `page`, in a file of this `kind`, into what its maker saw.

    Raises UnreadableImage for colours that are stored in a way we do not convert.
    """
    colours = 0 if kind in _CHANNEL_KINDS else _COLOURS.get(page.photometric, 0)
    if 0 < colours <= samples.shape[2]:
        return _colours(samples, page, colours)
    if samples.shape[2] > 1 and page.photometric not in _BRIGHTNESS:
        raise UnreadableImage("its colours are stored in a rare way; save it as RGB")
    samples, notes = _without_alpha(samples, page)
    if page.photometric == PHOTOMETRIC.PALETTE and kind not in TINTING_KINDS:
        pixels = through_palette(samples[..., 0], np.asarray(page.colormap))
        return pixels, pixels.shape[2] == 3, notes
    pixels, more = _brightness(samples, page, kind)
    return pixels, False, notes + more


def _colours(samples: np.ndarray, page: TiffPage, count: int) -> Meaning:
    colours, rest = samples[..., :count], samples[..., count:]
    if page.photometric == PHOTOMETRIC.YCBCR and page.compression not in _DECODED_TO_RGB:
        if samples.dtype != np.uint8:
            raise UnreadableImage("its colours are stored as YCbCr; save it as RGB")
        colours = ycbcr_to_rgb(colours)
    if page.photometric == PHOTOMETRIC.SEPARATED:
        colours = cmyk_to_rgb(colours)
    if any(extra not in _ALPHA for extra in page.extrasamples):
        return colours, True, (EXTRA_NOTE,)
    return colours, True, () if is_opaque(rest) else (ALPHA_NOTE,)


def _without_alpha(samples: np.ndarray, page: TiffPage) -> tuple[np.ndarray, tuple[str, ...]]:
    """Leave out the samples that the file calls transparency; they are among the last ones."""
    first = samples.shape[2] - len(page.extrasamples)
    alpha = [first + i for i, extra in enumerate(page.extrasamples) if extra in _ALPHA]
    if first < 1 or not alpha:
        return samples, ()
    notes = () if is_opaque(samples[..., alpha]) else (ALPHA_NOTE,)
    return np.delete(samples, alpha, axis=2), notes


def _brightness(
    samples: np.ndarray, page: TiffPage, kind: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Values in which bright is large; bits become 0 and 255."""
    inverted = page.photometric == PHOTOMETRIC.MINISWHITE
    if samples.dtype == bool:
        # tifffile ("shaped") marks every mask as white-is-zero without meaning it.
        return (samples ^ (inverted and kind != "shaped")).astype(np.uint8) * 255, ()
    if not inverted:
        return samples, ()
    if samples.dtype.kind == "u":
        note = "This file stores white as 0: its values were inverted."
        return (2**page.bitspersample - 1) - samples, (note,)
    return samples, ("This file stores white as the smallest value: dark and bright are swapped.",)
