"""Binary masks as TIFF and PNG, written and read."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.annotation.raster import binary_mask
from core.annotation.region import Origin, Region
from core.errors import FormatError
from core.formats import mask_png, mask_tiff
from core.formats.base import Codec
from core.image.read import read_image
from tests.core.formats.samples import annotations, regions, square

both = pytest.mark.parametrize("codec", (mask_tiff.CODEC, mask_png.CODEC), ids=lambda c: c.name)


def pixels(path: Path) -> np.ndarray:
    return tifffile.imread(path) if path.suffix == ".tif" else np.asarray(Image.open(path))


def path_for(codec: Codec, folder: Path) -> Path:
    return folder / f"mask{codec.suffixes[0]}"


@both
def test_255_inside_0_outside(codec: Codec, tmp_path: Path) -> None:
    path = path_for(codec, tmp_path)
    report = codec.write(path, annotations())
    mask = pixels(path)
    assert (mask.dtype, mask.shape) == (np.uint8, (50, 64))
    np.testing.assert_array_equal(mask, binary_mask(regions(), 50, 64))
    assert set(mask.flat) == {0, 255}
    assert (report.total, report.done, report.problems) == (4, 4, ())
    assert report.losses[:2] == ("numbers of objects", "borders between objects that touch")
    assert ("pixel size" in report.losses) == (codec is mask_png.CODEC)


@both
def test_an_image_without_objects_gives_a_file_of_its_size(codec: Codec, tmp_path: Path) -> None:
    path = path_for(codec, tmp_path)
    codec.write(path, annotations([]))
    np.testing.assert_array_equal(pixels(path), np.zeros((50, 64), np.uint8))


@both
def test_objects_that_do_not_touch_come_back(codec: Codec, tmp_path: Path) -> None:
    path = path_for(codec, tmp_path)
    codec.write(path, annotations())
    reading = codec.read(path, annotations([]))
    items = reading.annotations.regions
    assert [r.id for r in items] == [1, 2, 3, 4]
    np.testing.assert_array_equal(binary_mask(items, 50, 64), pixels(path))
    assert sorted(len(r.holes) for r in items) == [0, 0, 1, 2]
    assert {r.origin for r in items} == {Origin("import", source=path.name)}
    assert (reading.report.total, reading.report.done) == (4, 4)
    assert "each connected area is one" in reading.report.notes[0]


@both
def test_an_object_without_a_pixel_is_told_and_one_that_is_hidden_is_not(
    codec: Codec, tmp_path: Path
) -> None:
    items = [
        Region(1, square(10, 10, 2)),
        Region(2, square(8, 8, 6)),
        Region(3, square(9.6, 9.6, 0.3)),
        Region(100_000, square(30, 30, 5)),
    ]
    report = codec.write(path_for(codec, tmp_path), annotations(items))
    assert [p.id for p in report.problems] == ["3"]
    assert (report.total, report.done) == (4, 3)


def test_the_scale_is_kept_in_a_tiff(tmp_path: Path) -> None:
    mask_tiff.CODEC.write(tmp_path / "a.tif", annotations())
    assert read_image(tmp_path / "a.tif").pixel_size_um == pytest.approx(0.325, rel=1e-6)


@pytest.mark.parametrize(("dtype", "inside"), [("u1", 1), ("u1", 255), ("u2", 65535), ("?", True)])
def test_any_one_value_is_inside(tmp_path: Path, dtype: str, inside: int) -> None:
    mask = np.zeros((9, 9), dtype)
    mask[1:3, 1:3] = mask[3:5, 3:5] = inside
    tifffile.imwrite(tmp_path / "a.tif", mask)
    items = mask_tiff.CODEC.read(tmp_path / "a.tif").annotations.regions
    assert [r.bounds for r in items] == [(1, 1, 3, 3), (3, 3, 5, 5)]


def test_a_label_image_is_no_mask(tmp_path: Path) -> None:
    labels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    Image.fromarray(labels).save(tmp_path / "a.png")
    with pytest.raises(FormatError, match="one value inside and this has 11"):
        mask_png.CODEC.read(tmp_path / "a.png")
