"""TIFF in every dtype, layout and packing that programs write: the same values come out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.errors import UnreadableImage
from core.image.read import ImageFile, read_image
from core.image.source import Plane

RANDOM = np.random.default_rng(29)
DTYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "?"]
BITS = ("grey", "stack")  # layouts in which bits are written
LAYOUTS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "grey": ((21, 33), {}),
    "colour": ((21, 33, 3), {"photometric": "rgb"}),
    "colour apart": ((3, 21, 33), {"photometric": "rgb", "planarconfig": "separate"}),
    "channels": ((21, 33, 5), {"photometric": "minisblack", "planarconfig": "contig"}),
    "channels apart": ((2, 21, 33), {"photometric": "minisblack", "planarconfig": "separate"}),
    "stack": ((3, 21, 33), {"photometric": "minisblack", "metadata": {"axes": "ZYX"}}),
}
PACKINGS: dict[str, dict[str, Any]] = {
    "none": {},
    "strips": {"rowsperstrip": 5},
    "tiles": {"tile": (16, 32)},
    "lzw": {"compression": "lzw", "rowsperstrip": 5},
    "zlib": {"compression": "zlib", "tile": (16, 16)},
    "deflate": {"compression": "deflate"},
    "zstd": {"compression": "zstd", "tile": (16, 16)},
    "packbits": {"compression": "packbits"},
    "lzma": {"compression": "lzma"},
    "lzw, predicted": {"compression": "lzw", "predictor": True, "rowsperstrip": 5},
    "zlib, predicted": {"compression": "zlib", "predictor": True, "tile": (16, 16)},
    "zstd, predicted": {"compression": "zstd", "predictor": True},
}


def values(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Random ones over the range of the type; of floats also some that are no numbers."""
    if dtype == "?":
        return RANDOM.random(shape) > 0.5
    if dtype[0] == "f":
        drawn = RANDOM.normal(0, 100, shape).astype(dtype)
        drawn.ravel()[:3] = np.nan, np.inf, -np.inf
        return drawn
    limits = np.iinfo(dtype)
    return RANDOM.integers(limits.min, limits.max, shape, dtype, endpoint=True)


def shown(pixels: np.ndarray, layout: str) -> np.ndarray:
    """(H, W, C) of the first plane."""
    if pixels.dtype == bool:
        pixels = pixels * np.uint8(255)
    if layout in ("grey", "stack"):
        return pixels[0, ..., None] if layout == "stack" else pixels[..., None]
    return np.moveaxis(pixels, 0, 2) if layout.endswith("apart") else pixels


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    ("dtype", "layout"), [(d, x) for d in DTYPES for x in LAYOUTS if d != "?" or x in BITS]
)
def test_values_come_out_as_they_went_in(
    folder: Path, dtype: str, layout: str, packing: str
) -> None:
    shape, options = LAYOUTS[layout]
    pixels = values(shape, dtype)
    options = options | PACKINGS[packing]
    if dtype in ("?", "u8", "i8"):  # no predictor is defined for them
        options.pop("predictor", None)
    order = "<>"[len(layout + packing) % 2]
    tifffile.imwrite(folder / "a.tif", pixels, byteorder=order, **options)
    image = read_image(folder / "a.tif")
    expected = shown(pixels, layout)
    assert image.pixels.dtype == expected.dtype and image.pixels.dtype.isnative
    assert np.array_equal(image.pixels, expected, equal_nan=dtype[0] == "f")
    assert image.is_rgb == layout.startswith("colour") and image.notes == ()
    if layout == "stack":
        last = read_image(folder / "a.tif", Plane(z=2)).pixels[..., 0]
        assert np.array_equal(
            last, np.atleast_3d(shown(pixels[2:], layout))[..., 0], equal_nan=True
        )


