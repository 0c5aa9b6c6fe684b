"""Masks of classes with their table, written and read."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import label_image, rasterize
from core.annotation.region import Region
from core.errors import CannotWrite, FormatError
from core.formats import classes_png, classes_tiff
from core.formats.base import Codec
from core.formats.class_masks import NAME, class_table
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, regions, square

both = pytest.mark.parametrize(
    "codec", (classes_tiff.CODEC, classes_png.CODEC), ids=lambda c: c.name
)


def pixels(path: Path) -> np.ndarray:
    return tifffile.imread(path) if path.suffix == ".tif" else np.asarray(Image.open(path))


def written(codec: Codec, folder: Path, items: AnnotationSet) -> Path:
    path = folder / f"a{codec.tag}{codec.suffixes[0]}"
    codec.write(path, items, overwrite=True)
    (folder / NAME).write_bytes(class_table([items]))
    return path


def by_class(items: AnnotationSet) -> dict[str, np.ndarray]:
    """The pixels of each class; of two objects over one another the larger number counts."""
    labels = label_image(items.regions, items.height, items.width)
    names = {c.id: c.name for c in items.classes}
    of = {name: np.zeros(labels.shape, bool) for name in names.values()}
    for region in items.regions:
        of[names[region.class_id]] |= labels == region.id
    return {name: mask for name, mask in of.items() if mask.any()}


@both
def test_the_value_is_the_number_of_the_class(codec: Codec, tmp_path: Path) -> None:
    path = written(codec, tmp_path, annotations())
    mask = pixels(path)
    assert (mask.dtype, mask.shape) == (np.uint8, (50, 64))
    table = json.loads((tmp_path / NAME).read_text("utf-8"))
    assert table["background"] == 0
    assert [(c["value"], c["name"]) for c in table["classes"]] == [
        (1, "Cell"),
        (2, "Zellkern 細胞 µ"),
    ]
    for region in regions():  # none lies on another
        inside = rasterize(region, 50, 64)
        assert set(mask[inside]) == {2 if region.class_id == 3 else 1}
    assert np.count_nonzero(mask) == sum(rasterize(r, 50, 64).sum() for r in regions())


@both
def test_random_sets_keep_the_pixels_of_each_class(codec: Codec, tmp_path: Path) -> None:
    for seed in range(250):
        items = random_set(seed)
        path = written(codec, tmp_path, items)
        back = codec.read(path, annotations([])).annotations
        was, now = by_class(items), by_class(back)
        assert was.keys() == now.keys()
        assert all(np.array_equal(was[name], now[name]) for name in was)


def test_classes_of_the_table_become_classes_of_the_project(tmp_path: Path) -> None:
    path = written(classes_png.CODEC, tmp_path, annotations())
    alone = classes_png.CODEC.read(path).annotations
    assert [c.name for c in alone.classes] == ["Cell", "Zellkern 細胞 µ"]
    project = annotations([], classes=(LabelClass(8, "Zellkern 細胞 µ", "#009e73"),))
    reading = classes_png.CODEC.read(path, project)
    assert sorted({r.class_id for r in reading.annotations.regions}) == [1, 8]
    assert any("each connected area is one" in note for note in reading.report.notes)


def test_without_a_table_numbers_are_places_of_our_classes(tmp_path: Path) -> None:
    path = written(classes_png.CODEC, tmp_path, annotations())
    (tmp_path / NAME).unlink()
    reading = classes_png.CODEC.read(path, annotations([]))
    assert [r.class_id for r in reading.annotations.regions].count(3) == 1
    assert any("There is no classes.json" in note for note in reading.report.notes)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"classes": [{"value": "a"}]}'])
def test_a_damaged_table_is_told(content: bytes, tmp_path: Path) -> None:
    path = written(classes_png.CODEC, tmp_path, annotations())
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(FormatError, match=r"classes\.json beside it is damaged"):
        classes_png.CODEC.read(path)


def test_more_classes_than_8_bits_hold(tmp_path: Path) -> None:
    classes = tuple(LabelClass(n, f"Class {n}", "#009e73") for n in range(256))
    with pytest.raises(CannotWrite, match="255 classes and there are 256"):
        classes_png.CODEC.write(tmp_path / "a.png", annotations(classes=classes))
    classes_png.CODEC.write(tmp_path / "a.png", annotations([], classes=classes[:255]))


def test_a_number_must_mean_one_class_in_all_images() -> None:
    other = annotations(classes=(LabelClass(0, "Nucleus", "#009e73"),), regions=())
    with pytest.raises(CannotWrite, match="are not those of the other images"):
        class_table([annotations(), other])


def test_of_objects_over_one_another_the_larger_number_counts(tmp_path: Path) -> None:
    items = [Region(1, square(5, 5, 10), class_id=3), Region(2, square(8, 8, 4), class_id=0)]
    report = classes_png.CODEC.write(tmp_path / "a.png", annotations(items))
    mask = pixels(tmp_path / "a.png")
    assert (mask[6, 6], mask[9, 9]) == (2, 1)
    assert [(p.id, p.reason.split(" pix")[0]) for p in report.problems] == [("1", "16 of its 100")]


def test_many_objects_of_one_class(tmp_path: Path) -> None:
    items = [Region(n + 1, square(2 * (n % 30), 2 * (n // 30), 1)) for n in range(700)]
    path = written(classes_png.CODEC, tmp_path, annotations(items))
    assert len(classes_png.CODEC.read(path).annotations.regions) == 700
    (tmp_path / NAME).unlink()
    assert len(classes_png.CODEC.read(path).annotations.regions) == 700


def test_a_photograph_is_no_mask_of_classes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 200, (80, 80)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.png")
    with pytest.raises(FormatError, match="its 199 values are not the numbers of 1 classes"):
        classes_png.CODEC.read(tmp_path / "photo.png")
