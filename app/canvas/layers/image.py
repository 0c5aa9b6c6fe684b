"""ImageLayer: paints the visible part of the image from tiles of its pyramid."""

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas.display import Display
from app.canvas.image_reader import ImageReader
from app.canvas.image_tiles import ImageTiles
from app.canvas.layers.frame import Frame
from app.canvas.pyramid import Pyramid
from app.canvas.scratch import Scratch
from app.canvas.tiles import TILE, TileKey, level_for, overlap, tiles_in
from app.canvas.viewport import Bounds, Viewport
from core.annotation.runs import Ints


class ImageLayer:
    """Paints one image, or nothing; what must be read for that comes from `reader`."""

    def __init__(self, reader: ImageReader) -> None:
        self._reader = reader
        self._reader.changed.connect(self._on_changed)
        self._tiles: ImageTiles | None = None
        self._thumbnail: np.ndarray | None = None
        self._scratch = Scratch()

    @property
    def display(self) -> Display | None:
        return self._tiles.display if self._tiles else None

    def show(self, pyramid: Pyramid, display: Display) -> None:
        """Another image."""
        self._put(ImageTiles(pyramid, display))

    def clear(self) -> None:
        self._put(None)

    def set_display(self, display: Display) -> None:
        """Other contrast or colours for the same image."""
        if self._tiles is not None:
            self._tiles.set_display(display)
            self._thumbnail = None

    def values_at(self, column: int, row: int) -> tuple[float, ...] | None:
        """The values of a pixel of the image, one for each channel. None while they are not known:
        they are read, and `reader` says when they are there."""
        if self._tiles is None:
            return None
        key = TileKey(0, column // TILE, row // TILE)
        self._reader.point_at(key)
        pixels = self._tiles.native(key)
        return None if pixels is None else tuple(pixels[row % TILE, column % TILE].tolist())

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
        if self._tiles is None:
            return
        level = _level(frame, self._tiles.pyramid)
        self._want(level, frame.viewport)
        if frame.scale >= 1:
            _paint_magnified(painter, frame, self._tiles, self._scratch)
        else:
            _paint_reduced(painter, frame, self._tiles, level)

    def _put(self, tiles: ImageTiles | None) -> None:
        self._tiles = tiles
        self._thumbnail = None
        self._reader.start(tiles)

    def _want(self, level: int, view: Viewport) -> None:
        """Have the visible tiles read, those in the middle first."""
        assert self._tiles is not None
        shown = overlap(_whole(self._tiles.pyramid), view.visible)
        keys = list(tiles_in(level, shown)) if shown else []
        self._tiles.make_room(len(keys) + 1)
        self._reader.want(sorted(keys, key=lambda key: -_distance(key, view.x, view.y)))

    def _on_changed(self, bounds: Bounds | None) -> None:
        if bounds is None:
            self._thumbnail = None


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


def _paint_reduced(painter: QPainter, frame: Frame, tiles: ImageTiles, level: int) -> None:
    """A level, smoothly scaled."""
    whole = _whole(tiles.pyramid)
    shown = overlap(whole, frame.exposed)
    if shown is None:
        return
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


def _level(frame: Frame, pyramid: Pyramid) -> int:
    """The nearest level."""
    return min(max(level_for(frame.scale), 0), pyramid.top)


def _distance(key: TileKey, x: float, y: float) -> float:
    """From the middle of a tile to a point, squared."""
    x0, y0, x1, y1 = key.bounds
    return ((x0 + x1) / 2 - x) ** 2 + ((y0 + y1) / 2 - y) ** 2


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
