"""Chunks that would unpack to gigabytes are refused; honest ones of every kind are read."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ImageTooLarge, UnreadableImage
from core.image import zarr_packing
from core.image.read import read_image
from core.image.zarr_packing import check_unpacked

zarr = pytest.importorskip("zarr", reason="the extra 'formats' is not installed")
numcodecs = pytest.importorskip("numcodecs")
PACKERS: dict[str, Any] = {
    "blosc": numcodecs.Blosc(),
    "blosc of zstd": numcodecs.Blosc("zstd", 9),
    "gzip": numcodecs.GZip(9),
    "lz4": numcodecs.LZ4(),
    "zlib": numcodecs.Zlib(9),
    "zstd": numcodecs.Zstd(5),
    "zstd with a checksum": numcodecs.Zstd(1, checksum=True),
}
PIXELS = np.random.default_rng(7).integers(0, 99, (40, 50), dtype=np.uint16)


def write(path: Path, packer: Any, **options: Any) -> Path:
    group = zarr.open_group(str(path), mode="w", zarr_format=2)
    array = group.create_array(
        "0", shape=(40, 50), dtype="u2", chunks=(40, 50), compressors=packer, **options
    )
    array[...] = PIXELS
    axes = [{"name": "y"}, {"name": "x"}]
    group.attrs["multiscales"] = [{"axes": axes, "datasets": [{"path": "0"}]}]
    return path


@pytest.mark.parametrize("name", PACKERS)
def test_honest_chunks(folder: Path, name: str) -> None:
    path = write(folder / "a.zarr", PACKERS[name])
    assert np.array_equal(read_image(path).pixels[..., 0], PIXELS)


@pytest.mark.parametrize("name", PACKERS)
def test_bombs(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(zarr_packing, "MAX_BYTES", 10**7)
    path = write(folder / "a.zarr", PACKERS[name])
    (path / "0/0.0").write_bytes(PACKERS[name].encode(np.zeros(3 * 10**7, np.uint8)))
    with pytest.raises((ImageTooLarge, UnreadableImage), match=r"unpack to more than 1 GB"):
        read_image(path)


@pytest.mark.parametrize("packing", ["blosc", "gzip", "lz4", "zlib", "zstd", "", "other"])
def test_no_bytes_lead_astray(packing: str) -> None:
    random = np.random.default_rng(3)
    for length in range(64):
        noise = random.integers(0, 256, length, np.uint8).tobytes()
        for start in (b"", b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd\0\0"):
            try:
                check_unpacked(start + noise, packing)
            except (ImageTooLarge, UnreadableImage):
                assert packing in ("blosc", "lz4")


def test_many_frames_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = numcodecs.Zstd(1).encode(np.zeros(10**6, np.uint8))
    monkeypatch.setattr(zarr_packing, "MAX_BYTES", 5 * 10**6)
    check_unpacked(frame * 4, "zstd")
    with pytest.raises(ImageTooLarge):
        check_unpacked(frame * 6, "zstd")
