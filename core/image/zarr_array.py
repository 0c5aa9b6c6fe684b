"""Arrays of a zarr folder, opened so that a hostile one cannot run code or read elsewhere."""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from core.errors import ImageTooLarge, UnreadableImage
from core.image.zarr_metadata import MAX_TEXT, NAMES, inside
from core.image.zarr_packing import MAX_BYTES, check_unpacked

MAX_CHUNK = 2**26
"""Values of a chunk, which is decoded as a whole, of an image that has fewer."""
_CODECS = frozenset(
    {"bytes", "transpose", "sharding_indexed", "crc32c", "gzip", "zlib", "zstd", "blosc", "lz4"}
    | {"shuffle", "delta", "fixedscaleoffset", "packbits", "crc32", "adler32"}
)
"""What packs numbers; others run code (pickle), need libraries of their own, or may unpack to
anything (bz2, lzma)."""
_CUT = "its OME-Zarr metadata is damaged or incomplete; copy it again from its source"


def open_array(folder: Path, path: str) -> Any:
    """The zarr array at a path within a folder.

    Raises UnreadableImage, ImageTooLarge, or whatever the library raises; ImportError without it.
    """
    import zarr

    inside(folder, path)
    told = _metadata(folder / path)
    _check_codecs(told)
    array = zarr.open_array(store=_store(folder, _packing(told)), path=path, mode="r")
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
            return _checked(key, packing, await super().get(key, *args, **options))

        def get_sync(self, key: str, **options: Any) -> Any:
            inside(self.root, key)
            return _checked(key, packing, super().get_sync(key, **options))

    return InsideStore(folder, read_only=True)


def _checked(key: str, packing: str, stored: Any) -> Any:
    """What was stored, after a look at how much it claims to unpack to."""
    if stored is not None and packing and key.rpartition("/")[2] not in NAMES:
        check_unpacked(stored.to_bytes(), packing)
    return stored


def _packing(told: Mapping[str, Any]) -> str:
    """The name of what packs whole chunks at the end, "" for nothing.

    Of the chunks within a shard, only zstd is looked at: its pieces tell themselves from others.
    """
    name, inner = _name(told.get("compressor") or (told.get("codecs") or [{}])[-1])
    if name != "sharding_indexed":
        return name
    return "zstd" if "zstd" in (_name(codec)[0] for codec in inner.get("codecs") or ()) else ""


def _name(codec: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The name of a codec and its settings."""
    name = str(codec.get("id") or codec.get("name") or "").removeprefix("numcodecs.")
    return name, codec.get("configuration") or {}


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
        name, inner = _name(codec)
        if name not in _CODECS:
            raise UnreadableImage(f"it is packed with '{name}', which is not read; save it again")
        used += [*(inner.get("codecs") or ()), *(inner.get("index_codecs") or ())]
