"""Arrays of a zarr folder, opened so that a hostile one cannot run code or read elsewhere."""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from core.errors import ImageTooLarge, UnreadableImage
from core.image.zarr_metadata import MAX_TEXT, NAMES, inside

MAX_CHUNK = 2**26
"""Values of a chunk, which is decoded as a whole, of an image that has fewer."""
MAX_BYTES = 2**30
"""Of any chunk."""
_CODECS = frozenset(
    {"bytes", "transpose", "sharding_indexed", "crc32c", "gzip", "zlib", "zstd", "blosc", "lz4"}
    | {"bz2", "lzma", "shuffle", "delta", "fixedscaleoffset", "packbits", "crc32", "adler32"}
)
"""What packs numbers; others run code (pickle) or need libraries of their own."""
_CUT = "its OME-Zarr metadata is damaged or incomplete; copy it again from its source"


def open_array(folder: Path, path: str) -> Any:
    """The zarr array at a path within a folder.

    Raises UnreadableImage, ImageTooLarge, or whatever the library raises; ImportError without it.
    """
    import zarr

    inside(folder, path)
    told = _metadata(folder / path)
    _check_codecs(told)
    array = zarr.open_array(store=_store(folder, _outermost(told)), path=path, mode="r")
    if array.dtype.kind not in "buif":
        raise UnreadableImage("its values are not plain numbers; save it as OME-TIFF")
    chunk = prod(array.shards or array.chunks)
    if min(array.shape, default=0) < 1 or chunk > max(MAX_CHUNK, 4 * prod(array.shape)):
        raise UnreadableImage(_CUT)
    if prod(array.chunks) * array.dtype.itemsize > MAX_BYTES:
        raise ImageTooLarge("its chunks are too large to be read; save it in smaller ones")
    return array


def _store(folder: Path, packing: str) -> Any:
    """A folder that is only read, and of which no link leads out. packing: of its chunks."""
    from zarr.storage import LocalStore

    class InsideStore(LocalStore):
        async def get(self, key: str, *args: Any, **options: Any) -> Any:
            inside(self.root, key)
            return _whole(key, packing, await super().get(key, *args, **options))

        def get_sync(self, key: str, **options: Any) -> Any:
            inside(self.root, key)
            return _whole(key, packing, super().get_sync(key, **options))

    return InsideStore(folder, read_only=True)


def _whole(key: str, packing: str, stored: Any) -> Any:
    """What was stored; the library for blosc does not notice that a chunk is cut, and shows 0."""
    if stored is None or packing != "blosc" or key.rpartition("/")[2] in NAMES:
        return stored
    head = stored[:16].to_bytes()
    unpacked, packed = (int.from_bytes(head[at : at + 4], "little") for at in (4, 12))
    if packed != len(stored) or unpacked > MAX_BYTES:
        raise UnreadableImage("it is damaged or cut short; copy it again from its source")
    return stored


def _outermost(told: Mapping[str, Any]) -> str:
    """The name of what packs whole chunks at the end, "" for nothing."""
    codec = told.get("compressor") or (told.get("codecs") or [{}])[-1]
    return str(codec.get("id") or codec.get("name") or "").removeprefix("numcodecs.")


def _metadata(folder: Path) -> dict[str, Any]:
    """What the array says of itself, as it stands in the file."""
    for name in ("zarr.json", ".zarray"):
        path = folder / name
        if path.is_file() and path.stat().st_size <= MAX_TEXT:
            told = json.loads(path.read_text("utf-8"))
            if isinstance(told, dict):
                return told
    raise UnreadableImage(_CUT)


def _check_codecs(told: dict[str, Any]) -> None:
    used = [told.get("compressor"), *(told.get("filters") or ()), *(told.get("codecs") or ())]
    while used:
        codec = used.pop()
        if codec is None:
            continue
        name = str(codec.get("id") or codec.get("name")).removeprefix("numcodecs.")
        if name not in _CODECS:
            raise UnreadableImage(f"it is packed with '{name}', which is not read; save it again")
        inner = codec.get("configuration") or {}
        used += [*(inner.get("codecs") or ()), *(inner.get("index_codecs") or ())]
