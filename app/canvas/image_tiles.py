"""ImageTiles: the tiles of an image, as they are read and as they are displayed. No Qt."""

import cv2
import numpy as np

from app.canvas.display import Display, to_bgra
from app.canvas.pyramid import Pyramid
from app.canvas.tile_cache import TileCache
from app.canvas.tiles import TILE, TileKey

SHOWN_BYTES = 64 << 20  # of displayed tiles, or two for each that is seen
READ_BYTES = 128 << 20  # of tiles from the file, or two for each that is seen


class ImageTiles:
    """The tiles of one image: (h, w, C) of the file, and uint8 (h, w, 4) blue, green, red, opaque.

    The latter are made while painting, 1 ms each. What lies in the file is not read here: whoever
    reads it puts it in, so that other contrast reads nothing again; a coarser tile, smoothly
    magnified, stands in until then.
    """

    def __init__(self, pyramid: Pyramid, display: Display) -> None:
        self.pyramid, self.display = pyramid, display
        self._shown: TileCache[np.ndarray] = TileCache(SHOWN_BYTES)
        self._read: TileCache[np.ndarray] = TileCache(READ_BYTES)

    def set_display(self, display: Display) -> None:
        self.display = display
        self._shown.clear()

    def make_room(self, count: int) -> None:
        """Have so many tiles be kept, that one that is seen is never pushed out by another."""
        pixels = self.pyramid.levels[0]
        values = 2 * count * TILE * TILE
        self._shown.limit = max(SHOWN_BYTES, 4 * values)
        self._read.limit = max(READ_BYTES, values * pixels.shape[2] * pixels.dtype.itemsize)

    def lacks(self, key: TileKey) -> bool:
        """Whether a tile must be read; if not, that counts as a use."""
        return self.pyramid.is_read(key.level) and self._read.get(key) is None

    def put(self, key: TileKey, pixels: np.ndarray) -> None:
        """A tile that was read."""
        self._read.put(key, pixels)

    def refresh(self) -> None:
        """More of the coarse levels is there."""
        for key, _ in self._shown.items():
            if key.level >= self.pyramid.first_sketched:
                self._shown.discard(key)

    def native(self, key: TileKey) -> np.ndarray | None:
        """The values of a tile, None while they are not known."""
        if self.pyramid.is_read(key.level):
            return self._read.get(key)
        return self.pyramid.tile(key) if self.pyramid.has(key) else None

    def tile(self, key: TileKey) -> np.ndarray:
        """What is displayed in the place of a tile."""
        tile = self._shown.get(key)
        if tile is not None:
            return tile
        pixels = self.native(key)
        if pixels is None and key.level < self.pyramid.first_sketched:
            return self._stand_in(key)
        tile = to_bgra(self.pyramid.tile(key) if pixels is None else pixels, self.display)
        self._shown.put(key, tile)
        return tile

    def _stand_in(self, key: TileKey) -> np.ndarray:
        """A part of the finest coarser tile that can be shown."""
        coarser = key.parent
        while coarser.level < self.pyramid.first_sketched and self.native(coarser) is None:
            coarser = coarser.parent
        height, width = self.pyramid.tile_size(key)
        shift = coarser.level - key.level
        x, y = ((at * TILE >> shift) % TILE for at in (key.column, key.row))
        rows, columns = (-(-side >> shift) for side in (height, width))
        part = self.tile(coarser)[y : y + rows, x : x + columns]
        size = (part.shape[1] << shift, part.shape[0] << shift)
        magnified = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(magnified[:height, :width])
