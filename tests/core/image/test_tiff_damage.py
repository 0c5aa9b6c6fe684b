"""TIFF files that are cut, lie about themselves or point elsewhere."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.errors import ImageTooLarge, UnreadableImage
from core.image.read import read_image

RANDOM = np.random.default_rng(13)
GREY = RANDOM.integers(0, 256, (40, 33), dtype=np.uint8)


def test_set_of_files_opens_only_the_chosen_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tifffile.TiffFile(_ome(folder / "other.ome.tif", np.stack([GREY, GREY]))) as other:
        xml = other.ome_metadata or ""
    foreign = xml.replace(
        "<TiffData",
        '<TiffData FirstC="0"><UUID FileName="../secret.tif">u</UUID></TiffData><TiffData',
    )
    tifffile.imwrite(folder / "a.tif", GREY, description=foreign, metadata=None)
    opened: list[str] = []
    real = tifffile.TiffFile.__init__

    def spy(self: tifffile.TiffFile, file: Any, *args: Any, **options: Any) -> None:
        opened.append(str(getattr(file, "name", file)))
        real(self, file, *args, **options)

    monkeypatch.setattr(tifffile.TiffFile, "__init__", spy)
    assert np.array_equal(read_image(folder / "a.tif").pixels[..., 0], GREY)
    assert set(opened) == {str(folder / "a.tif")}


def _ome(path: Path, pixels: np.ndarray) -> Path:
    tifffile.imwrite(path, pixels, ome=True, photometric="minisblack", metadata={"axes": "CYX"})
    return path


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!--" + "x" * 16_000_001 + "-->"]
)
def test_unsafe_metadata_is_not_parsed(folder: Path, text: str) -> None:
    xml = f"<?xml version='1.0'?>{text}<OME><Image><Pixels PhysicalSizeX='2'/></Image></OME>"
    tifffile.imwrite(folder / "a.tif", GREY, description=xml, metadata=None)
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], GREY)
    assert image.pixel_size_um is None
    assert image.notes == ("The metadata of this file is unsafe to read and was ignored.",)


STORED: dict[str, dict[str, Any]] = {
    "plain": {"metadata": None},
    "strips": {"metadata": None, "rowsperstrip": 5, "compression": "zlib"},
    "lzw": {"metadata": None, "compression": "lzw"},
    "tiles": {"tile": (16, 16), "compression": "zlib"},
    "jpeg": {"compression": "jpeg"},
    "imagej": {"imagej": True},
    "ome": {"ome": True},
}


@pytest.mark.parametrize("stack", [False, True])
@pytest.mark.parametrize("kind", STORED)
def test_cut_file_is_never_a_whole_one(folder: Path, kind: str, stack: bool) -> None:
    path = folder / "a.tif"
    pixels = np.stack([GREY, 255 - GREY, GREY // 2]) if stack else GREY
    tifffile.imwrite(path, pixels, photometric="minisblack", **STORED[kind])
    whole, shown = path.read_bytes(), read_image(path).pixels
    refused = 0
    lengths = [*range(6, len(whole), len(whole) // 18), len(whole) - 40, len(whole) - 1]
    for length in lengths:
        path.write_bytes(whole[:length])
        try:
            assert np.array_equal(read_image(path).pixels, shown)
        except UnreadableImage:
            refused += 1
    assert refused >= len(lengths) - 2  # cut off behind the pixels, the same picture is fine


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_missing_parts_are_noticed(folder: Path, tile: tuple[int, int] | None) -> None:
    path = folder / "a.tif"
    tifffile.imwrite(path, GREY, rowsperstrip=5, tile=tile, compression="zlib", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        page = tif.pages.first
        for code in (324, 325) if tile else (273, 279):
            page.tags[code].overwrite(page.tags[code].value[:5])
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(path)


def test_parts_left_out_are_told(folder: Path) -> None:
    path = folder / "a.tif"
    tifffile.imwrite(path, GREY, tile=(16, 16), compression="zlib", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        for code in (324, 325):
            tag = tif.pages.first.tags[code]
            tag.overwrite([0, *tag.value[1:]])
    image = read_image(path)
    assert not image.pixels[:16, :16].any()
    assert np.array_equal(image.pixels[16:, :, 0], GREY[16:])
    assert image.notes == ("Parts of this image are missing in the file and shown as 0.",)


def test_pixels_at_no_place_are_refused(folder: Path) -> None:
    path = folder / "a.tif"
    tifffile.imwrite(path, GREY, metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        tif.pages.first.tags["StripOffsets"].overwrite(0)
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(path)


def _patched(path: Path, **values: int) -> Path:
    """A small TIFF whose header claims something else."""
    tifffile.imwrite(path, GREY, metadata=None, compression="zlib", tile=(16, 16))
    with tifffile.TiffFile(path, mode="r+") as tif:
        for name, value in values.items():
            tif.pages.first.tags[name].overwrite(value)
    return path


@pytest.mark.parametrize(
    "claim",
    [
        {"ImageWidth": 0},
        {"ImageLength": 0},
        {"BitsPerSample": 0},
        {"SamplesPerPixel": 65535},
        {"ImageWidth": 20_000_000, "ImageLength": 20_000_000},
        {"Compression": 12345},
    ],
    ids=str,
)
def test_absurd_headers_are_refused(folder: Path, claim: dict[str, int]) -> None:
    path = folder / "a.tif"
    with pytest.raises((UnreadableImage, ImageTooLarge), match=r"^Cannot open a\.tif: "):
        read_image(_patched(path, **claim))


def test_no_room_is_made_for_absurd_tiles(folder: Path) -> None:
    path = _patched(folder / "a.tif", TileWidth=65_520, TileLength=65_520)
    with pytest.raises(UnreadableImage, match="damaged or cut short; copy") as caught:
        read_image(path)
    assert isinstance(caught.value.__cause__, UnreadableImage)  # and not a decoder


def test_large_plane_stays_in_its_file(folder: Path) -> None:
    path = folder / "a.tif"
    huge = np.memmap(folder / "sparse", np.uint16, "w+", shape=(30_000, 40_000))
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        writer.write(huge[:1], metadata=None)
    with tifffile.TiffFile(path, mode="r+") as tif:
        tags = tif.pages.first.tags
        tags["ImageLength"].overwrite(30_000)
        tags["RowsPerStrip"].overwrite(30_000)
        tags["StripByteCounts"].overwrite(2_400_000_000)
    with path.open("r+b") as file:
        file.truncate(2_500_000_000)
    image = read_image(path)
    assert (image.height, image.width, image.held_bytes) == (30_000, 40_000, 0)
    assert not image.pixels[29_990:, 39_990:].any() and not image.sample.any()
