"""ImageLayer: paints the visible part of the image from tiles of its pyramid."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas.display import Display, to_bgra
from app.canvas.layers.frame import Frame
from app.canvas.pyramid import Pyramid
from app.canvas.tile_cache import TileCache
from app.canvas.tiles import TileKey, level_for, overlap, tiles_in
from app.canvas.viewport import Bounds
from core.annotation.runs import Ints

CACHE_BYTES = 64 << 20


class ImageTiles:
    """The tiles of one image as it is displayed: uint8 (h, w, 4) blue, green, red, opaque. Made
    while painting, 1 ms each; only the pyramid takes longer."""

    def __init__(self, pyramid: Pyramid, display: Display) -> None:
        self.pyramid, self.display = pyramid, display
        self._tiles: TileCache[np.ndarray] = TileCache(CACHE_BYTES)

    def tile(self, key: TileKey) -> np.ndarray:
        tile = self._tiles.get(key)
        if tile is None:
            tile = to_bgra(self.pyramid.tile(key), self.display)
            self._tiles.put(key, tile)
        return tile


class ImageLayer:
    """Paints one image, or nothing."""

    def __init__(self) -> None:
        self._tiles: ImageTiles | None = None

    @property
    def display(self) -> Display | None:
        return self._tiles.display if self._tiles else None

    def show(self, pyramid: Pyramid, display: Display) -> None:
        """Another image."""
        self._tiles = ImageTiles(pyramid, display)

    def clear(self) -> None:
        self._tiles = None

    def set_display(self, display: Display) -> None:
        """Other contrast or colours for the same image."""
        if self._tiles is not None:
            self.show(self._tiles.pyramid, display)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Hard-edged pixels from 1:1 on, smooth below."""
        if self._tiles is not None:
            paint = _paint_magnified if frame.scale >= 1 else _paint_reduced
            paint(painter, frame, self._tiles)


def _paint_magnified(painter: QPainter, frame: Frame, tiles: ImageTiles) -> None:
    """Each device pixel gets the image pixel under its centre. Qt's own scaling rounds the edges
    of what it scales, which shifts pixels against outlines."""
    shown = overlap(_whole(tiles.pyramid), frame.exposed)
    if shown is None:
        return
    columns, rows = frame.pixels_under(shown)
    for key in tiles_in(0, shown):
        tile = tiles.tile(key)
        x, y = int(key.bounds[0]), int(key.bounds[1])
        left, right = np.searchsorted(columns.under, (x, x + tile.shape[1]))
        top, bottom = np.searchsorted(rows.under, (y, y + tile.shape[0]))
        picked = _picked(tile, rows.under[top:bottom] - y, columns.under[left:right] - x)
        picture = _picture(picked)
        picture.setDevicePixelRatio(frame.ratio)
        corner = QPointF(columns.first + left, rows.first + top) / frame.ratio
        painter.drawImage(corner, picture)


def _paint_reduced(painter: QPainter, frame: Frame, tiles: ImageTiles) -> None:
    """The nearest level, smoothly scaled."""
    whole = _whole(tiles.pyramid)
    shown = overlap(whole, frame.exposed)
    if shown is None:
        return
    level = min(max(level_for(frame.scale), 0), tiles.pyramid.top)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(frame.rect(whole), Qt.ClipOperation.IntersectClip)
    for key in tiles_in(level, shown):
        tile = tiles.tile(key)
        height, width = tile.shape[:2]
        x, y = key.bounds[:2]
        area = frame.rect((x, y, x + width * key.step, y + height * key.step))
        painter.drawImage(area, _picture(tile), QRectF(0, 0, width, height))
    painter.restore()


def _whole(pyramid: Pyramid) -> Bounds:
    width, height = pyramid.size
    return 0.0, 0.0, float(width), float(height)


def _picked(tile: np.ndarray, rows: Ints, columns: Ints) -> np.ndarray:
    """These rows and columns of a tile, some of them many times."""
    whole = tile.view(np.uint32)[..., 0]
    return whole.take(rows, axis=0).take(columns, axis=1)


def _picture(pixels: np.ndarray) -> QImage:
    """A picture on the array, which must live as long."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
