"""TIFF as the programs of microscopes write it: axes, size of a pixel, channels."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.errors import UnreadableImage
from core.image.read import ImageFile, read_image
from core.image.source import Channel, Plane, Scene
from tests.core.image.tiff_samples import write_lsm, write_stk

RANDOM = np.random.default_rng(3)
PLANES = RANDOM.integers(0, 4096, (6, 30, 40), dtype=np.uint16)
COLOUR = RANDOM.integers(0, 256, (300, 400, 3), dtype=np.uint8)


def scenes(path: Path) -> tuple[Scene, ...]:
    with ImageFile(path) as file:
        return file.scenes


@pytest.mark.parametrize(
    ("step", "milliseconds", "expected"),
    [(1.5, 0, (1, 6, 1.5, None)), (0, 500, (6, 1, None, 0.5)), (0, 0, (1, 6, None, None))],
)
def test_metamorph_stack(
    folder: Path, step: float, milliseconds: int, expected: tuple[object, ...]
) -> None:
    path = write_stk(folder / "a.stk", PLANES, step, milliseconds)
    (scene,) = scenes(path)
    assert (scene.times, scene.depths, scene.z_step_um, scene.interval_s) == expected
    assert scene.pixel_size_um == 0.25
    last = read_image(path, Plane(t=scene.times - 1, z=scene.depths - 1))
    assert np.array_equal(last.pixels[..., 0], PLANES[5])


def test_a_cut_metamorph_stack_is_refused(folder: Path) -> None:
    path = write_stk(folder / "a.stk", PLANES, 1.5, 0)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableImage, match="damaged or cut short"):
        read_image(path)


@pytest.mark.parametrize("units", ["um", "", "mm"])
@pytest.mark.parametrize("state", ["on", "off"])
def test_metamorph_single_image(folder: Path, units: str, state: str) -> None:
    rows = [
        ("spatial-calibration-state", "bool", state),
        ("spatial-calibration-x", "float", "0.65"),
        ("spatial-calibration-y", "float", "0.65"),
        ("spatial-calibration-units", "string", units),
        ("_IllumSetting_", "string", "DAPI"),
    ]
    told = "".join(f'<prop id="{i}" type="{t}" value="{v}"/>' for i, t, v in rows)
    xml = f"<MetaData><PlaneInfo>{told}</PlaneInfo></MetaData>"
    path = folder / "a.tif"
    tifffile.imwrite(path, PLANES[0], description=xml, software="MetaSeries", metadata=None)
    expected = {"um": 0.65, "mm": 650.0}.get(units) if state == "on" else None
    assert scenes(path)[0].pixel_size_um == expected
    assert np.array_equal(read_image(path).pixels[..., 0], PLANES[0])


@pytest.mark.parametrize("compression", [None, "lzw"])
@pytest.mark.parametrize("photometric", ["minisblack", "rgb"])
def test_zeiss_lsm(folder: Path, compression: str | None, photometric: str) -> None:
    """Three channels are no colours, also where the file says RGB; thumbnails are no scene."""
    stack = RANDOM.integers(0, 4096, (2, 4, 3, 30, 40), dtype=np.uint16)  # TZCYX
    sizes = {"X": 40, "Y": 30, "Z": 4, "Time": 2, "Channels": 3}
    path = write_lsm(
        folder / "a.lsm",
        stack.reshape(8, 3, 30, 40),
        6,
        sizes,
        compression=compression,
        photometric=photometric,
    )
    (scene,) = scenes(path)
    assert (scene.times, scene.depths, len(scene.channels), scene.is_rgb) == (2, 4, 3, False)
    assert (scene.pixel_size_um, scene.z_step_um, scene.interval_s) == (0.2, 1.0, 2.5)
    for t, z in ((0, 0), (1, 2), (1, 3)):
        assert np.array_equal(
            read_image(path, Plane(t=t, z=z)).pixels, np.moveaxis(stack[t, z], 0, 2)
        )


def write_svs(path: Path, description: str, **options: Any) -> Path:
    with tifffile.TiffWriter(path) as writer:
        for step, told in ((1, description), (10, "Aperio"), (4, "Aperio")):
            flags = {"tile": (64, 64)} | options if step != 10 else {}
            part = COLOUR[::step, ::step].copy()
            writer.write(part, photometric="rgb", description=told, metadata=None, **flags)
        for kind, name in ((1, "label"), (9, "macro")):
            flags = {"subfiletype": kind, "description": f"Aperio {name}"}
            writer.write(COLOUR[:20, :30], photometric="rgb", metadata=None, **flags)
    return path


@pytest.mark.parametrize("compression", ["jpeg", "aperio_jp2000_rgb", "lzw"])
def test_aperio_slide(folder: Path, compression: str) -> None:
    told = "Aperio Image Library v10\r\n400x300 (64x64) |AppMag = 20|MPP = 0.4990|Left = 25.69"
    path = write_svs(folder / "a.svs", told, compression=compression)
    found = [(scene.name, scene.width, scene.pixel_size_um) for scene in scenes(path)]
    assert found == [
        ("Baseline", 400, 0.499),
        ("Thumbnail", 40, None),
        ("Label", 30, None),
        ("Macro", 30, None),
    ]
    image = read_image(path)
    assert image.is_rgb and image.pixels.shape == (300, 400, 3)
    assert compression == "jpeg" or np.array_equal(image.pixels, COLOUR)


@pytest.mark.parametrize(
    "told", ["Aperio x", "Aperio |MPP = ", "Aperio |MPP = 0", "Aperio|MPP=..1"]
)
def test_aperio_without_a_size(folder: Path, told: str) -> None:
    assert scenes(write_svs(folder / "a.svs", told))[0].pixel_size_um is None


def test_akoya_qptiff(folder: Path) -> None:
    dyes = [("DAPI", (0, 0, 255)), ("Opal 520", (0, 255, 0)), ("AF", (255, 255, 255))]
    planes = RANDOM.integers(0, 256, (3, 128, 192), dtype=np.uint8)
    with tifffile.TiffWriter(folder / "a.qptiff", bigtiff=True) as writer:
        options: dict[str, Any] = {"metadata": None, "software": "PerkinElmer-QPI"}
        options |= {"resolution": (20_000, 20_000), "resolutionunit": "centimeter"}
        for plane, (name, color) in zip(planes, dyes, strict=True):
            told = f"<Name>{name}</Name><Color>{','.join(map(str, color))}</Color>"
            xml = f"<PerkinElmer-QPI-ImageDescription>{told}</PerkinElmer-QPI-ImageDescription>"
            writer.write(plane, tile=(64, 64), compression="lzw", description=xml, **options)
        writer.write(COLOUR[:20, :30], photometric="rgb", metadata=None)
        for plane in planes:
            writer.write(plane[::2, ::2].copy(), tile=(64, 64), subfiletype=1, metadata=None)
    scene = scenes(folder / "a.qptiff")[0]
    assert scene.channels == (
        Channel("DAPI", (0, 0, 255)),
        Channel("Opal 520", (0, 255, 0)),
        Channel("AF"),
    )
    assert scene.pixel_size_um == 0.5
    assert np.array_equal(read_image(folder / "a.qptiff").pixels, np.moveaxis(planes, 0, 2))


@pytest.mark.parametrize(("number", "unit", "expected"), [("5.4", "nm", 0.0054), ("x", "nm", None)])
def test_zeiss_electron_microscope(
    folder: Path, number: str, unit: str, expected: float | None
) -> None:
    text = f"\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = {number} {unit}\r\n".encode()
    tags = [(34118, "B", len(text), text, True)]
    tifffile.imwrite(folder / "a.tif", PLANES[0], extratags=tags, metadata=None)
    assert scenes(folder / "a.tif")[0].pixel_size_um == expected


def test_fei_electron_microscope(folder: Path) -> None:
    text = b"[User]\r\nDate=1\r\n[Scan]\r\nPixelWidth=2.5e-009\r\nPixelHeight=2.5e-009\r\n"
    tags = [(34682, "B", len(text), text, True)]
    tifffile.imwrite(folder / "a.tif", PLANES[0], extratags=tags, metadata=None)
    assert scenes(folder / "a.tif")[0].pixel_size_um == 0.0025


def test_imagej_palette_is_the_colour_of_the_channel(folder: Path) -> None:
    red = np.zeros((3, 256), np.uint16)
    red[0] = np.arange(256) * 257
    grey = (PLANES[0] >> 4).astype(np.uint8)
    tifffile.imwrite(folder / "a.tif", grey, imagej=True, photometric="palette", colormap=red)
    image = read_image(folder / "a.tif")
    assert image.channel_info == (Channel("", (255, 0, 0)),)
    assert np.array_equal(image.pixels[..., 0], grey) and not image.is_rgb


@pytest.mark.parametrize("axes", ["TZCYX", "TCZYX", "ZTCYX", "CZTYX", "ZCTYX"])
def test_ome_axes_names_and_times(folder: Path, axes: str) -> None:
    stack = RANDOM.integers(0, 4096, (2, 3, 4, 30, 40), dtype=np.uint16)
    sizes = dict(zip(axes, stack.shape, strict=True))
    names = ["DAPI", "GFP", "TRITC", "Cy5"][: sizes["C"]]
    told = {
        "axes": axes,
        "PhysicalSizeX": 200,
        "PhysicalSizeXUnit": "nm",
        "PhysicalSizeY": 200,
        "PhysicalSizeYUnit": "nm",
        "PhysicalSizeZ": 1.5,
        "TimeIncrement": 2,
        "TimeIncrementUnit": "min",
        "Channel": {"Name": names, "Color": [65535, 16711935, -16776961, -1][: sizes["C"]]},
    }
    path = folder / "a.ome.tif"
    tifffile.imwrite(path, stack, ome=True, photometric="minisblack", metadata=told)
    (scene,) = scenes(path)
    assert (scene.times, scene.depths) == (sizes["T"], sizes["Z"])
    assert (scene.pixel_size_um, scene.z_step_um, scene.interval_s) == (0.2, 1.5, 120)
    colors = [(0, 0, 255), (0, 255, 0), (255, 0, 0), None][: sizes["C"]]
    assert scene.channels == tuple(map(Channel, names, colors))
    canonical = np.moveaxis(stack, [axes.index(axis) for axis in "TZYXC"], range(5))
    with ImageFile(path) as file:
        for t in range(scene.times):
            for z in range(scene.depths):
                assert np.array_equal(file.image(Plane(0, t, z)).pixels, canonical[t, z])


def test_axes_without_a_meaning_are_all_reached(folder: Path) -> None:
    stack = RANDOM.integers(0, 4096, (2, 3, 4, 30, 40), dtype=np.uint16)
    tifffile.imwrite(folder / "a.tif", stack, photometric="minisblack")
    (scene,) = scenes(folder / "a.tif")
    assert (scene.times, scene.depths, scene.axes) == (1, 24, "QQQYX")
    with ImageFile(folder / "a.tif") as file:
        for z, plane in enumerate(stack.reshape(24, 30, 40)):
            assert np.array_equal(file.image(Plane(z=z)).pixels[..., 0], plane)
