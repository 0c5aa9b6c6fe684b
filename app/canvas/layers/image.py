"""ImageLayer: paints the visible part of the image from tiles of its pyramid."""

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas.display import Display, to_bgra
from app.canvas.layers.frame import Frame
from app.canvas.pyramid import Pyramid
from app.canvas.scratch import Scratch
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
        self._thumbnail: np.ndarray | None = None
        self._scratch = Scratch()

    @property
    def display(self) -> Display | None:
        return self._tiles.display if self._tiles else None

    def show(self, pyramid: Pyramid, display: Display) -> None:
        """Another image."""
        self._tiles = ImageTiles(pyramid, display)
        self._thumbnail = None

    def clear(self) -> None:
        self._tiles = self._thumbnail = None

    def set_display(self, display: Display) -> None:
        """Other contrast or colours for the same image."""
        if self._tiles is not None:
            self.show(self._tiles.pyramid, display)

    def thumbnail(self, width: int, height: int) -> QImage | None:
        """The whole image in this size, None while there is none; smaller than a tile."""
        if self._tiles is None:
            return None
        if self._thumbnail is None or self._thumbnail.shape[:2] != (height, width):
            whole = self._tiles.tile(TileKey(self._tiles.pyramid.top, 0, 0))
            self._thumbnail = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
        return _picture(self._thumbnail)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Hard-edged pixels from 1:1 on, smooth below."""
        if self._tiles is not None and frame.scale >= 1:
            _paint_magnified(painter, frame, self._tiles, self._scratch)
        elif self._tiles is not None:
            _paint_reduced(painter, frame, self._tiles)


def _paint_magnified(painter: QPainter, frame: Frame, tiles: ImageTiles, scratch: Scratch) -> None:
    """Each device pixel gets the image pixel under its centre. Qt's own scaling rounds the edges
    of what it scales, which shifts pixels against outlines."""
    shown = overlap(_whole(tiles.pyramid), frame.exposed)
    columns, rows = frame.pixels_under(shown or (0, 0, 0, 0))
    if shown is None or not (len(columns.under) and len(rows.under)):
        return
    first, last = int(rows.under[0]), int(rows.under[-1]) + 1
    band = _words(scratch.take("band", last - first, len(columns.under), 4))
    for key in tiles_in(0, shown):
        _spread(tiles.tile(key), key, columns.under, first, band)
    pixels = scratch.take("pixels", len(rows.under), len(columns.under), 4)
    np.take(band, rows.under - first, axis=0, out=_words(pixels), mode="clip")
    picture = _picture(pixels)
    picture.setDevicePixelRatio(frame.ratio)
    painter.drawImage(QPointF(columns.first, rows.first) / frame.ratio, picture)


def _spread(tile: np.ndarray, key: TileKey, under: Ints, first: int, band: np.ndarray) -> None:
    """Put the rows of a tile into the band of image rows from `first` on, a column for each image
    column that is wanted."""
    x, y = int(key.bounds[0]), int(key.bounds[1])
    left, right = np.searchsorted(under, (x, x + tile.shape[1]))
    top, bottom = max(y, first), min(y + tile.shape[0], first + len(band))
    part = _words(tile)[top - y : bottom - y]
    band[top - first : bottom - first, left:right] = part.take(under[left:right] - x, axis=1)


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


def _words(pixels: np.ndarray) -> np.ndarray:
    """uint32 (h, w), one number for each pixel."""
    words: np.ndarray = pixels.view(np.uint32)[..., 0]
    return words


def _picture(pixels: np.ndarray) -> QImage:
    """A picture on the array, which must live as long."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
