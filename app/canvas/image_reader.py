"""ImageReader: has those parts of an image made that take a while, in another thread."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.canvas.filling import Filling
from app.canvas.image_tiles import ImageTiles
from app.canvas.pyramid import Pyramid
from app.canvas.tile_worker import Made, TileWorker
from app.canvas.tiles import TileKey

FILLING = "filling"


class ImageReader(QObject):
    """Puts what it reads into the tiles of an image.

    changed: the bounds where there is something else to paint, None for all. failed: something
    could not be read, told once for each image.
    """

    changed = Signal(object)
    failed = Signal()

    def __init__(self, worker: TileWorker) -> None:
        super().__init__()
        self._worker = worker
        self._worker.made.connect(self._on_worker_made)
        self._tiles: ImageTiles | None = None
        self._asked: dict[Hashable, int] = {}
        self._wanted: tuple[TileKey, ...] = ()
        self._pointed: TileKey | None = None
        self._unreadable: set[TileKey] = set()  # of those that are wanted
        self._has_failed = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being read."""
        return not self._asked

    def start(self, tiles: ImageTiles | None) -> None:
        """Read for other tiles."""
        self._worker.forget(list(self._asked))
        self._asked.clear()
        self._unreadable.clear()
        self._wanted, self._pointed = (), None
        self._has_failed = False
        self._tiles = tiles
        self._fill()

    def want(self, keys: Sequence[TileKey]) -> None:
        """Read these tiles, the last one first; what else was wanted is not any more."""
        self._wanted = tuple(keys)
        self._update()

    def point_at(self, key: TileKey) -> None:
        """Read one more tile, instead of the one that this was told before."""
        if key != self._pointed:
            self._pointed = key
            self._update()

    def _update(self) -> None:
        pointed = () if self._pointed is None else (self._pointed,)
        wanted = dict.fromkeys((*pointed, *self._wanted))
        gone = self._asked.keys() - wanted.keys() - {FILLING}
        self._worker.forget(gone)
        for key in gone:
            del self._asked[key]
        self._unreadable &= wanted.keys()
        for key in wanted:
            self._ask_for(key)

    def _ask_for(self, key: TileKey) -> None:
        is_known = key in self._asked or key in self._unreadable
        if self._tiles is not None and not is_known and self._tiles.lacks(key):
            self._ask(key, partial(_read, self._tiles.pyramid, key))

    def _fill(self) -> None:
        """Have the next band of the coarse levels made."""
        filling = self._tiles.pyramid.filling if self._tiles else None
        if filling and not filling.is_done:
            self._ask(FILLING, partial(_step, filling))

    def _ask(self, key: Hashable, work: Callable[[], object]) -> None:
        self._asked[key] = self._worker.request(key, work)

    def _on_worker_made(self, made: Made) -> None:
        if self._tiles is None or self._asked.get(made.key) != made.ticket:
            return
        del self._asked[made.key]
        if made.value is None:
            self._fail()
        if isinstance(made.key, TileKey):
            self._on_tile_made(made.key, made.value)
        else:
            self._tiles.refresh()
            self._fill()
            self.changed.emit(None)

    def _on_tile_made(self, key: TileKey, pixels: object) -> None:
        if isinstance(pixels, np.ndarray) and self._tiles is not None:
            self._tiles.put(key, pixels)
            self.changed.emit(key.bounds)
        else:
            self._unreadable.add(key)

    def _fail(self) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit()


def _read(pyramid: Pyramid, key: TileKey) -> np.ndarray:
    return np.ascontiguousarray(pyramid.tile(key))


def _step(filling: Filling) -> bool:
    filling.step()
    return True
