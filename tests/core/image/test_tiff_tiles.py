"""Tiles that claim to be huge are refused before any room is made for them."""

import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile

from core.errors import UnreadableImage
from core.image import tiff, tiff_tiles
from core.image.read import read_image

HUGE = (3000, 5000, 3)
RANDOM = np.random.default_rng(5)
SMOOTH = np.kron(RANDOM.integers(0, 256, (5, 6, 3), dtype=np.uint8), np.ones((16, 16, 1), np.uint8))
PACKED: dict[str, tuple[int, Any]] = {
    "jpeg": (7, lambda a: imagecodecs.jpeg8_encode(a, level=90)),
    "jpeg 2000": (34712, imagecodecs.jpeg2k_encode),
    "jpeg 2000 in a box": (33005, lambda a: imagecodecs.jpeg2k_encode(a, codecformat="jp2")),
    "png": (34933, imagecodecs.png_encode),
    "webp lossless": (50001, lambda a: imagecodecs.webp_encode(a, lossless=True)),
    "webp lossy": (50001, lambda a: imagecodecs.webp_encode(a, level=50)),
    "jpeg xr": (34934, imagecodecs.jpegxr_encode),
    "lerc": (34887, imagecodecs.lerc_encode),
}


def write(path: Path, tile: bytes, compression: int, height: int, width: int) -> Path:
    """A TIFF of one tile that holds these bytes."""
    tall, wide = (-(-side // 16) * 16 for side in (height, width))
    blank = np.zeros((height, width, 3), np.uint8)
    tifffile.imwrite(path, blank, photometric="rgb", tile=(tall, wide), metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        tags = tif.pages.first.tags
        tags["Compression"].overwrite(compression)
        tags["TileOffsets"].overwrite(path.stat().st_size)
        tags["TileByteCounts"].overwrite(len(tile))
    with path.open("ab") as file:
        file.write(tile)
    return path


@pytest.mark.parametrize("name", PACKED)
def test_honest_tiles_are_read(folder: Path, name: str) -> None:
    compression, encode = PACKED[name]
    path = write(folder / "a.tif", encode(SMOOTH), compression, 80, 96)
    image = read_image(path)
    assert image.is_rgb and image.pixels.shape == (80, 96, 3)
    assert np.abs(image.pixels.astype(int) - SMOOTH).mean() < 12


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("name", PACKED)
def test_a_lie_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, lazy: bool
) -> None:
    compression, encode = PACKED[name]
    path = write(folder / "a.tif", encode(np.zeros(HUGE, np.uint8)), compression, 64, 96)
    monkeypatch.setattr(tiff, "LAZY_FROM", 1 if lazy else 10**9)
    tracemalloc.start()
    with pytest.raises(UnreadableImage, match="its tiles claim to be far too large"):
        read_image(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 2**20  # decoded it takes 45 MB


def test_kinds_whose_claims_are_not_understood_are_refused(folder: Path) -> None:
    path = write(folder / "a.tif", imagecodecs.jpegxl_encode(SMOOTH), 50002, 80, 96)
    with pytest.raises(UnreadableImage, match="packed as JPEG XL, which is not read"):
        read_image(path)
    old = b"CntZImage " + bytes(60)
    with pytest.raises(UnreadableImage, match="packed as LERC 1, which is not read"):
        read_image(write(folder / "b.tif", old, 34887, 80, 96))


@pytest.mark.parametrize("parse", sorted(set(tiff_tiles._CLAIMS.values()), key=str))
@pytest.mark.parametrize("length", [*range(0, 40, 3), 300])
def test_no_bytes_lead_astray(parse: Any, length: int) -> None:
    for number in range(30):
        noise = np.random.default_rng(number).integers(0, 256, length, np.uint8).tobytes()
        for start in (b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", b"Lerc2 ", b"RIFF1234WEBPVP8 "):
            with suppress(UnreadableImage, ValueError):  # what any damaged file raises
                assert len(list(parse(start + noise))) < 100


@pytest.mark.parametrize("compression", ["zlib", "lzw", "zstd", "lzma"])
def test_unpacked_bytes_are_bounded(folder: Path, compression: str) -> None:
    """A tile that unpacks to far more than it should: only what belongs to it is made."""
    path = folder / "a.tif"
    bomb = np.zeros((64, 2**18), np.uint8)
    tifffile.imwrite(path, bomb, compression=compression, rowsperstrip=64, metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        tags = tif.pages.first.tags
        tags["ImageWidth"].overwrite(96)
    tracemalloc.start()
    with suppress(UnreadableImage):
        assert not read_image(path).pixels.any()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20
