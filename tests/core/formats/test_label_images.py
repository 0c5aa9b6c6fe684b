"""Label images as TIFF and PNG, written and read."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import label_image
from core.annotation.region import Origin, Region
from core.errors import CannotWrite, FormatError, UnreadableImage
from core.formats import label_ome_tiff, label_png, label_tiff
from core.formats.base import Codec, Problem, Report
from core.image.read import read_image
from tests.core.formats.samples import annotations, regions, square

CODECS = (label_tiff.CODEC, label_ome_tiff.CODEC, label_png.CODEC)
both = pytest.mark.parametrize("codec", CODECS, ids=lambda c: c.name)


def pixels(path: Path) -> np.ndarray:
    """What a program that is not ours reads."""
    return tifffile.imread(path) if path.suffix == ".tif" else np.asarray(Image.open(path))


def written(codec: Codec, folder: Path, *items: Region, **facts: object) -> tuple[Path, Report]:
    path = folder / f"labels{codec.suffixes[0]}"
    return path, codec.write(path, annotations(items, **facts), overwrite=True)


def expected(*items: Region) -> np.ndarray:
    return label_image(items, 50, 64, np.uint16)


@both
def test_the_value_of_a_pixel_is_the_number_of_its_object(codec: Codec, tmp_path: Path) -> None:
    path, report = written(codec, tmp_path, *regions())
    labels = pixels(path)
    assert labels.dtype == (np.uint16 if codec is label_png.CODEC else np.uint8)
    assert labels.shape == (50, 64)
    np.testing.assert_array_equal(labels, expected(*regions()))
    assert sorted(set(labels.flat)) == [0, 2, 3, 7, 9]
    assert (report.total, report.done, report.problems) == (4, 4, ())


@both
def test_an_image_without_objects_gives_a_file_of_its_size(codec: Codec, tmp_path: Path) -> None:
    path, report = written(codec, tmp_path)
    np.testing.assert_array_equal(pixels(path), np.zeros((50, 64), np.uint16))
    assert report.losses == ("classes", "pixel size")[: 2 if codec is label_png.CODEC else 1]


@both
def test_losses_are_what_there_was_to_lose(codec: Codec, tmp_path: Path) -> None:
    _, report = written(codec, tmp_path, *regions(), pixel_size_um=None)
    assert report.losses == (
        "classes",
        "confidence",
        "edit, review and lock marks",
        "attributes",
        "outlines finer than a pixel",
    )
    classes = (LabelClass(0, "Cell", "#56b4e9"),)
    plain = Region(1, square(3, 3, 4))
    _, report = written(codec, tmp_path, plain, classes=classes, pixel_size_um=None)
    assert report.losses == ()


@both
def test_pixels_come_back_as_the_same_pixels(codec: Codec, tmp_path: Path) -> None:
    path, _ = written(codec, tmp_path, *regions())
    reading = codec.read(path, annotations([]))
    assert [r.id for r in reading.annotations.regions] == [2, 3, 7, 9]
    np.testing.assert_array_equal(expected(*reading.annotations.regions), expected(*regions()))
    seven = reading.annotations.regions[2]
    assert len(seven.holes) == 2 and seven.area == regions()[2].area
    assert {r.origin for r in reading.annotations.regions} == {Origin("import", source=path.name)}
    assert all(r.confidence is None and r.class_id == 0 for r in reading.annotations.regions)
    assert reading.annotations.image_name == "Präparat 1.tif"
    assert reading.report == Report(4, 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(arrays.arrays(np.uint16, (7, 9), elements=st.sampled_from([0, 0, 1, 2, 500, 65535])))
def test_any_label_image_survives(tmp_path: Path, labels: np.ndarray) -> None:
    """Parts of an object become objects of their own, so compare what belongs together."""
    tifffile.imwrite(tmp_path / "a.tif", labels)
    items = label_tiff.CODEC.read(tmp_path / "a.tif").annotations.regions
    painted = label_image(items, 7, 9, np.int32)
    np.testing.assert_array_equal(painted > 0, labels > 0)
    assert len({r.id for r in items}) == len(items)
    for item in items:
        assert len(np.unique(labels[painted == item.id])) == 1
    for value in set(labels.flat) - {0}:
        assert value in painted[labels == value]


@both
def test_objects_of_one_pixel_and_at_the_border(codec: Codec, tmp_path: Path) -> None:
    small = [
        Region(1, square(0, 0, 1)),
        Region(2, square(63, 49, 1)),
        Region(3, square(1, 1, 1)),
        Region(4, square(62, 0, 9)),
    ]
    path, report = written(codec, tmp_path, *small)
    assert report.problems == ()
    assert np.count_nonzero(pixels(path)) == 3 + 2 * 9
    assert len(codec.read(path).annotations.regions) == 4


@both
def test_objects_without_a_pixel_of_their_own_are_told(codec: Codec, tmp_path: Path) -> None:
    items = [
        Region(1, square(10, 10, 2)),
        Region(2, square(8, 8, 6)),
        Region(3, square(9.6, 9.6, 0.3)),
        Region(4, square(200, 200, 5)),
        Region(5, square(12, 12, 5)),
    ]
    path, report = written(codec, tmp_path, *items)
    assert sorted(set(pixels(path).flat)) == [0, 2, 5]
    assert (report.total, report.done) == (5, 2)
    assert [(p.id, p.reason.split(":")[0]) for p in report.problems] == [
        ("1", "left out"),
        ("2", "4 of its 36 pixels belong to objects with larger numbers"),
        ("3", "left out"),
        ("4", "left out"),
    ]
    assert "hide it" in report.problems[0].reason and "no pixel" in report.problems[2].reason


def test_the_object_in_the_middle_of_a_pile_is_told_too(tmp_path: Path) -> None:
    pile = [Region(i, square(10, 10, size)) for i, size in ((1, 8), (2, 6), (3, 4))]
    _, report = written(label_tiff.CODEC, tmp_path, *pile)
    assert [p.reason.split(" pix")[0] for p in report.problems] == ["36 of its 64", "16 of its 36"]


def test_tiff_is_as_imagej_writes_it_with_its_scale(tmp_path: Path) -> None:
    path, _ = written(label_tiff.CODEC, tmp_path, *regions())
    with tifffile.TiffFile(path) as file:
        assert file.is_imagej and file.imagej_metadata["unit"] == "um"
    assert read_image(path).pixel_size_um == pytest.approx(0.325, rel=1e-6)
    bare = annotations([], pixel_size_um=None)
    assert label_tiff.CODEC.read(path, bare).annotations.pixel_size_um == pytest.approx(0.325)
    assert label_tiff.CODEC.read(path, annotations([])).annotations.pixel_size_um == 0.325
    path, _ = written(label_tiff.CODEC, tmp_path, pixel_size_um=None)
    assert read_image(path).pixel_size_um is None


def test_ome_tiff_says_how_large_a_pixel_is(tmp_path: Path) -> None:
    path, _ = written(label_ome_tiff.CODEC, tmp_path, *regions())
    with tifffile.TiffFile(path) as file:
        assert file.is_ome and file.series[0].axes == "YX"
        told = tifffile.xml2dict(file.ome_metadata)["OME"]["Image"]
    assert told["Name"] == "Labels of Präparat 1.tif"
    assert told["Pixels"]["PhysicalSizeX"] == told["Pixels"]["PhysicalSizeY"] == 0.325
    assert told["Pixels"]["PhysicalSizeXUnit"] == "µm"
    bare = annotations([], pixel_size_um=None)
    assert label_ome_tiff.CODEC.read(path, bare).annotations.pixel_size_um == 0.325


TYPES = {0: np.uint8, 254: np.uint8, 255: np.uint16, 65535: np.uint16, 65536: np.int32}


@pytest.mark.parametrize("codec", [label_tiff.CODEC, label_ome_tiff.CODEC], ids=lambda c: c.name)
def test_pixels_are_as_small_as_the_numbers_allow(codec: Codec, tmp_path: Path) -> None:
    assert codec.pixel_type is not None
    for largest, dtype in TYPES.items():
        path, _ = written(codec, tmp_path, *([Region(largest, square(0, 0, 3))] if largest else []))
        assert pixels(path).dtype == dtype
        assert np.dtype(dtype).name in codec.pixel_type(largest)
        assert [r.id for r in codec.read(path).annotations.regions] == [largest] * (largest > 0)


def test_a_person_may_choose_more_bits(tmp_path: Path) -> None:
    wide = label_tiff.CODEC.with_options({"depth": "16"})
    assert wide.pixel_type is not None and "uint16" in wide.pixel_type(3)
    path, _ = written(wide, tmp_path, Region(3, square(0, 0, 3)))
    assert pixels(path).dtype == np.uint16
    with pytest.raises(CannotWrite, match=r"16 bits hold numbers up to 65535 .* 65536; choose"):
        written(wide, tmp_path, Region(65536, square(0, 0, 3)))
    path, _ = written(label_tiff.CODEC.with_options({"depth": "32"}), tmp_path)
    assert pixels(path).dtype == np.int32


def test_large_numbers_make_a_tiff_of_32_bits_and_no_png(tmp_path: Path) -> None:
    items = [Region(65535, square(0, 0, 3)), Region(65536, square(9, 9, 3))]
    path, report = written(label_tiff.CODEC, tmp_path, *items)
    labels = pixels(path)
    assert labels.dtype == np.int32
    assert sorted(set(labels.flat)) == [0, 65535, 65536]
    assert "of 32 bits with Bio-Formats" in report.notes[0]
    assert read_image(path).pixel_size_um == pytest.approx(0.325, rel=1e-6)
    assert [r.id for r in label_tiff.CODEC.read(path).annotations.regions] == [65535, 65536]
    with pytest.raises(CannotWrite, match=r"labels\.png: .* an object 65536; write .* TIFF"):
        written(label_png.CODEC, tmp_path, *items)
    written(label_png.CODEC, tmp_path, items[0])
    assert label_png.CODEC.pixel_type is not None
    with pytest.raises(CannotWrite, match="an object 65536"):
        label_png.CODEC.pixel_type(65536)


def test_parts_of_an_object_become_objects(tmp_path: Path) -> None:
    labels = np.zeros((10, 12), np.uint16)
    labels[1:3, 1:3] = 4
    labels[5:9, 5:9] = 4
    labels[0, 11] = 6
    labels[1, 10] = 6
    tifffile.imwrite(tmp_path / "a.tif", labels)
    reading = label_tiff.CODEC.read(tmp_path / "a.tif")
    assert {r.id: r.area for r in reading.annotations.regions} == {4: 16, 6: 1, 7: 4, 8: 1}
    assert reading.report.problems == (
        Problem("4", "a part that does not touch the rest is now object 7"),
        Problem("6", "a part that does not touch the rest is now object 8"),
    )
    assert (reading.report.total, reading.report.done) == (4, 4)


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i4", ">u2", ">i4", "i8"])
def test_integers_of_any_kind(tmp_path: Path, dtype: str) -> None:
    labels = np.zeros((6, 8), dtype)
    labels[1:3, 2:5] = 100
    tifffile.imwrite(tmp_path / "a.tif", labels)
    (item,) = label_tiff.CODEC.read(tmp_path / "a.tif").annotations.regions
    assert (item.id, item.bounds) == (100, (2, 1, 5, 3))


def test_a_mask_is_taken_apart_and_told(tmp_path: Path) -> None:
    mask = np.zeros((9, 9), np.uint8)
    mask[1:3, 1:3] = mask[3:5, 3:5] = mask[7, 7] = 255
    Image.fromarray(mask).save(tmp_path / "a.png")
    reading = label_png.CODEC.read(tmp_path / "a.png")
    assert [r.area for r in reading.annotations.regions] == [4, 4, 1]
    assert "A mask does not tell objects apart" in reading.report.notes[0]


REFUSED = {
    "colours": (np.zeros((5, 6, 3), np.uint8), "3 channels"),
    "fractions": (np.zeros((5, 6), np.float32), "float32"),
    "negative": (np.full((5, 6), -3, np.int16), "from -3 to -3"),
    "too large": (np.full((5, 6), 2**32 - 1, np.uint32), "4294967295"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_label_image(tmp_path: Path, name: str) -> None:
    values, reason = REFUSED[name]
    tifffile.imwrite(tmp_path / "Ärzte.tif", values, photometric="rgb" if values.ndim > 2 else None)
    with pytest.raises(FormatError, match=reason) as caught:
        label_tiff.CODEC.read(tmp_path / "Ärzte.tif")
    assert str(caught.value).startswith("Cannot read Ärzte.tif: it")


def test_a_photograph_is_no_label_image(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 200, (80, 80)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.png")
    with pytest.raises(FormatError, match="scattered parts"):
        label_png.CODEC.read(tmp_path / "photo.png")


def test_the_image_itself_is_no_label_image(tmp_path: Path) -> None:
    path, _ = written(label_png.CODEC, tmp_path, *regions())
    picture = read_image(path)
    shown = AnnotationSet(
        path.name, picture.width, picture.height, content_hash=picture.content_hash
    )
    with pytest.raises(FormatError, match="the image itself"):
        label_png.CODEC.read(path, shown)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path, _ = written(label_png.CODEC, tmp_path, *regions())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableImage, match=r"labels\.png"):
        label_png.CODEC.read(path)


def test_the_first_class_of_the_project_is_theirs(tmp_path: Path) -> None:
    path, _ = written(label_png.CODEC, tmp_path, *regions())
    project = annotations([], classes=(LabelClass(5, "Nucleus", "#000000"),))
    reading = label_png.CODEC.read(path, project)
    assert {r.class_id for r in reading.annotations.regions} == {5}
    assert reading.annotations.classes == project.classes


def test_real_labels_survive(tmp_path: Path, shared: Path) -> None:
    """But for parts that touch the rest by a corner only, which are told."""
    for name in ("dsb_00071198d059.png", "dsb_0280fa8f60f6.png"):
        source = shared / "data" / "dsb2018" / "labels" / name
        reading = label_png.CODEC.read(source)
        label_png.CODEC.write(tmp_path / name, reading.annotations)
        truth, painted = pixels(source), pixels(tmp_path / name)
        parts = {int(p.reason.split()[-1]): int(p.id) for p in reading.report.problems}
        for part, rest in parts.items():
            painted = np.where(painted == part, rest, painted)
        np.testing.assert_array_equal(painted, truth)
        assert reading.report.total == len(np.unique(truth)) - 1 + len(parts)
