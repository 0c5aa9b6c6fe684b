import numpy as np

from app.canvas.tile_cache import SLOT, TileCache
from app.canvas.tiles import TileKey

KEYS = [TileKey(0, i, 0) for i in range(4)]


def full_cache(limit_tiles: int) -> TileCache[np.ndarray]:
    cache: TileCache[np.ndarray] = TileCache(limit_tiles * (100 + SLOT))
    for key in KEYS[:limit_tiles]:
        cache.put(key, np.zeros(100, np.uint8))
    return cache


def test_the_least_recently_used_tile_goes_first() -> None:
    cache = full_cache(3)
    cache.get(KEYS[0])
    cache.put(KEYS[3], np.zeros(100, np.uint8))
    assert [key for key, _ in cache.items()] == [KEYS[2], KEYS[0], KEYS[3]]


def test_peeking_is_not_using() -> None:
    cache = full_cache(3)
    assert cache.peek(KEYS[0]) is not None
    cache.put(KEYS[3], np.zeros(100, np.uint8))
    assert cache.peek(KEYS[0]) is None


def test_replacing_and_discarding_keep_the_sum_right() -> None:
    cache = full_cache(2)
    cache.put(KEYS[0], np.zeros(50, np.uint8))
    assert cache.nbytes == 150 + 2 * SLOT
    cache.discard(KEYS[0])
    cache.discard(KEYS[0])
    assert cache.nbytes == 100 + SLOT
    cache.clear()
    assert cache.nbytes == 0 and len(cache) == 0


def test_one_tile_above_the_limit_is_kept() -> None:
    cache: TileCache[np.ndarray] = TileCache(10)
    cache.put(KEYS[0], np.zeros(100, np.uint8))
    assert cache.get(KEYS[0]) is not None
