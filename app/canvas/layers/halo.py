"""The halo: a soft band along outlines where the network was in doubt about the border.

What is sampled lies on grids that begin at the corner of the widget, so that a part that is
painted anew fits to what is there.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import cv2
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas.layers.frame import Frame
from app.canvas.layers.paths import on_screen
from app.canvas.scratch import Scratch
from app.canvas.tiles import joined, overlap, padded
from app.canvas.viewport import Bounds
from core.annotation.region import Region, Ring

DOUBT = 0.1  # probability on either side of the threshold
USUAL_THRESHOLD = 0.5
COLOR = (True, False, True)  # red, green, blue: magenta, which no class has
OPACITY = 0.8  # where the probability equals the threshold
MAP_CELL = 2  # device px; between them the probability is interpolated
MASK_CELL = 4  # device px, at least; at least 2 image px too
WIDENED, BLURRED = 3, 2  # cells of the mask by which a band may reach beyond an outline
SHIFT = 4  # bits behind the point of a coordinate: 1/16 px


class Cells(NamedTuple):
    """Squares of `side` device px that cover a part of the widget; x0, y0, x1, y1 count them."""

    side: int
    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.x1 - self.x0, self.y1 - self.y0

    def padded(self, by: int) -> "Cells":
        return Cells(self.side, self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)


def halo_reach(scale: float) -> float:
    """Image px around a region in which its band is shown, at so many device px per image px."""
    return (WIDENED + BLURRED + 1) * _mask_cell(scale) / scale


class HaloLayer:
    """Paints the bands of doubt; keeps the memory for it."""

    def __init__(self) -> None:
        self._scratch = Scratch()

    def paint(
        self,
        painter: QPainter,
        frame: Frame,
        probability: np.ndarray,
        regions: Sequence[Region],
    ) -> None:
        """The bands of some regions in the exposed part.

        probability: (H, W) float32 of 0..1, that a pixel of the image belongs to an object.
        """
        height, width = probability.shape
        area = _area(frame, (0, 0, width, height), regions)
        cells = _cells(frame, area, MAP_CELL) if area else None
        if cells is None or min(cells.size) <= 0:
            return
        picture = self._colored(self._opacity(frame, probability, regions, cells))
        rows, columns = picture.shape[:2]
        form = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(picture.data, columns, rows, 4 * columns, form)
        image.setDevicePixelRatio(frame.ratio)
        painter.save()  # cells may reach a pixel beyond the image
        painter.setClipRect(frame.rect((0, 0, width, height)), Qt.ClipOperation.IntersectClip)
        painter.drawImage(QPointF(cells.x0, cells.y0) * (cells.side / frame.ratio), image)
        painter.restore()

    def _opacity(
        self, frame: Frame, probability: np.ndarray, regions: Sequence[Region], cells: Cells
    ) -> np.ndarray:
        """uint8 (h, w) for the device pixels of the cells."""
        shown = self._sampled(frame, probability, cells)
        opacity, band = (self._scratch.take(name, *shown.shape) for name in ("opacity", "band"))
        opacity[:] = 0
        for threshold, shells in _by_threshold(regions).items():
            cv2.LUT(shown, _table(threshold), dst=band)
            cv2.min(band, self._surroundings(frame, shells, cells), dst=band)
            cv2.max(opacity, band, dst=opacity)
        return opacity

    def _sampled(self, frame: Frame, probability: np.ndarray, cells: Cells) -> np.ndarray:
        """uint8 on the device pixels of the cells: the map in 255ths, no more than is shown."""
        cells = cells.padded(1)
        left, top, right, bottom = _bounds(frame, cells)
        step = max(math.floor(MAP_CELL / frame.scale), 1)
        x, y = (max(math.floor(low / step) - 1, 0) * step for low in (left, top))
        part = probability[y : math.ceil(bottom) + step : step, x : math.ceil(right) + step : step]
        pace = cells.side / (frame.scale * step)
        middle = pace / 2  # of the first cell; pixels, too, are sampled in their middle
        first_x, first_y = ((a - b - 0.5) / step + middle for a, b in ((left, x), (top, y)))
        coarse = cv2.warpAffine(
            cv2.convertScaleAbs(part, alpha=255),
            np.array(((pace, 0, first_x), (0, pace, first_y))),
            cells.size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        inner = slice(cells.side, -cells.side)
        return self._magnified("map", coarse, cells.side)[inner, inner]

    def _surroundings(self, frame: Frame, shells: Sequence[Ring], cells: Cells) -> np.ndarray:
        """uint8 on the device pixels of the cells: 255 in and around shells, less outwards."""
        side = _mask_cell(frame.scale)
        wide = _covering(cells, side).padded(WIDENED + BLURRED + 1)
        mask = np.zeros(wide.size[::-1], np.uint8)
        for outline in _outlines(frame, shells, wide):  # together, overlapping ones cancel out
            cv2.fillPoly(mask, [outline], 255, cv2.LINE_8, SHIFT)
        mask = cv2.dilate(mask, np.ones((2 * WIDENED + 1, 2 * WIDENED + 1), np.uint8))
        mask = cv2.blur(mask, (2 * BLURRED + 1, 2 * BLURRED + 1))
        x, y = cells.x0 * cells.side - wide.x0 * side, cells.y0 * cells.side - wide.y0 * side
        columns, rows = (count * cells.side for count in cells.size)
        return self._magnified("mask", mask, side)[y : y + rows, x : x + columns]

    def _magnified(self, name: str, picture: np.ndarray, by: int) -> np.ndarray:
        height, width = (by * side for side in picture.shape)
        target = self._scratch.take(name, height, width)
        return cv2.resize(picture, (width, height), dst=target, interpolation=cv2.INTER_LINEAR)

    def _colored(self, opacity: np.ndarray) -> np.ndarray:
        """uint8 (h, w, 4) blue, green, red, opacity, the colours premultiplied."""
        nothing = self._scratch.take("nothing", *opacity.shape)
        nothing[:] = 0
        planes = [*(opacity if part else nothing for part in COLOR[::-1]), opacity]
        return cv2.merge(planes, dst=self._scratch.take("colored", *opacity.shape, 4))


def _area(frame: Frame, image: Bounds, regions: Sequence[Region]) -> Bounds | None:
    """The part of the image that is exposed and near the regions."""
    area = overlap(image, frame.exposed)
    if not (area and regions):
        return None
    around = joined(*(region.bounds for region in regions))
    return overlap(area, padded(around, halo_reach(frame.scale)))


def _by_threshold(regions: Sequence[Region]) -> dict[float, list[Ring]]:
    found: dict[float, list[Ring]] = {}
    for region in regions:
        threshold = region.origin.threshold
        key = USUAL_THRESHOLD if threshold is None else threshold
        found.setdefault(key, []).append(region.shell)
    return found


def _table(threshold: float) -> np.ndarray:
    """uint8 (256,): the opacity for each probability, falling off on both sides."""
    distance = np.abs(np.arange(256) / 255 - threshold)
    share = np.clip(1 - distance / DOUBT, 0, 1)
    return np.rint(255 * OPACITY * share).astype(np.uint8)


def _outlines(frame: Frame, shells: Sequence[Ring], cells: Cells) -> list[np.ndarray]:
    """int32 (n, 2) of each shell, fixed-point cells, as OpenCV counts them: from their centres."""
    points = on_screen(np.concatenate(shells), frame.viewport) * (frame.ratio / cells.side)
    fixed = np.rint((points - (cells.x0 + 0.5, cells.y0 + 0.5)) * (1 << SHIFT)).astype(np.int32)
    ends = list(accumulate(map(len, shells), initial=0))
    return [fixed[start:end] for start, end in pairwise(ends)]


def _cells(frame: Frame, area: Bounds, side: int) -> Cells:
    """The cells that the device pixels of an area lie in."""
    columns, rows = frame.pixels_under(area)
    ends = columns.first + len(columns.under), rows.first + len(rows.under)
    return _covering(Cells(1, columns.first, rows.first, *ends), side)


def _covering(cells: Cells, side: int) -> Cells:
    """The cells of another size that cover these."""
    x0, y0, x1, y1 = (edge * cells.side for edge in cells[1:])
    return Cells(side, x0 // side, y0 // side, -(-x1 // side), -(-y1 // side))


def _bounds(frame: Frame, cells: Cells) -> Bounds:
    """What the cells show of the image, and beyond."""
    x0, y0, x1, y1 = (edge * cells.side / frame.ratio for edge in cells[1:])
    return (*frame.viewport.to_image(x0, y0), *frame.viewport.to_image(x1, y1))


def _mask_cell(scale: float) -> int:
    """Device px of a cell of the mask."""
    return max(MASK_CELL, round(2 * scale))
