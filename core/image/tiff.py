"""TIFF files of any kind, with everything checked before it is decoded."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from tifffile import TiffFile, TiffFrame, TiffPage, TiffPageSeries

from core.errors import UnreadableImage
from core.image.budget import check_budget
from core.image.decoded import Decoded, upright
from core.image.ome_set import is_safe, ome_set
from core.image.pixels import LAZY_FROM, LazyPixels, Pixels
from core.image.source import Plane, Scene
from core.image.tiff_axes import layout_of
from core.image.tiff_colour import TINTING_KINDS, interpret
from core.image.tiff_facts import scene_of
from core.image.tiff_parts import PageParts, is_cheap, is_in_parts, layers_of, open_file
from core.image.tiff_tiles import guard_tiles
from core.image.whole_or_lazy import check_lazy

MAX_PAGES = 50_000  # beyond, pages are not listed and only the first one is known
MAX_SCENES = 1_000
MAX_TILE = 2**24  # samples; decoders make room for a whole tile, however small its image

_CUT = "it is damaged or cut short; copy it again from its source"
_HOLLOW = "Parts of this image are missing in the file and shown as 0."
_MISSING = "A channel of this plane, or all of it, is in no file that is here: it is shown as 0."
_UNSAFE = "The metadata of this file is unsafe to read and was ignored."
_ALONE = {"is_mmstack": False, "is_ndtiff": False}  # kinds of TIFF that open other files unasked
_WITHOUT_XML = dict.fromkeys(
    ("is_ome", "is_scn", "is_philips", "is_avs", "is_qpi", "is_bif", "is_metaseries"), False
)
_HARMLESS = ("invalid data type", "shaped series", "OME series")  # odd tags and descriptions


class TiffSource:
    """An open TIFF file; its series are the scenes."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Raises UnreadableImage, and whatever the TIFF library raises."""
        with _complaints() as complaints:
            self._tif, self._files, notes = _opened(path, file)
            self._series, series_notes = _list_series(self._tif)
            _refuse_if_any(complaints)
        self.notes: tuple[str, ...] = notes + series_notes
        self._whole: dict[int, tuple[str, ...]] = {}  # by scene that was found whole, its notes

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        with _complaints():
            return tuple(
                _scene(self._tif, series, number, self._files)
                for number, series in enumerate(self._series)
            )

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises UnreadableImage, ImageTooLarge, or anything else."""
        series = self._series[plane.scene]
        with _complaints() as complaints:
            if plane.scene not in self._whole:
                self._whole[plane.scene] = _check_whole(series)
            _refuse_if_any(complaints)
            decoded = _decode(series, plane)
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


def _opened(path: Path, file: BinaryIO) -> tuple[TiffFile, tuple[Path, ...], tuple[str, ...]]:
    """The file, others of its folder that its images lie in, and notes."""
    tif = _tiff(file)
    text = tif.pages.first.description
    if not is_safe(text):
        return _tiff(file, kinds=_ALONE | _WITHOUT_XML), (), (_UNSAFE,)
    if not tif.is_ome:
        return tif, (), ()
    found = ome_set(text, path)
    if found.xml == text:
        return tif, (), ()
    return _tiff(file, found.xml), found.files, ()


def _tiff(file: BinaryIO, omexml: str | None = None, kinds: Mapping[str, Any] = _ALONE) -> TiffFile:
    """Other files are opened only when `omexml` names them, which was checked before."""
    file.seek(0)
    return TiffFile(file, omexml=omexml, _multifile=omexml is not None, **kinds)


def _list_series(tif: TiffFile) -> tuple[list[TiffPageSeries], tuple[str, ...]]:
    """The images in the file, and a note when there are too many to list."""
    try:
        tif.pages[MAX_PAGES]
    except IndexError:
        pass
    else:
        note = f"Only the first of more than {MAX_PAGES} planes in this file is shown."
        return [TiffPageSeries([tif.pages.first])], (note,)
    series = tif.series[:1] if tif.is_lsm else list(tif.series)  # the other of LSM is a thumbnail
    if not series:
        raise UnreadableImage(_CUT)
    if len(series) > MAX_SCENES:
        note = f"Only the first {MAX_SCENES} of {len(series)} images in this file are listed."
        return series[:MAX_SCENES], (note,)
    return series, ()


def _scene(tif: TiffFile, series: TiffPageSeries, number: int, files: tuple[Path, ...]) -> Scene:
    _check_page(series.keyframe)
    scene = scene_of(tif, series, number, layout_of(series))
    note = f"It is spread over {len(files) + 1} files of its folder, which are read together."
    return replace(scene, files=files, notes=(*scene.notes, note)) if files else scene


def _check_whole(series: TiffPageSeries) -> tuple[str, ...]:
    """Refuse a file that ends before its pixels do; a note if it leaves parts out on purpose."""
    start = _start(series)
    if start is not None:
        parts = [(start, prod(series.shape) * series.dtype.itemsize)]
        _check_end(parts, series.keyframe.parent.filehandle.size)
        return ()
    is_hollow = False
    for page in series:
        if page is not None:
            parts = list(zip(page.dataoffsets, page.databytecounts, strict=False))
            _check_end(parts, page.parent.filehandle.size)
            is_hollow |= not all(page.databytecounts)
    return (_HOLLOW,) if is_hollow else ()


def _check_end(parts: Sequence[tuple[int, int]], end: int) -> None:
    """parts: offset and size in bytes of every strip or tile."""
    if any(offset + size > end or (size and not offset) for offset, size in parts):
        raise UnreadableImage(_CUT)


def _start(series: TiffPageSeries) -> int | None:
    """Where the pages of a series begin that lie in one file as in memory, one after another."""
    return None if series.is_multifile else series.dataoffset


def _decode(series: TiffPageSeries, plane: Plane) -> Decoded:
    page, layout = series.keyframe, layout_of(series)
    pages, starts = _pages(series, layout.pages(plane))
    notes = (_MISSING,) if None in pages else ()
    values = layout.height * layout.width * layout.samples * len(pages)
    is_lazy = values * series.dtype.itemsize >= LAZY_FROM and is_in_parts(page)
    if is_lazy and not _turns(series) and (starts is not None or is_cheap(page)):
        lazy, colour_notes = _lazy(series, pages, starts)
        levels = tuple(
            _lazy(level, *_pages(level, layout_of(level).pages(plane)))[0]
            for level in series.levels[1:]
        )
        return Decoded(lazy, levels, colour_notes + notes)
    check_budget(layout.height, layout.width, len(pages) * layout.samples, series.dtype.itemsize)
    parts = [
        layout.channels_last(_read_page(series, pages[k], starts[k] if starts else None), plane)
        for k in range(len(pages))
    ]
    samples = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    pixels, _, colour_notes = interpret(samples, page, series.kind)
    pixels, turn_notes = _turned(pixels, series)
    return Decoded(pixels, (), colour_notes + turn_notes + notes)


def _pages(
    series: TiffPageSeries, indices: Sequence[int]
) -> tuple[list[TiffPage | TiffFrame | None], list[int] | None]:
    """Some pages of a series, and where each begins if all lie in the file as in memory.

    Of a stack behind a single header, that header stands for each page.
    """
    page, start = series.keyframe, _start(series)
    if start is not None:
        return [page] * len(indices), [start + k * page.nbytes for k in indices]
    pages = [series[k] for k in indices]
    for part in pages:
        if part is not None and part.keyframe is not None:
            guard_tiles(part.keyframe)
            if len(part.dataoffsets) < prod(page.chunked):
                raise UnreadableImage(_CUT)
    if page.is_final and all(p is not None and len(p.dataoffsets) == 1 for p in pages):
        return pages, [p.dataoffsets[0] for p in pages if p is not None]
    return pages, None


def _lazy(
    series: TiffPageSeries, pages: Sequence[TiffPage | TiffFrame | None], starts: list[int] | None
) -> tuple[Pixels, tuple[str, ...]]:
    """The pixels of some pages of a series, read in parts."""
    page = series.keyframe
    check_lazy(page.imagelength, page.imagewidth)
    parts = PageParts(page, layers_of(page, pages, starts))

    def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        pixels, _, _ = interpret(parts.read(y0, y1, x0, x1), page, series.kind)
        return np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))

    probe, _, notes = interpret(parts.read(0, 1, 0, 1), page, series.kind)
    shape = (page.imagelength, page.imagewidth, probe.shape[2])
    return LazyPixels(shape, probe.dtype.newbyteorder("="), read), notes


def _check_page(page: TiffPage) -> None:
    """Refuse values and layouts that are no picture."""
    if page.dtype is None or page.dtype.kind not in "buif":
        raise UnreadableImage("its values are not plain numbers; save it as 8-bit or 16-bit TIFF")
    if not {"X", "Y"} <= set(page.axes):
        raise UnreadableImage(_CUT)
    if prod(page.chunks) > max(MAX_TILE, 4 * prod(page.shape)):
        raise UnreadableImage(_CUT)


def _read_page(
    series: TiffPageSeries, part: TiffPage | TiffFrame | None, start: int | None
) -> np.ndarray:
    """The samples of one page as stored; only these bytes of a long stack are touched."""
    page = series.keyframe
    if part is None:
        return np.zeros(page.shape, series.dtype)
    if start is None:
        return np.asarray(part.asarray())
    dtype = part.parent.byteorder + series.dtype.char
    with open_file(part.parent.filehandle) as file:
        return np.asarray(file.read_array(dtype, prod(page.shape), start)).reshape(page.shape)


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
