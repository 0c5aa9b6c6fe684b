"""The first plane of a TIFF file of any kind, with everything checked before it is decoded."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import BinaryIO

import numpy as np
from tifffile import TiffFile, TiffFrame, TiffPage, TiffPageSeries

from core.errors import UnreadableImage
from core.image import pixel_size
from core.image.budget import check_budget
from core.image.decoded import Decoded, upright
from core.image.tiff_colour import TINTING_KINDS, interpret

MAX_PAGES = 50_000  # beyond, pages are not listed and only the first one is known
MAX_XML = 16_000_000  # characters
MAX_TILE = 2**24  # samples; decoders make room for a whole tile, however small its image

_CUT = "it is damaged or cut short; copy it again from its source"
_HARMLESS = ("invalid data type", "shaped series")  # an odd tag, or an outdated description


def read_tiff(file: BinaryIO) -> Decoded:
    """The first plane of the first image; channels stored as pages become the last axis.

    Raises UnreadableImage, ImageTooLarge, and whatever the TIFF library raises.
    """
    file.seek(0)
    # Companion files of a set are never opened: only what the person chose is read.
    with (
        _complaints() as complaints,
        TiffFile(file, _multifile=False, is_mmstack=False, is_ndtiff=False) as tif,
    ):
        notes = _guard_metadata(tif)
        series, series_notes = _first_series(tif)
        notes += _check_whole(tif, series)
        _refuse_if_any(complaints)
        samples, planes = _read_plane(tif, series)
        _refuse_if_any(complaints)
        pixels, is_rgb, colour_notes = interpret(samples, series.keyframe, series.kind)
        pixels, turn_notes = _turned(pixels, series)
        size, size_notes = pixel_size.single_size(_stated_size(tif, series))
    plane_notes = _only_first(f"{planes} planes") if planes > 1 else ()
    notes += series_notes + plane_notes + colour_notes + turn_notes + size_notes
    return Decoded(pixels, is_rgb, size, notes)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the library logs as an error meanwhile; it does not raise for every broken file."""
    messages: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("tifffile")
    propagate, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield messages
    finally:
        log.removeHandler(handler)
        log.propagate = propagate


def _refuse_if_any(complaints: list[str]) -> None:
    if any(not any(word in message for word in _HARMLESS) for message in complaints):
        raise UnreadableImage(_CUT)


def _guard_metadata(tif: TiffFile) -> tuple[str, ...]:
    """Keep XML that is huge or brings its own entities away from any parser."""
    text = tif.pages.first.description
    if not tif.is_ome or (len(text) <= MAX_XML and "<!DOCTYPE" not in text):
        return ()
    tif.is_ome = False
    return ("The metadata of this file is unsafe to read and was ignored.",)


def _first_series(tif: TiffFile) -> tuple[TiffPageSeries, tuple[str, ...]]:
    """The first image, and a note if the file has more of them."""
    try:
        tif.pages[MAX_PAGES]
    except IndexError:
        pass
    else:
        return TiffPageSeries([tif.pages.first]), _only_first(f"more than {MAX_PAGES} planes")
    if not tif.series:
        raise UnreadableImage(_CUT)
    more = _only_first(f"{len(tif.series)} images") if len(tif.series) > 1 else ()
    return tif.series[0], more


def _check_whole(tif: TiffFile, series: TiffPageSeries) -> tuple[str, ...]:
    """Refuse a file that ends before its pixels do; a note if it leaves parts out on purpose."""
    start = series.dataoffset
    if start is not None:
        parts = [(start, prod(series.shape) * series.dtype.itemsize)]
    else:
        parts = [part for page in series if page is not None for part in _parts(page)]
    if start == 0 or any(offset + size > tif.filehandle.size for offset, size in parts):
        raise UnreadableImage(_CUT)
    if all(size for _, size in parts):
        return ()
    return ("Parts of this image are missing in the file and shown as 0.",)


def _parts(page: TiffPage | TiffFrame) -> Iterator[tuple[int, int]]:
    """Offset and size in bytes of every strip or tile."""
    return zip(page.dataoffsets, page.databytecounts, strict=False)


