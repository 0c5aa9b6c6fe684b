"""Parts of a TIFF page that is too large to be decoded as a whole."""

import threading
from collections.abc import Sequence
from math import ceil

import numpy as np
from tifffile import TiffFrame, TiffPage

from core.byte_cache import ByteCache
from core.errors import UnreadableImage

KEPT = 64 * 2**20
"""Bytes of decoded tiles that are kept for each image."""


def is_in_parts(page: TiffPage) -> bool:
    """Whether `PageParts` can read the page: a plain picture, in tiles, strips or one piece."""
    return page.axes in ("YX", "YXS") and page.imagedepth == 1


class PageParts:
    """Reads rectangles of pages that belong together, one for each channel, of one layout.

    keyframe: the page that tells the layout of all of them. starts: where each page begins in the
    file (bytes), for those that lie there as they lie in memory.
    """

    def __init__(
        self,
        keyframe: TiffPage,
        pages: Sequence[TiffPage | TiffFrame | None],
        starts: Sequence[int] | None,
    ) -> None:
        self._page, self._pages, self._starts = keyframe, pages, starts
        self._height, self._width = keyframe.imagelength, keyframe.imagewidth
        tall = keyframe.tilelength if keyframe.is_tiled else keyframe.rowsperstrip
        wide = keyframe.tilewidth if keyframe.is_tiled else self._width
        self._side = (min(tall, self._height), wide)
        self._across, self._down = ceil(self._width / wide), ceil(self._height / tall)
        self._decoded: ByteCache[np.ndarray] = ByteCache(KEPT)
        self._lock = threading.Lock()

    def read(self, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        """Samples (y1 - y0, x1 - x0, C) as stored."""
        parts = [self._of_page(number, y0, y1, x0, x1) for number in range(len(self._pages))]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)

    def _of_page(self, number: int, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        if self._starts is not None:
            return self._mapped(self._starts[number])[y0:y1, x0:x1]
        result = np.zeros((y1 - y0, x1 - x0, self._page.samplesperpixel), self._page.dtype)
        tall, wide = self._side
        for row in range(y0 // tall, ceil(y1 / tall)):
            for column in range(x0 // wide, ceil(x1 / wide)):
                tile = self._tile(number, row, column)
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

    def _tile(self, number: int, row: int, column: int) -> np.ndarray | None:
        """A decoded tile or strip (h, w, C); None when the file has none there."""
        page, index = self._pages[number], row * self._across + column
        if page is None:
            raise UnreadableImage("a channel is in another file of the same set; open that one")
        key = number * self._down * self._across + index
        with self._lock:
            if (kept := self._decoded.get(key)) is not None:
                return kept
            tile = self._decode(page, index)
            if tile is not None:
                self._decoded.put(key, tile, tile.nbytes)
            return tile

    def _decode(self, page: TiffPage | TiffFrame, index: int) -> np.ndarray | None:
        size = page.databytecounts[index]
        if not size:
            return None
        file = page.parent.filehandle
        file.seek(page.dataoffsets[index])
        data = file.read(size)
        if len(data) < size:
            raise UnreadableImage("it is cut short; copy it again from its source")
        tile, _, shape = self._page.decode(
            data, index, jpegtables=page.jpegtables, jpegheader=self._page.jpegheader
        )
        return None if tile is None else np.asarray(tile)[0, : shape[1], : shape[2]]

    def _mapped(self, start: int) -> np.ndarray:
        """A page as it lies in its file; nothing is read until it is looked at."""
        file, stored = self._page.parent.filehandle, self._page.dtype
        assert stored is not None  # `_check_page` has seen to it
        dtype = stored.newbyteorder(self._page.parent.byteorder)
        shape = (self._height, self._width, self._page.samplesperpixel)
        return np.memmap(file.path, dtype, "r", start, shape)
