"""How much a packed chunk of a zarr folder claims to unpack to; nothing is unpacked for it.

The libraries make room for whatever a chunk claims, and that for blosc shows 0 where one is cut.
"""

import zlib
from collections.abc import Callable

from core.errors import ImageTooLarge, UnreadableImage

MAX_BYTES = 2**30
"""Of any chunk."""
_ZLIB_RATIO = 1032  # deflate cannot pack better
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_BLOCK = 2**17  # bytes that a block unpacks to at most


def check_unpacked(stored: bytes, packing: str) -> None:
    """Raises UnreadableImage for a chunk that is cut, ImageTooLarge for one that is a bomb."""
    claim = _CLAIMS.get(packing)
    if claim is not None and claim(stored) > MAX_BYTES:
        raise ImageTooLarge("its chunks unpack to more than 1 GB; it is probably damaged")


def _blosc(stored: bytes) -> int:
    unpacked, packed = (int.from_bytes(stored[at : at + 4], "little") for at in (4, 12))
    if packed != len(stored):
        raise UnreadableImage("it is damaged or cut short; copy it again from its source")
    return unpacked


def _lz4(stored: bytes) -> int:
    return int.from_bytes(stored[:4], "little")


def _deflate(stored: bytes) -> int:
    """Of gzip and zlib alike, which do not say it: counted piece by piece, where it may be much."""
    if len(stored) * _ZLIB_RATIO <= MAX_BYTES:
        return 0
    count, unpacker, rest = 0, zlib.decompressobj(zlib.MAX_WBITS | 32), stored
    while rest and not unpacker.eof and count <= MAX_BYTES:
        count += len(unpacker.decompress(rest, 2**22))
        rest = unpacker.unconsumed_tail
    return count


def _zstd(stored: bytes) -> int:
    """The sum of what its blocks may unpack to; several frames may follow each other."""
    at, count = 0, 0
    while stored[at : at + 4] == _ZSTD_MAGIC and count <= MAX_BYTES:
        flags = stored[at + 4] if len(stored) > at + 4 else 0
        is_single, size_flag = flags >> 5 & 1, flags >> 6
        at += 5 + (not is_single) + (0, 1, 2, 4)[flags & 3]
        at += (is_single, 2, 4, 8)[size_flag]
        is_last = False
        while not is_last and at + 3 <= len(stored):
            head = int.from_bytes(stored[at : at + 3], "little")
            is_last, kind, size = bool(head & 1), head >> 1 & 3, head >> 3
            count += size if kind < 2 else _ZSTD_BLOCK  # as they are, or one byte repeated
            at += 3 + (1 if kind == 1 else size)
        at += 4 * (flags >> 2 & 1)  # a checksum
    return count


_CLAIMS: dict[str, Callable[[bytes], int]] = {
    "blosc": _blosc,
    "gzip": _deflate,
    "lz4": _lz4,
    "zlib": _deflate,
    "zstd": _zstd,
}
"""By the name of what packs whole chunks."""
