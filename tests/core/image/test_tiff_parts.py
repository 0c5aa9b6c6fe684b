"""Large planes are read in parts: the same values as at once, and only what is asked for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.image import tiff, tiff_parts
from core.image.pixels import LazyPixels
from core.image.read import ImageFile, read_image
from core.image.source import Plane
from tests.core.image.tiff_samples import ome, ome_image, write_pages

RANDOM = np.random.default_rng(17)
GREY = RANDOM.integers(0, 65536, (150, 210), dtype=np.uint16)
COLOUR = RANDOM.integers(0, 256, (150, 210, 3), dtype=np.uint8)
CHANNELS = RANDOM.integers(0, 65536, (4, 150, 210), dtype=np.uint16)
BOXES = [np.s_[:, :], np.s_[10:70, 5:200], np.s_[149:, 209:], np.s_[::7, 3::11], np.s_[60:64, :]]

APART = {"planarconfig": "separate"}
LAYOUTS: dict[str, tuple[np.ndarray, np.ndarray, dict[str, Any]]] = {
    "grey": (GREY, GREY[..., None], {}),
    "big-endian": (GREY, GREY[..., None], {"byteorder": ">"}),
    "bits": (GREY > 9999, (GREY > 9999)[..., None] * np.uint8(255), {}),
    "12 bits": (GREY >> 4, (GREY >> 4)[..., None], {"bitspersample": 12}),
    "colour": (COLOUR, COLOUR, {"photometric": "rgb"}),
    "colour apart": (np.moveaxis(COLOUR, 2, 0), COLOUR, APART | {"photometric": "rgb"}),
    "channels side by side": (
        np.moveaxis(CHANNELS, 0, 2),
        np.moveaxis(CHANNELS, 0, 2),
        {"photometric": "minisblack", "planarconfig": "contig"},
    ),
    "channels apart": (
        CHANNELS,
        np.moveaxis(CHANNELS, 0, 2),
        APART | {"photometric": "minisblack"},
    ),
    "channels as pages": (
        CHANNELS,
        np.moveaxis(CHANNELS, 0, 2),
        {"photometric": "minisblack", "ome": True, "metadata": {"axes": "CYX"}},
    ),
    "ImageJ": (
        CHANNELS,
        np.moveaxis(CHANNELS, 0, 2),
        {"photometric": "minisblack", "imagej": True, "metadata": {"axes": "CYX"}},
    ),
    "white is zero": (GREY, 65535 - GREY[..., None], {"photometric": "miniswhite"}),
}
STORED: dict[str, dict[str, Any]] = {
    "plain": {},
    "strips": {"rowsperstrip": 13},
    "tiles": {"tile": (32, 48)},
    "packed strips": {"rowsperstrip": 13, "compression": "zlib", "predictor": True},
    "packed tiles": {"tile": (32, 48), "compression": "lzw"},
}


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "LAZY_FROM", 1000)


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_parts_are_as_the_whole(folder: Path, layout: str, stored: str) -> None:
    pixels, expected, options = LAYOUTS[layout]
    options = options | STORED[stored]
    if layout in ("bits", "12 bits"):  # which the library packs in no other way
        options.pop("predictor", None)
        options.pop("compression", None)
    tifffile.imwrite(folder / "a.tif", pixels, **options)
    image = read_image(folder / "a.tif")
    assert isinstance(image.pixels, LazyPixels)
    assert image.pixels.shape == expected.shape and image.pixels.dtype == expected.dtype
    for box in BOXES:
        part = image.pixels[box]
        assert part.dtype.isnative and np.array_equal(part, expected[box])


@pytest.mark.parametrize("stored", STORED)
def test_any_plane_of_a_stack(folder: Path, stored: str) -> None:
    stack = RANDOM.integers(0, 65536, (3, 2, 150, 210), dtype=np.uint16)
    tifffile.imwrite(
        folder / "a.ome.tif",
        stack,
        ome=True,
        photometric="minisblack",
        metadata={"axes": "ZCYX"},
        **STORED[stored],
    )
    with ImageFile(folder / "a.ome.tif") as file:
        for z in (2, 0):
            part = file.image(Plane(z=z)).pixels[20:90, 50:60]
            assert np.array_equal(part, np.moveaxis(stack[z, :, 20:90, 50:60], 0, 2))


@pytest.mark.parametrize("kind", ["ome", "plain subIFDs", "pages", "svs"])
@pytest.mark.parametrize("compression", [None, "jpeg", "zlib"])
def test_smaller_sizes_are_levels(folder: Path, kind: str, compression: str | None) -> None:
    path = folder / "a.tif"
    options: dict[str, Any] = {"tile": (32, 48), "compression": compression, "photometric": "rgb"}
    big = np.tile(COLOUR, (2, 2, 1))
    halves = [big[::step, ::step].copy() for step in (2, 4)]
    below = kind in ("ome", "plain subIFDs")
    metadata: dict[str, Any] = {"metadata": {} if kind == "ome" else None}
    with tifffile.TiffWriter(path, ome=kind == "ome") as writer:
        told = "Aperio Image\r\n|MPP = 0.25" if kind == "svs" else None
        flags = {"subifds": 2} if below else {"description": told} if told else {}
        writer.write(big, **options, **flags, **metadata)
        if kind == "svs":
            writer.write(COLOUR[:16, :16], photometric="rgb", **metadata)
        for half in halves:
            reduced = {} if kind == "svs" else {"subfiletype": 1}
            writer.write(half, **options, **reduced, **metadata)
    image = read_image(path)
    assert [level.shape for level in image.levels] == [half.shape for half in halves]
    assert len(image.scenes) == (2 if kind == "svs" else 1)
    if compression != "jpeg":
        for level, half in zip(image.levels, halves, strict=True):
            assert np.array_equal(level[5:70, 9:80], half[5:70, 9:80])


def test_only_the_tiles_that_are_wanted_are_decoded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tifffile.imwrite(folder / "a.tif", GREY, tile=(16, 16), compression="zlib", metadata=None)
    decoded: list[int] = []
    real = tiff_parts.PageParts._decode

    def count(self: Any, page: Any, index: int) -> Any:
        decoded.append(index)
        return real(self, page, index)

    monkeypatch.setattr(tiff_parts.PageParts, "_decode", count)
    image = read_image(folder / "a.tif")
    decoded.clear()
    assert image.pixels[20:30, 40:60].shape == (10, 20, 1)
    assert decoded == [14 + 2, 14 + 3]
    assert image.pixels[20:30, 40:60].shape == (10, 20, 1) and len(decoded) == 2  # kept


def test_one_packed_piece_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part would cost the whole: a large strip comes into memory."""
    monkeypatch.setattr(tiff_parts, "MAX_PART", 10_000)
    options: dict[str, Any] = {"compression": "zlib", "metadata": None}
    tifffile.imwrite(folder / "one.tif", GREY, rowsperstrip=150, **options)
    tifffile.imwrite(folder / "many.tif", GREY, rowsperstrip=10, **options)
    tifffile.imwrite(folder / "plain.tif", GREY, rowsperstrip=150, metadata=None)
    assert not read_image(folder / "one.tif").is_lazy
    assert read_image(folder / "many.tif").is_lazy and read_image(folder / "plain.tif").is_lazy


def test_parts_of_a_set_of_files(folder: Path) -> None:
    names = ["a.tif", "b.tif"]
    places = [(t, c, 0, t, names[c]) for c in range(2) for t in range(2)]
    for c, name in enumerate(names):
        xml = ome(ome_image("x", (2, 2, 1), places), name)
        write_pages(folder / name, [10 * c + t for t in range(2)], xml)
    images = [read_image(folder / "b.tif", Plane(t=t)) for t in range(2)]
    for t, image in enumerate(images):
        assert image.is_lazy and image.pixels[3, 4].tolist() == [t, 10 + t]


def test_two_readers_of_one_file_do_not_mix(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    stack = np.stack([GREY, GREY[::-1], GREY[:, ::-1]])
    tifffile.imwrite(
        folder / "a.tif", stack, tile=(16, 16), compression="zlib", photometric="minisblack"
    )
    with ImageFile(folder / "a.tif") as file:
        images = [file.image(Plane(z=z)).pixels for z in range(3)]

    def check(number: int) -> bool:
        z, y = number % 3, 5 * (number % 25)
        return np.array_equal(images[z][y : y + 20, :, 0], stack[z, y : y + 20])

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(check, range(300)))
