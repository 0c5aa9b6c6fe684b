"""OME-Zarr folders with labels: read by zarr itself, and read back."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import zarr

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import label_image
from core.annotation.region import Region
from core.errors import CannotWrite, FormatError
from core.formats import ome_zarr
from core.formats.base import Report
from core.image.read import read_image
from tests.core.formats.pictures import image_for, picture_for
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, regions, square

VERSIONS = pytest.mark.parametrize("version", ["0.4", "0.5"])


def written(
    folder: Path, items: AnnotationSet, version: str = "0.5", channels: int = 1
) -> tuple[Path, Report]:
    path = folder / "a_labels.ome.zarr"
    codec = ome_zarr.CODEC.with_options({"version": version})
    return path, codec.write(path, items, overwrite=True, picture=picture_for(items, channels))


def told(group: zarr.Group) -> dict:
    attributes = group.attrs.asdict()
    return attributes.get("ome", attributes)


@VERSIONS
def test_zarr_reads_the_labels_and_the_image(version: str, tmp_path: Path) -> None:
    path, report = written(tmp_path, annotations(), version, channels=2)
    root = zarr.open_group(path, mode="r")
    assert root.metadata.zarr_format == (2 if version == "0.4" else 3)
    labels = root["labels/cells/0"]
    assert (labels.shape, labels.dtype) == ((1, 1, 1, 50, 64), np.uint8)
    np.testing.assert_array_equal(labels[0, 0, 0], label_image(regions(), 50, 64))
    image = root["0"]
    assert (image.shape, image.dtype) == ((1, 2, 1, 50, 64), np.uint16)
    wanted = np.moveaxis(image_for(annotations(), 2).pixels, 2, 0)
    np.testing.assert_array_equal(image[0, :, 0], wanted)
    assert (report.total, report.done) == (4, 4)


@VERSIONS
def test_the_metadata_follow_the_specification(version: str, tmp_path: Path) -> None:
    path, _ = written(tmp_path, annotations(), version)
    root = zarr.open_group(path, mode="r")
    image, cells = told(root), told(root["labels/cells"])
    assert told(root["labels"])["labels"] == ["cells"]
    for one in (image, cells):
        (multiscale,) = one["multiscales"]
        assert [axis["name"] for axis in multiscale["axes"]] == list("tczyx")
        assert multiscale["axes"][4] == {"name": "x", "type": "space", "unit": "micrometer"}
        (scale,) = multiscale["datasets"][0]["coordinateTransformations"]
        assert scale == {"type": "scale", "scale": [1, 1, 1, 0.325, 0.325]}
        assert (multiscale if version == "0.4" else one)["version"] == version
    assert len(image["multiscales"][0]["datasets"]) == len(cells["multiscales"][0]["datasets"])
    label = cells["image-label"]
    assert label["source"] == {"image": "../../"} and label["version"] == version
    assert label["colors"][1] == {"label-value": 3, "rgba": [0, 158, 115, 255]}
    assert label["properties"][1]["class"] == "Zellkern 細胞 µ"
    window = image["omero"]["channels"][0]["window"]
    assert window["min"] <= window["start"] < window["end"] <= window["max"]
    if version == "0.5":
        assert root["0"].metadata.dimension_names == tuple("tczyx")


def test_our_own_reader_opens_the_image(tmp_path: Path) -> None:
    for version in ("0.4", "0.5"):
        path, _ = written(tmp_path, annotations(), version, channels=2)
        image = read_image(path)
        np.testing.assert_array_equal(image.pixels, image_for(annotations(), 2).pixels)
        assert image.pixel_size_um == 0.325


def test_smaller_levels_have_no_new_labels(tmp_path: Path) -> None:
    items = [Region(7, square(100, 200, 901)), Region(300, square(1100, 5, 1))]
    known = annotations(items, width=1301, height=1203)
    path, _ = written(tmp_path, known)
    root = zarr.open_group(path, mode="r")
    shapes = [root[f"labels/cells/{n}"].shape[3:] for n in range(3)]
    assert (
        shapes
        == [root[str(n)].shape[3:] for n in range(3)]
        == [(1203, 1301), (602, 651), (301, 326)]
    )
    for n in range(3):
        assert set(np.unique(root[f"labels/cells/{n}"][...])) <= {0, 7, 300}
    whole, half = root["0"][0, 0, 0], root["1"][0, 0, 0]
    blocks = whole[:1202, :1300].reshape(601, 2, 650, 2).mean(axis=(1, 3))
    assert np.abs(half[:601, :650] - blocks).max() <= 0.5
    assert half[-1, 0] == round(whole[-1, :2].mean())


@VERSIONS
def test_random_sets_keep_their_pixels(version: str, tmp_path: Path) -> None:
    for seed in range(40):
        items = random_set(seed)
        path, report = written(tmp_path, items, version)
        back = ome_zarr.CODEC.read(path, annotations([])).annotations
        wanted = label_image(items.regions, 50, 64)
        found = label_image(back.regions, 50, 64)
        np.testing.assert_array_equal(found > 0, wanted > 0)
        whole = [r for r in items.regions if str(r.id) not in {p.id for p in report.problems}]
        of = {r.id: r for r in back.regions}
        assert all(of[r.id].class_id == r.class_id for r in whole if r.id in of)
        assert all(of[r.id].confidence == r.confidence for r in whole if r.id in of)


def test_classes_come_back_also_without_a_project(tmp_path: Path) -> None:
    path, _ = written(tmp_path, annotations())
    back = ome_zarr.CODEC.read(path).annotations
    assert {c.name for c in back.classes} == {"Cell", "Zellkern 細胞 µ"}
    assert (back.width, back.height, back.pixel_size_um) == (64, 50, 0.325)
    project = annotations([], classes=(LabelClass(8, "Zellkern 細胞 µ", "#009e73"),))
    found = ome_zarr.CODEC.read(path, project).annotations.regions
    assert [r.class_id for r in found if r.id == 3] == [8]


@VERSIONS
def test_the_same_image_gives_the_same_files(version: str, tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        path, _ = written(tmp_path, annotations(), version)
        files = [p for p in path.rglob("*") if p.is_file()]
        contents.append({p.relative_to(path).as_posix(): p.read_bytes() for p in files})
        shutil.rmtree(path)
    assert contents[0] == contents[1]


def test_an_image_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"the image Präparat 1\.tif is part of it"):
        ome_zarr.CODEC.write(tmp_path / "a.zarr", annotations())
    other = picture_for(annotations([], width=9))
    with pytest.raises(CannotWrite, match="has 9 x 50 pixels now and the outlines are for 64 x 50"):
        ome_zarr.CODEC.write(tmp_path / "a.zarr", annotations(), picture=other)
    assert list(tmp_path.iterdir()) == []


def label_folder(folder: Path, pixels: np.ndarray, axes: str, **label: object) -> Path:
    """Labels of another program."""
    path = folder / "other.zarr"
    shutil.rmtree(path, ignore_errors=True)
    levels = [{"path": "0"}]
    names = [{"name": axis} for axis in axes]
    shown = {"multiscales": [{"axes": names, "datasets": levels}], "image-label": label}
    root = zarr.create_group(path, zarr_format=2)
    root.create_group("labels", attributes={"labels": ["x"]})
    root.create_group("labels/x", attributes=shown)
    root.create_array("labels/x/0", data=pixels)
    return path


def test_labels_of_other_programs(tmp_path: Path) -> None:
    pixels = np.zeros((1, 6, 8), np.int64)
    pixels[0, 1:3, 2:5] = 70_000
    path = label_folder(tmp_path, pixels, "zyx", properties=[{"label-value": 70_000, "area": 6}])
    (item,) = ome_zarr.CODEC.read(path).annotations.regions
    assert (item.id, item.bounds, item.area) == (70_000, (2, 1, 5, 3), 6)
    assert ome_zarr.CODEC.read(path / "labels" / "x").annotations.regions[0].id == 70_000
    turned = label_folder(tmp_path, pixels[0].T.copy(), "xy")
    assert ome_zarr.CODEC.read(turned).annotations.regions[0].bounds == (2, 1, 5, 3)


REFUSED = {
    "a stack": (np.ones((3, 4, 5), np.uint8), "zyx", "a stack .3 along Z"),
    "fractions": (np.ones((4, 5), np.float32), "yx", "float32"),
    "negative": (np.full((4, 5), -2, np.int16), "yx", "from -2 to -2"),
    "too large": (np.full((4, 5), 2**40, np.int64), "yx", "1099511627776"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_are_no_labels(name: str, tmp_path: Path) -> None:
    pixels, axes, reason = REFUSED[name]
    with pytest.raises(FormatError, match=rf"Cannot read other\.zarr: .*{reason}"):
        ome_zarr.CODEC.read(label_folder(tmp_path, pixels, axes))


HOSTILE = [
    {"labels": ["../../outside"]},
    {"labels": ["/etc"]},
    {"labels": [7, None]},
    {"labels": "x"},
    {"labels": []},
    {},
]


@pytest.mark.parametrize("content", HOSTILE, ids=str)
def test_labels_elsewhere_are_refused(content: dict, tmp_path: Path) -> None:
    path = label_folder(tmp_path / "in", np.ones((4, 5), np.uint8), "yx")
    shutil.copytree(path / "labels" / "x", tmp_path / "outside")
    (path / "labels" / ".zattrs").write_text(json.dumps(content))
    with pytest.raises(FormatError, match=r"Cannot read other\.zarr: it"):
        ome_zarr.CODEC.read(path)


def test_no_folder_and_no_labels(tmp_path: Path) -> None:
    (tmp_path / "a.zarr").mkdir()
    with pytest.raises(FormatError, match="it is no OME-Zarr folder"):
        ome_zarr.CODEC.read(tmp_path / "a.zarr")
    path, _ = written(tmp_path, annotations())
    shutil.rmtree(path / "labels")
    with pytest.raises(FormatError, match="it has no labels, only an image"):
        ome_zarr.CODEC.read(path)


def test_random_damage_never_breaks_the_reader(tmp_path: Path) -> None:
    path, _ = written(tmp_path, annotations())
    files = sorted(p for p in path.rglob("*") if p.is_file() and "labels" in p.parts)
    rng = np.random.default_rng(0)
    for _ in range(60):
        file = files[rng.integers(len(files))]
        good = file.read_bytes()
        bad = bytearray(good[: rng.integers(len(good)) if rng.random() < 0.3 else None])
        for place in rng.integers(max(len(bad), 1), size=3):
            if place < len(bad):
                bad[place] = rng.integers(256)
        file.write_bytes(bad)
        try:
            ome_zarr.CODEC.read(path, annotations([]))
        except FormatError as error:
            assert str(error).startswith("Cannot read a_labels.ome.zarr: ")
        file.write_bytes(good)