def _read_plane(tif: TiffFile, series: TiffPageSeries) -> tuple[np.ndarray, int]:
    """Samples (H, W, C) of the first plane, and the number of planes."""
    page = series.keyframe
    outer, inner = series.axes[: -page.ndim], series.axes[-page.ndim :]
    depths, sizes = series.shape[: len(outer)], dict(zip(inner, page.shape, strict=True))
    _check_page(page, sizes)
    # Colours stored within a page are its channels; then an outer C counts other planes.
    at = outer.find("C") if not {"S", "C"} & set(inner) else -1
    channels = depths[at] if at >= 0 else 1
    samples = sizes.get("S", 1) * sizes.get("C", 1)
    check_budget(sizes["Y"], sizes["X"], channels * samples, series.dtype.itemsize)
    step = prod(depths[at + 1 :]) if at >= 0 else 1
    parts = [_channels_last(_read_page(tif, series, k * step), inner) for k in range(channels)]
    pixels = parts[0] if channels == 1 else np.concatenate(parts, axis=2)
    return pixels, prod(series.shape) // max(1, pixels.size)


def _check_page(page: TiffPage, sizes: dict[str, int]) -> None:
    """Refuse values and layouts that are no picture."""
    if page.dtype is None or page.dtype.kind not in "buif":
        raise UnreadableImage("its values are not plain numbers; save it as 8-bit or 16-bit TIFF")
    if not {"X", "Y"} <= set(sizes):
        raise UnreadableImage(_CUT)
    if prod(page.chunks) > max(MAX_TILE, 4 * prod(page.shape)):
        raise UnreadableImage(_CUT)


def _read_page(tif: TiffFile, series: TiffPageSeries, index: int) -> np.ndarray:
    """The samples of one page as stored; only these bytes of a long stack are touched."""
    page = series.keyframe
    if series.dataoffset is not None:
        flat = tif.filehandle.read_array(
            tif.byteorder + series.dtype.char,
            prod(page.shape),
            series.dataoffset + index * prod(page.shape) * series.dtype.itemsize,
        )
        return np.asarray(flat).reshape(page.shape)
    part = series[index]
    if part is None:
        raise UnreadableImage("its first plane is in another file of the same set; open that one")
    if len(part.dataoffsets) < prod(page.chunked):
        raise UnreadableImage(_CUT)
    return np.asarray(part.asarray())


def _channels_last(samples: np.ndarray, axes: str) -> np.ndarray:
    """(H, W, C) from a page with these axes; of a volume within a page, the first plane."""
    samples = samples[tuple(slice(None) if axis in "YXSC" else 0 for axis in axes)]
    axes = "".join(axis for axis in axes if axis in "YXSC")
    order = sorted(range(len(axes)), key=lambda i: "YXSC".index(axes[i]))
    return samples.transpose(order).reshape(*(samples.shape[i] for i in order[:2]), -1)


def _turned(pixels: np.ndarray, series: TiffPageSeries) -> tuple[np.ndarray, tuple[str, ...]]:
    """Upright by the orientation tag, which microscopy programs do not use."""
    orientation = series.keyframe.tags.valueof(274, 1)
    if series.kind in TINTING_KINDS or orientation not in range(2, 9):
        return pixels, ()
    note = "This file is stored turned or mirrored: it is shown upright."
    return upright(pixels, orientation), (note,)


def _stated_size(tif: TiffFile, series: TiffPageSeries) -> pixel_size.Sizes | None:
    tags = series.keyframe.tags
    resolutions = (tags.valueof(282), tags.valueof(283))
    if series.kind == "ome":
        return pixel_size.from_ome(tif.pages.first.description)
    if tif.is_imagej:
        return pixel_size.from_imagej(tif.imagej_metadata or {}, resolutions)
    return pixel_size.from_resolution(tags.valueof(296, 2), resolutions)


def _only_first(of: str) -> tuple[str, ...]:
    return (f"Only the first of {of} in this file is shown.",)