@pytest.mark.parametrize("kind", ["shaped", "imagej", "ome"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("axes", ["TZCYX", "ZCYX", "TCYX", "CYX", "ZYX", "TYX", "TZYX"])
def test_hyperstacks(folder: Path, axes: str, dtype: str, kind: str) -> None:
    sizes = {"T": 2, "Z": 3, "C": 4, "Y": 21, "X": 33}
    stack = values(tuple(sizes[axis] for axis in axes), dtype)
    flags = {} if kind == "shaped" else {kind: True}
    path = folder / "a.tif"
    tifffile.imwrite(
        path,
        stack,
        photometric="minisblack",
        metadata={"axes": axes},
        **flags,  # type: ignore[arg-type]
    )
    missing = tuple(n for n, axis in enumerate("TZCYX") if axis not in axes)
    whole = np.expand_dims(stack, missing)
    with ImageFile(path) as file:
        (scene,) = file.scenes
        assert (scene.times, scene.depths, len(scene.channels)) == whole.shape[:3]
        assert (scene.axes, scene.stored_shape, scene.is_rgb) == (axes, stack.shape, False)
        for t in range(scene.times):
            for z in range(scene.depths):
                pixels = file.image(Plane(0, t, z)).pixels
                assert np.array_equal(np.moveaxis(pixels, 2, 0), whole[t, z], equal_nan=True)


@pytest.mark.parametrize("bits", [1, 2, 4, 6, 10, 12, 14, 24, 31])
def test_values_of_odd_widths(folder: Path, bits: int) -> None:
    dtype = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    pixels = RANDOM.integers(0, 2**bits, (21, 33), dtype)
    tifffile.imwrite(folder / "a.tif", pixels, bitspersample=bits, photometric="minisblack")
    expected = pixels * np.uint8(255) if bits == 1 else pixels
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], expected) and image.pixels.dtype == dtype


def test_twelve_bits_in_sixteen_keep_their_values(folder: Path) -> None:
    pixels = RANDOM.integers(0, 4096, (21, 33), np.uint16)
    tifffile.imwrite(folder / "a.tif", pixels)
    image = read_image(folder / "a.tif")
    assert np.array_equal(image.pixels[..., 0], pixels) and image.pixels.max() < 4096


@pytest.mark.parametrize("extra", [["unspecified"], ["unspecified", "unspecified"]])
@pytest.mark.parametrize("apart", [False, True])
def test_samples_beside_colours_are_told(folder: Path, extra: list[str], apart: bool) -> None:
    pixels = RANDOM.integers(0, 256, (21, 33, 3 + len(extra)), np.uint8)
    tifffile.imwrite(
        folder / "a.tif",
        np.moveaxis(pixels, 2, 0) if apart else pixels,
        photometric="rgb",
        planarconfig="separate" if apart else "contig",
        extrasamples=extra,
    )
    image = read_image(folder / "a.tif")
    assert image.is_rgb and np.array_equal(image.pixels, pixels[..., :3])
    assert image.notes == ("The samples beside red, green and blue are not shown.",)


@pytest.mark.parametrize("axes", ["ZYXS", "ZSYX", "TYXS"])
def test_stacks_of_colours(folder: Path, axes: str) -> None:
    shape = (3, 3, 21, 33) if axes == "ZSYX" else (3, 21, 33, 3)
    stack = RANDOM.integers(0, 256, shape, np.uint8)
    apart = "separate" if axes == "ZSYX" else "contig"
    path = folder / "a.ome.tif"
    tifffile.imwrite(
        path, stack, ome=True, photometric="rgb", planarconfig=apart, metadata={"axes": axes}
    )
    last = read_image(path, Plane(t=2) if axes[0] == "T" else Plane(z=2))
    expected = np.moveaxis(stack[2], 0, 2) if axes == "ZSYX" else stack[2]
    assert last.is_rgb and np.array_equal(last.pixels, expected)


@pytest.mark.parametrize("dtype", ["c8", "c16"])
def test_complex_numbers_are_refused_politely(folder: Path, dtype: str) -> None:
    tifffile.imwrite(folder / "a.tif", np.zeros((5, 6), dtype))
    with pytest.raises(UnreadableImage, match="its values are not plain numbers; save it as"):
        read_image(folder / "a.tif")
