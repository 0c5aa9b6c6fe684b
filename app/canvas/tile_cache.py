"""TileCache: the tiles used last, up to a number of bytes. No Qt."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from app.canvas.tiles import TileKey


class Sized(Protocol):
    """A value that knows how much memory it holds."""

    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=Sized)

SLOT = 1024  # bytes counted for a tile even if it is empty: keys need memory too


class TileCache(Generic[T]):
    """Tiles by key; the least recently used go first when `limit` bytes are exceeded."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._tiles: OrderedDict[TileKey, T] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._tiles)

    @property
    def nbytes(self) -> int:
        return self._bytes

    def get(self, key: TileKey) -> T | None:
        """The tile, which then counts as just used."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def peek(self, key: TileKey) -> T | None:
        """The tile, without counting as a use."""
        return self._tiles.get(key)

    def put(self, key: TileKey, tile: T) -> None:
        self.discard(key)
        self._tiles[key] = tile
        self._bytes += tile.nbytes + SLOT
        while self._bytes > self.limit and len(self._tiles) > 1:
            self.discard(next(iter(self._tiles)))

    def discard(self, key: TileKey) -> None:
        tile = self._tiles.pop(key, None)
        if tile is not None:
            self._bytes -= tile.nbytes + SLOT

    def items(self) -> Iterator[tuple[TileKey, T]]:
        """All tiles, as they were when the iteration began."""
        return iter(list(self._tiles.items()))

    def clear(self) -> None:
        self._tiles.clear()
        self._bytes = 0
