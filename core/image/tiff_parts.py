"""Parts of a TIFF page that is too large to be decoded as a whole."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

import numpy as np
from tifffile import FileHandle, TiffFrame, TiffPage

from core.byte_cache import ByteCache
from core.errors import UnreadableImage
from core.image.whole_or_lazy import MAX_PART

KEPT = 64 * 2**20
"""Bytes of decoded tiles that are kept for each image."""
Page = TiffPage | TiffFrame


@dataclass(frozen=True)
class Layer:
    """Samples of all pixels that lie together in a page, all of them or, when they are stored
    apart, one.

    page: None for one that the file does not have. first: the number of its first tile in the
    page. start: the byte where it begins, when it lies in the file as it lies in memory.
    """

    page: Page | None
    first: int = 0
    start: int | None = None


def is_in_parts(page: TiffPage) -> bool:
    """Whether `PageParts` can read the page: a plain picture, in tiles, strips or one piece."""
    return page.axes in ("YX", "YXS", "SYX") and page.imagedepth == 1


def is_cheap(page: TiffPage) -> bool:
    """Whether its tiles or strips are small enough to decode them for a part."""
    tall, wide = _side(page)
    return tall * wide * _depth(page) * page.bitspersample // 8 <= MAX_PART


def layers_of(
    keyframe: TiffPage, pages: Sequence[Page | None], starts: Sequence[int] | None
) -> list[Layer]:
    """The layers of pages, one after another. starts: where pages lie as in memory."""
    apart = keyframe.samplesperpixel // _depth(keyframe)
    down, across = _counts(keyframe)
    size = keyframe.nbytes // apart
    places = starts if starts is not None else [None] * len(pages)
    return [
        Layer(page, k * down * across, None if start is None else start + k * size)
        for page, start in zip(pages, places, strict=True)
        for k in range(apart)
    ]


class PageParts:
    """Reads rectangles of layers that belong together.

    keyframe: the page that tells how all of them are stored.
    """

    def __init__(self, keyframe: TiffPage, layers: Sequence[Layer]) -> None:
        self._page, self._layers = keyframe, layers
        self._side = _side(keyframe)
        self._down, self._across = _counts(keyframe)
        self._decoded: ByteCache[np.ndarray] = ByteCache(KEPT)
        self._lock = threading.Lock()

    def read(self, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        """Samples (y1 - y0, x1 - x0, C) as stored."""
        parts = [self._of_layer(number, y0, y1, x0, x1) for number in range(len(self._layers))]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)

    def _of_layer(self, number: int, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        layer = self._layers[number]
        if layer.page is not None and layer.start is not None:
            # A copy: views would keep the file mapped, and what is mapped counts as memory.
            return self._mapped(layer.page, layer.start)[y0:y1, x0:x1].copy()
        result = np.zeros((y1 - y0, x1 - x0, _depth(self._page)), self._page.dtype)
        if layer.page is None:
            return result
        tall, wide = self._side
        for row in range(y0 // tall, ceil(y1 / tall)):
            for column in range(x0 // wide, ceil(x1 / wide)):
                tile = self._tile(number, layer, row, column)
                self._paste(result, y0, x0, row * tall, column * wide, tile)
        return result

    def _paste(
        self, result: np.ndarray, y0: int, x0: int, top: int, left: int, tile: np.ndarray | None
    ) -> None:
        """Copy what a tile at (top, left) has of the rectangle that begins at (y0, x0)."""
        if tile is None:  # left out of the file on purpose: stays 0
            return
        a, b = max(top, y0), min(top + tile.shape[0], y0 + result.shape[0])
        c, d = max(left, x0), min(left + tile.shape[1], x0 + result.shape[1])
        result[a - y0 : b - y0, c - x0 : d - x0] = tile[a - top : b - top, c - left : d - left]

    def _tile(self, number: int, layer: Layer, row: int, column: int) -> np.ndarray | None:
        """A decoded tile or strip (h, w, C); None when the file has none there."""
        index = row * self._across + column
        key = number * self._down * self._across + index
        with self._lock:
            if (kept := self._decoded.get(key)) is not None:
                return kept
            assert layer.page is not None
            tile = self._decode(layer.page, layer.first + index)
            if tile is not None:
                self._decoded.put(key, tile, tile.nbytes)
            return tile

    def _decode(self, page: Page, index: int) -> np.ndarray | None:
        size = page.databytecounts[index]
        if not size:
            return None
        with open_file(page.parent.filehandle) as file:
            file.seek(page.dataoffsets[index])
            data = file.read(size)
        if len(data) < size:
            raise UnreadableImage("it is cut short; copy it again from its source")
        tile, _, shape = self._page.decode(
            data, index, jpegtables=page.jpegtables, jpegheader=self._page.jpegheader
        )
        return None if tile is None else np.asarray(tile)[0, : shape[1], : shape[2]]

    def _mapped(self, page: Page, start: int) -> np.ndarray:
        """A layer as it lies in its file; nothing is read until it is looked at."""
        stored = self._page.dtype
        assert stored is not None  # `_check_page` has seen to it
        dtype = stored.newbyteorder(page.parent.byteorder)
        shape = (self._page.imagelength, self._page.imagewidth, _depth(self._page))
        return np.memmap(page.parent.filehandle.path, dtype, "r", start, shape)


@contextmanager
def open_file(file: FileHandle) -> Iterator[FileHandle]:
    """For one reader alone; of a set, only the chosen file stays open between two reads."""
    file.set_lock(True)
    with file.lock:
        was_closed = file.closed
        if was_closed:
            file.open()
        try:
            yield file
        finally:
            if was_closed:
                file.close()


def _depth(page: TiffPage) -> int:
    """Samples of a pixel that are stored side by side."""
    return 1 if page.axes == "SYX" else int(page.samplesperpixel)


def _side(page: TiffPage) -> tuple[int, int]:
    """Height and width of a tile or strip."""
    if page.is_tiled:
        return page.tilelength, page.tilewidth
    return min(page.rowsperstrip, page.imagelength), page.imagewidth


def _counts(page: TiffPage) -> tuple[int, int]:
    """Tiles or strips down and across."""
    tall, wide = _side(page)
    return ceil(page.imagelength / tall), ceil(page.imagewidth / wide)
