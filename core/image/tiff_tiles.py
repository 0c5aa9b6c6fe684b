"""Pictures packed into the tiles of a TIFF: they say a size of their own, and it may be a lie."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tifffile import TiffPage

from core.errors import UnreadableImage

_ROOM = 2**20
"""Pixels that a tile may claim in any case; others at most _LARGER times what they should have."""
_LARGER = 4
_SIZ = re.compile(rb"\xff\x4f\xff\x51.{4}(.{4})(.{4})", re.DOTALL)  # JPEG 2000
_JPEG_XR_TAGS = range(0xBC00, 0xBD00)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of JPEG that tell a size
_BARE = frozenset((0x01, *range(0xD0, 0xDA)))  # markers of JPEG without a length

Sizes = Iterator[tuple[int, int]]
Claims = Callable[[bytes], Sizes]


def guard_tiles(page: TiffPage) -> None:
    """Make the page refuse packed pictures that claim to be far larger than their tile.

    Decoders make room for what a picture claims: 65,535 x 65,535 pixels within a few bytes.
    """
    claims = _CLAIMS.get(int(page.compression))
    if claims is None or getattr(page.decode, "is_guarded", False):
        return
    decode = page.decode
    most = max(_ROOM, _LARGER * _area(page))

    def guarded(data: bytes | None, index: int, **options: Any) -> Any:
        if data and any(width * height > most for width, height in claims(data)):
            raise UnreadableImage("its tiles claim to be far too large; copy it from its source")
        return decode(data, index, **options)

    guarded.is_guarded = True  # type: ignore[attr-defined]
    page.decode = guarded


def _area(page: TiffPage) -> int:
    if page.is_tiled:
        return page.tilewidth * page.tilelength
    return page.imagewidth * min(page.rowsperstrip, page.imagelength)


def _jpeg(data: bytes) -> Sizes:
    at = data.find(b"\xff\xd8") + 2
    while 2 <= at <= len(data) - 9 and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            yield int.from_bytes(width), int.from_bytes(height)
        if marker == 0xDA:  # the pixels begin
            return
        at += 1 if marker == 0xFF else 2
        if marker not in _BARE and marker != 0xFF:
            at += int.from_bytes(data[at : at + 2])


def _jpeg_2000(data: bytes) -> Sizes:
    for found in _SIZ.finditer(data):
        yield int.from_bytes(found[1]), int.from_bytes(found[2])


def _png(data: bytes) -> Sizes:
    yield int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _webp(data: bytes) -> Sizes:
    kind = data[12:16]
    if kind == b"VP8 ":
        word = int.from_bytes(data[26:30], "little")
        yield word & 0x3FFF, word >> 16 & 0x3FFF
    elif kind == b"VP8L":
        word = int.from_bytes(data[21:25], "little")
        yield (word & 0x3FFF) + 1, (word >> 14 & 0x3FFF) + 1
    else:
        sides = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        yield next(sides), next(sides)


def _jpeg_xr(data: bytes) -> Sizes:
    """Of its directory of entries, like that of a TIFF; the largest of each side.

    The library prints a line for each entry that it does not know, up to 65,535 of them.
    """

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little")

    start, sides = number(4, 4), {0xBC80: 0, 0xBC81: 0}
    for at in range(start + 2, start + 2 + 12 * number(start, 2), 12):
        if (tag := number(at, 2)) not in _JPEG_XR_TAGS:
            raise UnreadableImage("its tiles are damaged; copy it again from its source")
        if tag in sides:
            value = number(at + 8, 2 if number(at + 2, 2) == 3 else 4)
            sides[tag] = max(sides[tag], value)
    yield sides[0xBC80], sides[0xBC81]


def _lerc(data: bytes) -> Sizes:
    """Only of the second version of LERC; from its third on, a checksum stands before the size."""
    if not data.startswith(b"Lerc2 "):
        raise _unread("LERC 1")
    version, *words = (int.from_bytes(data[at : at + 4], "little") for at in range(6, 26, 4))
    rows, columns, depth = words[1:4] if version > 2 else words[:3]
    yield columns * (depth if version > 3 else 1), rows


def _jpeg_xl(data: bytes) -> Sizes:
    raise _unread("JPEG XL")


def _unread(name: str) -> UnreadableImage:
    return UnreadableImage(f"it is packed as {name}, which is not read; save it as OME-TIFF")


_CLAIMS: dict[int, Claims] = dict.fromkeys((6, 7, 33007, 34892), _jpeg)
_CLAIMS |= dict.fromkeys((33003, 33004, 33005, 34712), _jpeg_2000)
_CLAIMS |= {34933: _png, 50001: _webp} | dict.fromkeys((22610, 34934), _jpeg_xr)
_CLAIMS |= dict.fromkeys((50002, 52546), _jpeg_xl) | {34887: _lerc}
"""By the number of the compression."""
