"""TIFF: sample types, layouts, stacks, colours; what is wrong with files is in test_tiff_damage."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from core.errors import UnreadableImage
from core.image import tiff
from core.image.read import ImageFile, read_image
from core.image.source import PROJECTION, Plane

RANDOM = np.random.default_rng(11)
GREY = RANDOM.integers(0, 256, (40, 33), dtype=np.uint8)
COLOUR = RANDOM.integers(0, 256, (40, 33, 3), dtype=np.uint8)
DTYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]
STACK = RANDOM.integers(0, 65536, (5, 2, 40, 33), dtype=np.uint16)  # ZCYX


def counts(path: Path) -> tuple[int, int]:
    """Numbers of time points and focal planes."""
    with ImageFile(path) as file:
        return file.scenes[0].times, file.scenes[0].depths


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_sample_types(folder: Path, dtype: str, big: bool, order: str) -> None:
    pixels = (GREY.astype(np.int16) - 100).astype(dtype)
    tifffile.imwrite(folder / "a.tif", pixels, bigtiff=big, byteorder=order)
    image = read_image(folder / "a.tif")
    assert image.pixels.dtype == np.dtype(dtype) and image.pixels.dtype.isnative
    assert np.array_equal(image.pixels[..., 0], pixels)
    assert (image.notes, image.pixel_size_um, image.is_rgb) == ((), None, False)


def test_floats_keep_what_is_no_number(folder: Path) -> None:
    pixels = np.array([[np.nan, np.inf], [-np.inf, 0.5]], np.float32)
    tifffile.imwrite(folder / "a.tif", pixels)
    assert np.array_equal(read_image(folder / "a.tif").pixels[..., 0], pixels, equal_nan=True)


def test_complex_numbers_are_refused(folder: Path) -> None:
    tifffile.imwrite(folder / "a.tif", GREY.astype(np.complex64))
    with pytest.raises(UnreadableImage, match="not plain numbers"):
        read_image(folder / "a.tif")


@pytest.mark.parametrize("tile", [None, (16, 32)])
@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "zstd", "packbits", "lerc"])
@pytest.mark.parametrize("pixels", [GREY.astype(np.uint16) * 257, COLOUR], ids=["grey", "colour"])
def test_compressions(
    folder: Path, pixels: np.ndarray, compression: str | None, tile: tuple[int, int] | None
) -> None:
    tifffile.imwrite(folder / "a.tif", pixels, compression=compression, tile=tile, rowsperstrip=7)
    assert np.array_equal(read_image(folder / "a.tif").pixels, np.atleast_3d(pixels))


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_planar_and_contiguous_colours(folder: Path, dtype: type, compression: str | None) -> None:
    pixels = COLOUR.astype(dtype)
    rgb: dict[str, Any] = {"photometric": "rgb", "compression": compression}
    tifffile.imwrite(folder / "contig.tif", pixels, planarconfig="contig", **rgb)
    tifffile.imwrite(
        folder / "planar.tif", np.moveaxis(pixels, 2, 0), planarconfig="separate", **rgb
    )
    for name in ("contig.tif", "planar.tif"):
        image = read_image(folder / name)
        assert image.is_rgb and image.notes == ()
        assert np.array_equal(image.pixels, pixels)


def test_jpeg_inside(folder: Path) -> None:
    tifffile.imwrite(folder / "a.tif", COLOUR, photometric="ycbcr", compression="jpeg")
    image = read_image(folder / "a.tif")
    assert image.is_rgb
    assert np.array_equal(image.pixels, tifffile.imread(folder / "a.tif"))


def test_undecoded_colour_spaces_are_refused(folder: Path) -> None:
    tifffile.imwrite(folder / "lab.tif", COLOUR, photometric="cielab")
    deep = COLOUR.astype(np.uint16)
    tifffile.imwrite(folder / "ycc.tif", deep, photometric="ycbcr", subsampling=(1, 1))
    for name in ("lab.tif", "ycc.tif"):
        with pytest.raises(UnreadableImage, match="save it as RGB"):
            read_image(folder / name)


@pytest.mark.parametrize("compression", [None, "lzw", "aperio_jp2000_ycbc"])
def test_brightness_and_colour_differences(folder: Path, compression: str | None) -> None:
    smooth = np.kron(COLOUR[:5, :4], np.ones((8, 8, 1), np.uint8))
    ycbcr = np.asarray(Pillow.fromarray(smooth).convert("YCbCr"))
    options: dict[str, Any] = {"compression": compression, "tile": (32, 32)}
    if compression and "jp2000" in compression:
        options["compressionargs"] = {"mct": False, "reversible": True}
    tifffile.imwrite(folder / "a.tif", ycbcr, photometric="ycbcr", subsampling=(1, 1), **options)
    image = read_image(folder / "a.tif")
    assert image.is_rgb and np.abs(image.pixels.astype(int) - smooth).max() <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16", "F", "CMYK"])
def test_written_by_pillow(folder: Path, mode: str) -> None:
    picture = Pillow.fromarray(COLOUR if mode in ("P", "RGB", "CMYK") else GREY)
    if mode == "I;16":
        picture = Pillow.fromarray(GREY.astype(np.uint16) * 257)
    picture = picture.quantize(16) if mode == "P" else picture.convert(mode)
    picture.save(folder / "a.tif")
    image = read_image(folder / "a.tif")
    shown = picture.convert({"P": "RGB", "CMYK": "RGB", "1": "L"}.get(mode, mode))
    off = np.abs(image.pixels.astype(float) - np.atleast_3d(np.asarray(shown, float))).max()
    assert off <= (1 if mode == "CMYK" else 0)  # two ways to round ink
    assert image.is_rgb == (mode in ("P", "RGB", "CMYK"))


@pytest.mark.parametrize("alpha", [255, 9])
@pytest.mark.parametrize("pixels", [GREY[..., None], COLOUR], ids=["grey", "colour"])
def test_transparency_is_dropped_and_told(folder: Path, pixels: np.ndarray, alpha: int) -> None:
    samples = np.concatenate([pixels, np.full((*GREY.shape, 1), alpha, np.uint8)], axis=2)
    photometric = "rgb" if pixels.shape[2] == 3 else "minisblack"
    tifffile.imwrite(
        folder / "a.tif",
        samples,
        photometric=photometric,
        planarconfig="contig",
        extrasamples=["unassalpha"],
    )
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels, pixels)
    assert bool(image.notes) == (alpha < 255)


@pytest.mark.parametrize("scale", [1, 257])
def test_palette(folder: Path, scale: int) -> None:
    palette = RANDOM.integers(0, 256, (3, 256), dtype=np.uint16) * np.uint16(scale)
    tifffile.imwrite(folder / "a.tif", GREY, photometric="palette", colormap=palette)
    image = read_image(folder / "a.tif")
    assert image.is_rgb
    assert np.array_equal(image.pixels, (palette // scale).T[GREY])


def test_grey_palette_is_one_channel(folder: Path) -> None:
    palette = np.tile(np.arange(256, dtype=np.uint16) * 257, (3, 1))
    tifffile.imwrite(folder / "a.tif", GREY, photometric="palette", colormap=palette)
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], GREY) and not image.is_rgb


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_white_is_zero_is_inverted_and_told(folder: Path, dtype: type) -> None:
    tifffile.imwrite(folder / "a.tif", GREY.astype(dtype), photometric="miniswhite")
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], np.iinfo(dtype).max - GREY.astype(dtype))
    assert "inverted" in image.notes[0]
    tifffile.imwrite(folder / "b.tif", GREY.astype(np.float32), photometric="miniswhite")
    image = read_image(folder / "b.tif")
    assert np.array_equal(image.pixels[..., 0], GREY) and "swapped" in image.notes[0]


def test_masks_become_0_and_255(folder: Path) -> None:
    """tifffile marks bits as white-is-zero without inverting, scanners mean it."""
    mask = GREY > 99
    tifffile.imwrite(folder / "tifffile.tif", mask)
    tifffile.imwrite(folder / "scanner.tif", mask, photometric="miniswhite", metadata=None)
    tifffile.imwrite(folder / "black.tif", mask, photometric="minisblack", metadata=None)
    expected = mask * np.uint8(255)
    assert np.array_equal(read_image(folder / "tifffile.tif").pixels[..., 0], expected)
    assert np.array_equal(read_image(folder / "black.tif").pixels[..., 0], expected)
    assert np.array_equal(read_image(folder / "scanner.tif").pixels[..., 0], 255 - expected)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("kind", ["imagej", "ome", "shaped"])
def test_channels_become_the_last_axis(folder: Path, kind: str, compression: str | None) -> None:
    flags = {} if kind == "shaped" else {kind: True}
    path = folder / "a.tif"
    tifffile.imwrite(
        path,
        STACK,
        photometric="minisblack",
        metadata={"axes": "ZCYX"},
        compression=compression,
        **flags,  # type: ignore[arg-type]
    )
    with ImageFile(path) as file:
        for z in range(5):
            image = file.image(Plane(z=z))
            assert np.array_equal(image.pixels, np.moveaxis(STACK[z], 0, 2))
        brightest = file.image(Plane(z=PROJECTION))
    assert np.array_equal(brightest.pixels, np.moveaxis(STACK.max(axis=0), 0, 2))
    assert not image.is_rgb and counts(path) == (1, 5)


@pytest.mark.parametrize("axes", ["CZYX", "CTYX"])
def test_channel_axis_first(folder: Path, axes: str) -> None:
    stack = STACK.swapaxes(0, 1)
    tifffile.imwrite(
        folder / "a.ome.tif", stack, ome=True, photometric="minisblack", metadata={"axes": axes}
    )
    last = {"Z": Plane(z=4), "T": Plane(t=4)}[axes[1]]
    image = read_image(folder / "a.ome.tif", last)
    assert np.array_equal(image.pixels, np.moveaxis(stack[:, 4], 0, 2))
    assert counts(folder / "a.ome.tif") == (5 if "T" in axes else 1, 5 if "Z" in axes else 1)


@pytest.mark.parametrize("planarconfig", ["contig", "separate"])
def test_many_samples_a_pixel(folder: Path, planarconfig: str) -> None:
    samples = RANDOM.integers(0, 65536, (40, 33, 5), dtype=np.uint16)
    stored = samples if planarconfig == "contig" else np.moveaxis(samples, 2, 0)
    tifffile.imwrite(folder / "a.tif", stored, photometric="minisblack", planarconfig=planarconfig)
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels, samples)
    assert (image.is_rgb, image.notes) == (False, ())


def test_three_channels_are_no_colours(folder: Path) -> None:
    tifffile.imwrite(
        folder / "a.tif", np.moveaxis(COLOUR, 2, 0), imagej=True, metadata={"axes": "CYX"}
    )
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels, COLOUR) and not image.is_rgb


def test_stack_of_colours_and_volume_in_one_page(folder: Path) -> None:
    colours = np.stack([COLOUR, 255 - COLOUR])
    tifffile.imwrite(folder / "a.tif", colours, photometric="rgb", imagej=True)
    image = read_image(folder / "a.tif", Plane(z=1))
    assert image.is_rgb and np.array_equal(image.pixels, 255 - COLOUR)
    volume = RANDOM.integers(0, 256, (16, 32, 48), dtype=np.uint8)
    tifffile.imwrite(folder / "b.tif", volume, volumetric=True, tile=(16, 16, 16))
    image = read_image(folder / "b.tif", Plane(z=9))
    assert np.array_equal(image.pixels[..., 0], volume[9]) and counts(folder / "b.tif") == (1, 16)


def test_pages_of_different_sizes(folder: Path) -> None:
    with tifffile.TiffWriter(folder / "a.tif") as writer:
        writer.write(GREY, metadata=None)
        writer.write(COLOUR, photometric="rgb", metadata=None)
    assert np.array_equal(read_image(folder / "a.tif").pixels[..., 0], GREY)
    assert np.array_equal(read_image(folder / "a.tif", Plane(scene=1)).pixels, COLOUR)
    with pytest.raises(UnreadableImage, match="it has 2 scenes and no scene 3"):
        read_image(folder / "a.tif", Plane(scene=2))


def test_pyramid_is_one_image(folder: Path) -> None:
    with tifffile.TiffWriter(folder / "a.ome.tif") as writer:
        writer.write(GREY, subifds=1)
        writer.write(GREY[::2, ::2], subfiletype=1)
    image = read_image(folder / "a.ome.tif")
    assert np.array_equal(image.pixels[..., 0], GREY) and image.notes == ()


def test_endless_pages_are_not_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "MAX_PAGES", 3)
    tifffile.imwrite(folder / "a.tif", STACK, photometric="minisblack", metadata=None)
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], STACK[0, 0])
    assert image.notes == ("Only the first of more than 3 planes in this file is shown.",)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(folder: Path, orientation: int) -> None:
    tifffile.imwrite(
        folder / "a.tif", COLOUR, photometric="rgb", extratags=[(274, "H", 1, orientation, True)]
    )
    image = read_image(folder / "a.tif")
    exif = Pillow.Exif()
    exif[274] = orientation
    Pillow.fromarray(COLOUR).save(folder / "a.png", exif=exif)
    assert np.array_equal(image.pixels, read_image(folder / "a.png").pixels)
    assert bool(image.notes) == (orientation > 1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (1, 1, 3), (3, 1, 1)])
def test_one_pixel_wide(folder: Path, shape: tuple[int, ...]) -> None:
    pixels = np.full(shape, 7, np.uint8)
    tifffile.imwrite(folder / "a.tif", pixels, photometric="rgb" if 3 in shape else "minisblack")
    image = read_image(folder / "a.tif")
    assert (image.pixels == 7).all() and image.pixels.ndim == 3
    assert image.is_rgb == (3 in shape)
