"""OverlayLayer: the crowd of regions, painted from tiles that are made once.

A tile that is missing is made while painting when it holds few regions, else by the worker, and a
coarser or finer one stands in. After a small edit the touched part of every tile is painted anew
at once; after a large one all tiles are outdated, and stay on the screen until they are replaced.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.canvas.layers.frame import Frame
from app.canvas.polygon_store import PolygonStore
from app.canvas.scratch import Scratch
from app.canvas.shapes import Shapes
from app.canvas.style import CanvasStyle
from app.canvas.tile_cache import TileCache
from app.canvas.tile_renderer import MARGIN, draw, render
from app.canvas.tile_worker import Made, TileWorker
from app.canvas.tiles import TILE, TileKey, joined, level_for, overlap, padded, tiles_in
from app.canvas.viewport import Bounds
from core.annotation.runs import Ints

CACHE_BYTES = 128 << 20
AT_ONCE = 600  # regions painted in tiles within one frame, about 8 ms; more go to the worker
PATCHES = 64  # changed rectangles after which tiles are patched; after more all are outdated
NOTHING = np.zeros((0, 0, 4), np.uint8)
EDGED = (TILE + 2 * MARGIN, TILE + 2 * MARGIN, 4)  # what a tile is drawn on


@dataclass(frozen=True, eq=False)
class Rendered:
    """What the worker hands back; `age` of the tiles when it was asked for."""

    pixels: np.ndarray
    age: int


@dataclass(frozen=True, eq=False)
class OverlayTile:
    """A picture on an array, both empty where there are no regions; `age` counts outdatings."""

    pixels: np.ndarray
    picture: QImage | None
    age: int

    @property
    def nbytes(self) -> int:
        return int(self.pixels.nbytes)


class OverlayLayer:
    """Paints the regions of a store; `changed` is called with the bounds where more of it can be
    painted."""

    def __init__(self, worker: TileWorker, changed: Callable[[Bounds], None]) -> None:
        self._changed = changed
        self._store = PolygonStore({})
        self._style = CanvasStyle()
        self._marked: frozenset[int] = frozenset()
        self._lifted: frozenset[int] = frozenset()
        self._ratio = 1.0
        self._age = self._oldest = 0  # older tiles than `_oldest` are of another document
        self._tiles: TileCache[OverlayTile] = TileCache(CACHE_BYTES)
        self._asked: dict[TileKey, int] = {}
        self._scratch = Scratch()
        self._worker = worker
        self._worker.made.connect(self._on_worker_made)

    @property
    def is_settled(self) -> bool:
        """Whether no tile is being made, nor waits for regions."""
        return not self._asked and self._store.is_loaded

    @property
    def lifted(self) -> frozenset[int]:
        return self._lifted

    def show(self, store: PolygonStore) -> None:
        """Other regions."""
        self._store = store
        self._marked = self._lifted = frozenset()
        self._tiles.clear()
        self._outdate()
        self._oldest = self._age

    def set_style(self, style: CanvasStyle) -> None:
        self._style = style
        self._outdate()

    def mark(self, ids: frozenset[int]) -> None:
        """Paint these regions in the colour of the selection."""
        if ids != self._marked:
            self._marked = ids
            self._outdate()

    def lift(self, ids: frozenset[int]) -> None:
        """Leave these regions out: a tool paints them in another place."""
        if ids != self._lifted:
            changed = ids ^ self._lifted
            self._lifted = ids
            self.refresh([region.bounds for region in self._store.shown(changed)])

    def refresh(self, changed: Collection[Bounds] | None) -> None:
        """The regions in these rectangles are not what they were; None: in many."""
        if changed is None or len(changed) > PATCHES:
            self._outdate()
            return
        if not changed:
            return
        around = joined(*changed)
        for key, tile in self._tiles.items():
            if tile.age != self._age or not self._part(key, around):
                continue  # it is about to be replaced, or far away
            touched = [part for bounds in changed if (part := self._part(key, bounds))]
            if touched:
                self._patch(key, tile, joined(*touched))
        self._forget(k for k in list(self._asked) if any(self._part(k, b) for b in changed))

    def paint(self, painter: QPainter, frame: Frame) -> None:
        if frame.ratio != self._ratio:
            self._ratio = frame.ratio
            self._outdate()
        wanted = set(tiles_in(level_for(frame.scale), frame.viewport.visible))
        self._forget(self._asked.keys() - wanted)
        room = AT_ONCE
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        for key in sorted(wanted):
            room -= self._provide(key, room)
            if overlap(key.bounds, frame.exposed):
                self._paint_tile(painter, frame, key)

    def _provide(self, key: TileKey, room: int) -> int:
        """Have a current tile made unless there is one; returns how many regions were painted."""
        tile = self._tiles.get(key)
        is_current = tile is not None and tile.age == self._age
        if is_current or key in self._asked or not self._store.is_loaded:
            return 0
        rows = self._rows(key)
        work = self._work(key, rows)
        if len(rows) > room:
            self._asked[key] = self._worker.request(key, work)
            return 0
        self._keep(key, work())
        return len(rows)

    def _paint_tile(self, painter: QPainter, frame: Frame, key: TileKey) -> None:
        tile = self._tiles.get(key)
        if tile is not None:
            _draw(painter, frame, key, tile, key.bounds)
            return
        finer = [(child, self._tiles.peek(child)) for child in key.children]
        if all(tile is not None for _, tile in finer):
            for child, tile in finer:
                _draw(painter, frame, child, tile, child.bounds)
            return
        coarser = key.parent
        while self._tiles.peek(coarser) is None and coarser.level < key.level + 8:
            coarser = coarser.parent
        _draw(painter, frame, coarser, self._tiles.peek(coarser), key.bounds)

    def _rows(self, key: TileKey) -> Ints:
        return self._store.rows_in(padded(key.bounds, self._reach(key)))

    def _reach(self, key: TileKey) -> float:
        """Image px that an outline may reach beyond its region."""
        return (self._style.outline_width * self._ratio + 2) * key.step

    def _part(self, key: TileKey, changed: Bounds) -> Bounds | None:
        """The part of a tile that regions within some bounds reach."""
        return overlap(key.bounds, padded(changed, self._reach(key)))

    def _work(self, key: TileKey, rows: Ints) -> Callable[[], Rendered]:
        """What makes a tile, from values that nobody changes."""
        shapes = self._shapes(rows)
        style, width, age = self._style, self._style.crowd_width * self._ratio, self._age
        return lambda: Rendered(_pixels(shapes, key, style, width), age)

    def _shapes(self, rows: Ints) -> Shapes:
        return self._store.shapes(rows, _numbers(self._marked), _numbers(self._lifted))

    def _keep(self, key: TileKey, rendered: Rendered) -> None:
        side = rendered.pixels.shape[0]
        form = QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(rendered.pixels.data, side, side, 4 * side, form) if side else None
        self._tiles.put(key, OverlayTile(rendered.pixels, picture, rendered.age))

    def _patch(self, key: TileKey, tile: OverlayTile, part: Bounds) -> None:
        """Paint a part of a tile anew, pixel by pixel what the whole would be."""
        if tile.picture is None:
            self._tiles.discard(key)  # nothing to patch: it is made when it is painted
            return
        shapes = self._shapes(self._store.rows_in(padded(part, self._reach(key))))
        picture = self._scratch.take("patch", *EDGED)
        picture[:] = 0
        width = self._style.crowd_width * self._ratio
        drawn = draw(picture, shapes, key.bounds[:2], 1 / key.step, self._style, width)
        _copy_part(drawn, tile.pixels, key, part)

    def _outdate(self) -> None:
        self._age += 1
        self._forget(list(self._asked))

    def _forget(self, keys: Iterable[TileKey]) -> None:
        gone = list(keys)
        self._worker.forget(gone)
        for key in gone:
            self._asked.pop(key, None)

    def _on_worker_made(self, made: Made) -> None:
        key, rendered = made.key, made.value
        if not isinstance(key, TileKey):
            return
        awaited = self._asked.get(key) == made.ticket
        if awaited:
            del self._asked[key]
        if not isinstance(rendered, Rendered):
            return  # it failed, and is asked for again when the canvas is next painted
        if awaited or self._is_newer(key, rendered.age):
            self._keep(key, rendered)
            self._changed(key.bounds)

    def _is_newer(self, key: TileKey, age: int) -> bool:
        """Whether a tile that came too late is nearer to the truth than the one on the screen, as
        while a slider moves. One of the current age is not: something in it was changed."""
        tile = self._tiles.peek(key)
        return max(self._oldest, tile.age + 1 if tile else 0) <= age < self._age


def _numbers(ids: frozenset[int]) -> Ints:
    return np.fromiter(ids, np.int64, len(ids))


def _pixels(shapes: Shapes, key: TileKey, style: CanvasStyle, width: float) -> np.ndarray:
    if not len(shapes):
        return NOTHING
    return render(shapes, key.bounds[:2], 1 / key.step, TILE, style, width)


def _copy_part(source: np.ndarray, target: np.ndarray, key: TileKey, part: Bounds) -> None:
    """Copy the pixels of a tile that lie in `part`, whole ones."""
    x, y = key.bounds[:2]
    columns = slice(int((part[0] - x) / key.step), int(np.ceil((part[2] - x) / key.step)))
    rows = slice(int((part[1] - y) / key.step), int(np.ceil((part[3] - y) / key.step)))
    target[rows, columns] = source[rows, columns]


def _draw(
    painter: QPainter, frame: Frame, key: TileKey, tile: OverlayTile | None, area: Bounds
) -> None:
    """The part of a tile that covers `area`."""
    if tile is None or tile.picture is None:
        return
    x, y = key.bounds[:2]
    side = (area[2] - area[0]) / key.step
    source = QRectF((area[0] - x) / key.step, (area[1] - y) / key.step, side, side)
    painter.drawImage(frame.rect(area), tile.picture, source)
