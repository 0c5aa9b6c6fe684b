"""TIFF files of any kind, with everything checked before it is decoded."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from math import prod
from typing import BinaryIO

import numpy as np
from tifffile import TiffFile, TiffFrame, TiffPage, TiffPageSeries

from core.errors import ImageTooLarge, UnreadableImage
from core.image.budget import check_budget
from core.image.decoded import Decoded, upright
from core.image.pixels import LAZY_FROM, LazyPixels, Pixels
from core.image.source import Plane, Scene
from core.image.tiff_axes import layout_of
from core.image.tiff_colour import TINTING_KINDS, interpret
from core.image.tiff_facts import scene_of
from core.image.tiff_parts import PageParts, is_in_parts

MAX_PAGES = 50_000  # beyond, pages are not listed and only the first one is known
MAX_SCENES = 1_000
MAX_XML = 16_000_000  # characters
MOST_LAZY = 10**11  # pixels of an image that is read in parts
MAX_TILE = 2**24  # samples; decoders make room for a whole tile, however small its image

_CUT = "it is damaged or cut short; copy it again from its source"
_HARMLESS = ("invalid data type", "shaped series")  # an odd tag, or an outdated description


class TiffSource:
    """An open TIFF file; its series are the scenes."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises UnreadableImage, and whatever the TIFF library raises."""
        file.seek(0)
        # Companion files of a set are never opened: only what the person chose is read.
        with _complaints() as complaints:
            self._tif = TiffFile(file, _multifile=False, is_mmstack=False, is_ndtiff=False)
            notes = _guard_metadata(self._tif)
            self._series, series_notes = _list_series(self._tif)
            _refuse_if_any(complaints)
        self.notes: tuple[str, ...] = notes + series_notes
        self._whole: dict[int, tuple[str, ...]] = {}  # by scene that was found whole, its notes

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        with _complaints():
            return tuple(
                _scene(self._tif, series, number) for number, series in enumerate(self._series)
            )

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises UnreadableImage, ImageTooLarge, or anything else."""
        series = self._series[plane.scene]
        with _complaints() as complaints:
            if plane.scene not in self._whole:
                self._whole[plane.scene] = _check_whole(self._tif, series)
            _refuse_if_any(complaints)
            decoded = _decode(self._tif, series, plane)
            _refuse_if_any(complaints)
        notes = self._whole[plane.scene] + decoded.notes
        return Decoded(decoded.pixels, decoded.levels, notes)

    def close(self) -> None:
        self._tif.close()


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


def _list_series(tif: TiffFile) -> tuple[list[TiffPageSeries], tuple[str, ...]]:
    """The images in the file, and a note when there are too many to list."""
    try:
        tif.pages[MAX_PAGES]
    except IndexError:
        pass
    else:
        note = f"Only the first of more than {MAX_PAGES} planes in this file is shown."
        return [TiffPageSeries([tif.pages.first])], (note,)
    if not tif.series:
        raise UnreadableImage(_CUT)
    if len(tif.series) > MAX_SCENES:
        note = f"Only the first {MAX_SCENES} of {len(tif.series)} images in this file are listed."
        return tif.series[:MAX_SCENES], (note,)
    return list(tif.series), ()


def _scene(tif: TiffFile, series: TiffPageSeries, number: int) -> Scene:
    _check_page(series.keyframe)
    return scene_of(tif, series, number, layout_of(series))


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


def _decode(tif: TiffFile, series: TiffPageSeries, plane: Plane) -> Decoded:
    page, layout = series.keyframe, layout_of(series)
    pages = layout.pages(plane)
    values = layout.height * layout.width * layout.samples * len(pages)
    if values * series.dtype.itemsize >= LAZY_FROM and is_in_parts(page) and not _turns(series):
        lazy, notes = _lazy(series, pages)
        levels = tuple(
            _lazy(level, layout_of(level).pages(plane))[0] for level in series.levels[1:]
        )
        return Decoded(lazy, levels, notes)
    check_budget(layout.height, layout.width, len(pages) * layout.samples, series.dtype.itemsize)
    parts = [layout.channels_last(_read_page(tif, series, k), plane) for k in pages]
    samples = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    pixels, _, colour_notes = interpret(samples, page, series.kind)
    pixels, turn_notes = _turned(pixels, series)
    return Decoded(pixels, (), colour_notes + turn_notes)


def _lazy(series: TiffPageSeries, indices: list[int]) -> tuple[Pixels, tuple[str, ...]]:
    """The pixels of some pages of a series, read in parts."""
    page, starts = series.keyframe, _starts(series, indices)
    pages = [series[k] for k in indices]
    _check_lazy(page, pages if starts is None else ())
    parts = PageParts(page, pages, starts)

    def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        pixels, _, _ = interpret(parts.read(y0, y1, x0, x1), page, series.kind)
        return np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))

    probe, _, notes = interpret(parts.read(0, 1, 0, 1), page, series.kind)
    shape = (page.imagelength, page.imagewidth, probe.shape[2])
    return LazyPixels(shape, probe.dtype.newbyteorder("="), read), notes


def _check_lazy(page: TiffPage, pages: Sequence[TiffPage | TiffFrame | None]) -> None:
    """Refuse sizes that no scanner makes, and pages that lack tiles."""
    if page.imagelength * page.imagewidth > MOST_LAZY:
        raise ImageTooLarge(
            f"it claims {page.imagewidth} x {page.imagelength} pixels and at most "
            f"{MOST_LAZY:.0e} are read; it is probably damaged, so copy it again from its source"
        )
    if any(p is not None and len(p.dataoffsets) < prod(page.chunked) for p in pages):
        raise UnreadableImage(_CUT)


def _starts(series: TiffPageSeries, indices: list[int]) -> list[int] | None:
    """Where pages begin in the file that lie there as in memory; None when they do not."""
    size = series.keyframe.nbytes
    if series.dataoffset is not None:
        return [series.dataoffset + k * size for k in indices]
    pages = [series[k] for k in indices]
    if series.keyframe.is_final and all(p is not None and len(p.dataoffsets) == 1 for p in pages):
        return [p.dataoffsets[0] for p in pages if p is not None]
    return None


def _check_page(page: TiffPage) -> None:
    """Refuse values and layouts that are no picture."""
    if page.dtype is None or page.dtype.kind not in "buif":
        raise UnreadableImage("its values are not plain numbers; save it as 8-bit or 16-bit TIFF")
    if not {"X", "Y"} <= set(page.axes):
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
        raise UnreadableImage("this plane is in another file of the same set; open that one")
    if len(part.dataoffsets) < prod(page.chunked):
        raise UnreadableImage(_CUT)
    return np.asarray(part.asarray())


def _turns(series: TiffPageSeries) -> bool:
    """Whether the orientation tag counts, which microscopy programs do not use."""
    orientation = series.keyframe.tags.valueof(274, 1)
    return series.kind not in TINTING_KINDS and orientation in range(2, 9)


def _turned(pixels: np.ndarray, series: TiffPageSeries) -> tuple[np.ndarray, tuple[str, ...]]:
    """Upright by the orientation tag."""
    if not _turns(series):
        return pixels, ()
    note = "This file is stored turned or mirrored: it is shown upright."
    return upright(pixels, series.keyframe.tags.valueof(274, 1)), (note,)
