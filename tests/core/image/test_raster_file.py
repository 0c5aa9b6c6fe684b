"""PNG, JPEG and BMP: every mode, 16 bits, the eight orientations, cut files."""

import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from core.errors import ImageTooLarge, UnreadableImage
from core.image.read import read_image

RANDOM = np.random.default_rng(7)
GREY = RANDOM.integers(0, 256, (9, 12), dtype=np.uint8)
COLOUR = RANDOM.integers(0, 256, (9, 12, 3), dtype=np.uint8)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, colour: int, data: bytes, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", ["png", "bmp"])
@pytest.mark.parametrize("pixels", [GREY, COLOUR], ids=["grey", "colour"])
def test_eight_bits(folder: Path, suffix: str, pixels: np.ndarray) -> None:
    path = folder / f"a.{suffix}"
    Pillow.fromarray(pixels).save(path)
    image = read_image(path)
    assert np.array_equal(image.pixels, np.atleast_3d(pixels))
    assert image.is_rgb == (pixels.ndim == 3)
    assert image.pixels.dtype == np.uint8


@pytest.mark.parametrize("suffix", ["png", "bmp"])
def test_bits_become_0_and_255(folder: Path, suffix: str) -> None:
    path = folder / f"a.{suffix}"
    Pillow.fromarray(GREY > 99).save(path)
    assert np.array_equal(read_image(path).pixels[..., 0], (GREY > 99) * np.uint8(255))


@pytest.mark.parametrize("suffix", ["png", "bmp"])
def test_palette(folder: Path, suffix: str) -> None:
    picture = Pillow.fromarray(COLOUR).quantize(16)
    picture.save(folder / f"a.{suffix}")
    image = read_image(folder / f"a.{suffix}")
    assert np.array_equal(image.pixels, np.asarray(picture.convert("RGB")))
    assert image.is_rgb


def test_grey_palette_is_one_channel(folder: Path) -> None:
    picture = Pillow.fromarray(GREY).convert("P")
    picture.save(folder / "a.png")
    image = read_image(folder / "a.png")
    assert np.array_equal(image.pixels, GREY[..., None])
    assert not image.is_rgb


@pytest.mark.parametrize("samples", [1, 2, 3, 4])
def test_sixteen_bits(folder: Path, samples: int) -> None:
    pixels = RANDOM.integers(0, 65536, (9, 12, samples), dtype=np.uint16)
    (folder / "a.png").write_bytes(imagecodecs.png_encode(pixels.squeeze()))
    image = read_image(folder / "a.png")
    colours = 3 if samples >= 3 else 1
    assert image.pixels.dtype == np.uint16
    assert np.array_equal(image.pixels, pixels[..., :colours])
    assert image.is_rgb == (colours == 3)
    assert bool(image.notes) == (samples in (2, 4))


@pytest.mark.parametrize("alpha", [255, 254])
@pytest.mark.parametrize("pixels", [GREY, COLOUR], ids=["grey", "colour"])
def test_transparency_is_dropped_and_told(folder: Path, pixels: np.ndarray, alpha: int) -> None:
    samples = np.dstack([pixels, np.full(GREY.shape, alpha, np.uint8)])
    Pillow.fromarray(samples).save(folder / "a.png")
    image = read_image(folder / "a.png")
    assert np.array_equal(image.pixels, np.atleast_3d(pixels))
    assert image.notes == (("The transparency of this image is ignored.",) if alpha < 255 else ())


def test_transparent_colour_and_palette(folder: Path) -> None:
    Pillow.fromarray(GREY).save(folder / "grey.png", transparency=int(GREY[0, 0]))
    grey = read_image(folder / "grey.png")
    assert np.array_equal(grey.pixels[..., 0], GREY) and grey.notes
    picture = Pillow.fromarray(COLOUR).quantize(16)
    picture.save(folder / "palette.png", transparency=3)
    palette = read_image(folder / "palette.png")
    assert np.array_equal(palette.pixels, np.asarray(picture.convert("RGB"))) and palette.notes


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg(folder: Path, mode: str, progressive: bool) -> None:
    Pillow.fromarray(COLOUR).convert(mode).save(folder / "a.jpg", progressive=progressive)
    image = read_image(folder / "a.jpg")
    with Pillow.open(folder / "a.jpg") as picture:
        assert picture.mode == mode
        expected = np.asarray(picture if mode == "L" else picture.convert("RGB"))
    assert np.array_equal(image.pixels, np.atleast_3d(expected))
    assert image.is_rgb == (mode != "L")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_orientation(folder: Path, suffix: str, orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    Pillow.fromarray(COLOUR).save(folder / f"a.{suffix}", exif=exif)
    with Pillow.open(folder / f"a.{suffix}") as picture:
        expected = np.asarray(ImageOps.exif_transpose(picture))
    image = read_image(folder / f"a.{suffix}")
    assert (image.height, image.width) == ((9, 12) if orientation < 5 else (12, 9))
    assert np.array_equal(image.pixels, expected)
    assert image.pixels.flags.c_contiguous


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]


