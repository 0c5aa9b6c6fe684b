"""A pixel size is read where a file states one, and never made up."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.image.ome import read_ome
from core.image.pixel_size import Sizes, from_imagej, from_resolution, single_size
from core.image.read import read_image


def from_ome(xml: str) -> Sizes | None:
    """The size of a pixel of the first image."""
    return next((image.sizes for image in read_ome(xml)), None)


PIXELS = np.zeros((4, 5), np.uint8)
OME = "<OME xmlns='http://www.openmicroscopy.org/Schemas/OME'><Image><Pixels {}/></Image></OME>"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("", 0.25),
        ("PhysicalSizeXUnit='µm' PhysicalSizeYUnit='μm'", 0.25),  # two code points, one letter
        ("PhysicalSizeXUnit='nm' PhysicalSizeYUnit='nm'", 0.00025),
        ("PhysicalSizeXUnit='mm' PhysicalSizeYUnit='mm'", 250.0),
        ("PhysicalSizeXUnit='pixel' PhysicalSizeYUnit='pixel'", None),
        ("PhysicalSizeXUnit='reference frame'", None),
    ],
)
def test_ome_units(unit: str, expected: float | None) -> None:
    xml = OME.format(f"PhysicalSizeX='0.25' PhysicalSizeY='0.25' {unit}")
    assert single_size(from_ome(xml))[0] == pytest.approx(expected)


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "1e300", "INF", "-INF", "abc", "", "1e-300"])
def test_ome_nonsense_is_no_size(value: str) -> None:
    xml = OME.format(f"PhysicalSizeX='{value}' PhysicalSizeY='{value}'")
    assert single_size(from_ome(xml)) == (None, ())


@pytest.mark.parametrize("xml", ["", "<OME", "<OME/>", OME.format("SizeX='4'"), "<a>\0</a>"])
def test_ome_without_size(xml: str) -> None:
    assert from_ome(xml) is None


def test_pixels_that_are_not_square_have_no_size() -> None:
    size, notes = single_size((0.5, 1.0))
    assert size is None and "not square (0.5 x 1 µm)" in notes[0]
    assert single_size((0.5, 0.502)) == (0.5, ())


def test_one_ome_size_stands_for_both() -> None:
    assert single_size(from_ome(OME.format("PhysicalSizeX='0.5'"))) == (0.5, ())


@pytest.mark.parametrize("unit", ["micron", "um", "µm", "μm", "\\u00B5m", "Microns", "micrometer"])
def test_imagej_spellings_of_a_micrometre(unit: str) -> None:
    assert from_imagej({"unit": unit}, ((20_000, 10_000), (20_000, 10_000))) == (0.5, 0.5)


@pytest.mark.parametrize("unit", [None, "pixel", "pixels", "", "bananas"])
def test_imagej_without_a_length(unit: str | None) -> None:
    metadata = {} if unit is None else {"unit": unit}
    assert from_imagej(metadata, ((2, 1), (2, 1))) is None


@pytest.mark.parametrize(
    "resolution", [None, (0, 1), (1, 0), (0, 0), (-5, 1), "abc", (1, 2, 3), (float("nan"), 1)]
)
def test_broken_resolution_is_no_size(resolution: object) -> None:
    assert from_resolution(3, (resolution, resolution)) is None


@pytest.mark.parametrize("dpi", [72, 96, 150, 300, 600])
def test_print_defaults_are_no_calibration(dpi: int) -> None:
    assert from_resolution(2, ((dpi, 1), (dpi, 1))) is None
    per_cm = round(dpi / 2.54 * 1000)
    assert from_resolution(3, ((per_cm, 1000), (per_cm, 1000))) is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"resolution": (20_000, 20_000), "resolutionunit": "CENTIMETER"}, 0.5),
        ({"resolution": (50_800, 50_800), "resolutionunit": "INCH"}, 0.5),
        ({"resolution": (20_000, 20_000), "resolutionunit": "NONE"}, None),
        ({"resolution": (1, 1), "resolutionunit": "CENTIMETER"}, None),
        ({"resolution": (300, 300), "resolutionunit": "INCH"}, None),
        ({"resolution": (2.0, 2.0), "imagej": True, "metadata": {"unit": "um"}}, 0.5),
        ({"resolution": (2.0, 2.0), "imagej": True}, None),
        ({"ome": True, "metadata": {"PhysicalSizeX": 0.3, "PhysicalSizeY": 0.3}}, 0.3),
        ({"ome": True}, None),
        ({}, None),
    ],
    ids=str,
)
def test_size_of_a_file(folder: Path, options: dict[str, Any], expected: float | None) -> None:
    tifffile.imwrite(folder / "a.tif", PIXELS, **options)
    assert read_image(folder / "a.tif").pixel_size_um == pytest.approx(expected)