def test_sixteen_bits_interlaced_with_odd_extras(folder: Path) -> None:
    pixels = RANDOM.integers(0, 65536, (9, 12, 3), dtype=np.uint16)
    passes = [pixels[y::down, x::right] for y, x, down, right in [*ADAM7, (1, 0, 2, 1)]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for part in passes for row in part)
    content = bytearray(png(12, 9, 16, 2, rows, chunk(b"tIME", bytes(7))))
    content[28] = 1  # interlaced
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    (folder / "a.png").write_bytes(content)
    assert np.array_equal(read_image(folder / "a.png").pixels, pixels)


def test_orientation_of_sixteen_bit_colours(folder: Path) -> None:
    pixels = RANDOM.integers(0, 65536, (2, 3, 3), dtype=np.uint16)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    extra = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    (folder / "a.png").write_bytes(png(3, 2, 16, 2, rows, extra))
    assert np.array_equal(read_image(folder / "a.png").pixels, np.rot90(pixels, -1))


def test_broken_exif_is_no_reason_to_refuse(folder: Path) -> None:
    Pillow.fromarray(GREY).save(folder / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read_image(folder / "a.jpg").pixels.shape == (9, 12, 1)


def test_animation_shows_its_first_picture(folder: Path) -> None:
    first, second = Pillow.fromarray(GREY), Pillow.fromarray(255 - GREY)
    first.save(folder / "a.png", save_all=True, append_images=[second])
    image = read_image(folder / "a.png")
    assert np.array_equal(image.pixels[..., 0], GREY)
    assert image.notes == ("Only the first of 2 pictures in this file is shown.",)


def test_resolution_of_print_is_no_calibration(folder: Path) -> None:
    for name in ("a.png", "a.jpg", "a.bmp"):
        Pillow.fromarray(GREY).save(folder / name, dpi=(2540, 2540))
        assert read_image(folder / name).pixel_size_um is None


@pytest.mark.parametrize(
    "save", [("jpg", {}), ("jpg", {"progressive": True}), ("png", {}), ("bmp", {})]
)
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_cut_file_is_never_a_whole_one(
    folder: Path, save: tuple[str, dict[str, bool]], mode: str
) -> None:
    suffix, options = save
    path = folder / f"a.{suffix}"
    picture = Pillow.fromarray(RANDOM.integers(0, 256, (64, 50, 3), dtype=np.uint8))
    picture.convert("L" if suffix == "jpg" and mode in "P1" else mode).save(path, **options)
    whole, pixels = path.read_bytes(), read_image(path).pixels
    refused = _refused_cuts(path, whole, pixels)
    assert refused >= 19  # the very last bytes of a JPEG only say that it ends


def test_cut_sixteen_bit_png(folder: Path) -> None:
    path = folder / "a.png"
    path.write_bytes(imagecodecs.png_encode(COLOUR.astype(np.uint16) * 257))
    whole, pixels = path.read_bytes(), read_image(path).pixels
    assert _refused_cuts(path, whole, pixels) >= 19


def _refused_cuts(path: Path, whole: bytes, pixels: np.ndarray) -> int:
    """How many of 20 cuts are refused; the others must show exactly the same pixels."""
    refused = 0
    lengths = np.linspace(10, len(whole) - 1, 20).astype(int)
    for length in lengths:
        path.write_bytes(whole[:length])
        try:
            assert np.array_equal(read_image(path).pixels, pixels)
        except UnreadableImage:
            refused += 1
    return refused


def test_flipped_bit_in_png_is_noticed(folder: Path) -> None:
    path = folder / "a.png"
    Pillow.fromarray(COLOUR).save(path, compress_level=0)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 4  # a pixel, which only the checksum gives away
    path.write_bytes(whole)
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(path)


def test_bomb_is_refused_by_its_header(folder: Path) -> None:
    (folder / "a.png").write_bytes(png(40_000, 30_000, 8, 2, b"\0"))
    with pytest.raises(ImageTooLarge, match=r"a\.png: its 40000 x 30000 pixels need 4\.8 GB"):
        read_image(folder / "a.png")


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (2**31 - 1, 2**31 - 1)])
def test_absurd_sizes_are_refused(folder: Path, size: tuple[int, int]) -> None:
    (folder / "a.png").write_bytes(png(*size, 8, 0, b"\0"))
    with pytest.raises((UnreadableImage, ImageTooLarge)):
        read_image(folder / "a.png")


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1)])
@pytest.mark.parametrize("suffix", ["png", "bmp"])
def test_one_pixel_wide(folder: Path, suffix: str, shape: tuple[int, int]) -> None:
    Pillow.fromarray(np.full(shape, 7, np.uint8)).save(folder / f"a.{suffix}")
    assert np.array_equal(read_image(folder / f"a.{suffix}").pixels, np.full((*shape, 1), 7))
