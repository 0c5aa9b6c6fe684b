"""YOLO segmentation, checked against its documented rules and read back by us."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import rasterize, regions_from_labels
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats.base import Problem, Report
from core.formats.yolo_classes import NAME, class_table
from core.formats.yolo_seg import CODEC, encode
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import CLASSES, annotations, regions, square


def strict(data: bytes, classes: int) -> list[tuple[int, np.ndarray]]:
    """Every line as the documentation has it, or an error."""
    rows = []
    for line in data.decode("ascii").split("\n")[:-1]:
        first, *rest = line.split(" ")
        points = np.array([float(value) for value in rest]).reshape(-1, 2)
        assert first.isdecimal() and int(first) < classes
        assert len(points) >= 3 and points.min() >= 0 and points.max() <= 1
        assert all(len(value.partition(".")[2]) >= 6 for value in rest)
        rows.append((int(first), points))
    assert data.decode("ascii").endswith("\n") or not data
    return rows


def read(tmp_path: Path, text: str | bytes, image: AnnotationSet | None = None):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return CODEC.read(path, image or annotations([]))


def test_a_line_for_each_object() -> None:
    encoded = encode(annotations())
    rows = strict(encoded.data, 2)
    assert [number for number, _ in rows] == [0, 1, 0, 0]
    for (_, points), region in zip(rows, regions(), strict=True):
        np.testing.assert_allclose(points * (64, 50), region.shell, atol=1e-6)
    report = encoded.report
    assert (report.total, report.done) == (4, 4)
    assert report.problems == (
        Problem("3", "its hole was filled: YOLO has outer outlines only"),
        Problem("7", "its 2 holes were filled: YOLO has outer outlines only"),
    )
    assert report.losses == (
        "numbers and origins of objects",
        "confidence",
        "edit, review and lock marks",
        "attributes",
        "holes",
        "pixel size",
    )


def test_losses_are_what_there_was_to_lose() -> None:
    assert encode(annotations([], pixel_size_um=None)).report == Report(0, 0)
    plain = annotations([Region(1, square(3, 3, 4))], pixel_size_um=None)
    assert encode(plain).report.losses == ("numbers and origins of objects",)


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_500_random_sets(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 100):
        original = random_set(seed)
        encoded = encode(original)
        rows = strict(encoded.data, 2)
        assert len(rows) == len(original.regions)
        reading = read(tmp_path, encoded.data)
        assert (reading.report.done, reading.report.problems) == (len(rows), ())
        for region, back in zip(original.regions, reading.annotations.regions, strict=True):
            np.testing.assert_allclose(back.shell, region.shell, rtol=0, atol=5.1e-5)
            assert back.class_id == region.class_id and back.holes == ()


def test_outlines_of_masks_come_back_to_the_pixel(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        labels = np.kron(rng.random((10, 16)) < 0.6, np.ones((5, 4))).astype(bool)
        found = regions_from_labels(labels)
        items = [Region(n, o.shell) for n, o in enumerate(found, 1)]
        reading = read(tmp_path, encode(annotations(items)).data)
        for item, back in zip(items, reading.annotations.regions, strict=True):
            np.testing.assert_array_equal(rasterize(back, 50, 64), rasterize(item, 50, 64))
            assert back.shell.tolist() == item.shell.tolist()


def test_the_classes_are_in_data_yaml(tmp_path: Path) -> None:
    odd = LabelClass(9, 'no: "yes" #1 \n\t\x07 \u2028 \U0001f600', "#000000")
    first = annotations(classes=(*CLASSES, odd))
    files = {NAME: class_table([first, annotations([]), replace(first, regions=())])}
    content = yaml.safe_load(files["data.yaml"])
    assert content == {
        "train": "images",
        "val": "images",
        "names": {0: "Cell", 1: CLASSES[1].name, 2: odd.name},
    }
    assert class_table([first]) == class_table([first])
    assert yaml.safe_load(class_table([]))["names"] == {}
    for folder in ("labels/train", "labels", "."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "data.yaml").write_bytes(files["data.yaml"])
        path = tmp_path / folder / "a.txt"
        path.write_bytes(encode(first).data)
        reading = CODEC.read(path, annotations([], classes=(LabelClass(4, "Other", "#111111"),)))
        names = {c.id: c.name for c in reading.annotations.classes}
        found = [names[r.class_id] for r in reading.annotations.regions]
        assert found == ["Cell", CLASSES[1].name, "Cell", "Cell"]


def test_classes_of_two_images_must_not_contradict() -> None:
    other = annotations([], classes=(CLASSES[1],), image_name="Ärzte.tif")
    with pytest.raises(CannotWrite, match=r"Ärzte\.tif"):
        class_table([annotations(), other])


def test_a_class_that_is_not_listed_has_a_number_and_a_name() -> None:
    items = annotations([Region(1, square(0, 0, 2), class_id=12)])
    assert strict(encode(items).data, 3)[0][0] == 2
    assert yaml.safe_load(class_table([items]))["names"][2] == "Class 12"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"names: [a, b]", {"a", "b"}),
        (b"names:\n  0: a\n  7: b\n", {"a", "Class 1"}),
        (b"names:\n- a\n- 5\nnc: 2", {"a", "5"}),
        (b"names: {zero: a}", None),
        (b"nc: 2", None),
        (b"[1, 2]", None),
        (b"names: [a", None),
        (b"\xff\xfe\xfa", None),
        (b"!!python/object:os.system {}", None),
        (b"[" * 100_000, None),
    ],
)
def test_data_yaml_of_others(tmp_path: Path, content: bytes, expected: set[str] | None) -> None:
    (tmp_path / "data.yaml").write_bytes(content)
    text = "0 0.1 0.1 0.2 0.1 0.2 0.2\n1 0.5 0.5 0.6 0.5 0.6 0.6\n"
    if expected is None:
        with pytest.raises(FormatError, match=r"data\.yaml above it"):
            read(tmp_path, text)
        return
    result = read(tmp_path, text).annotations
    names = {c.id: c.name for c in result.classes}
    assert {names[r.class_id] for r in result.regions} == expected


def test_without_data_yaml_numbers_are_places(tmp_path: Path) -> None:
    reading = read(tmp_path, "1 0.1 0.1 0.2 0.1 0.2 0.2\n5 0.5 0.5 0.6 0.5 0.6 0.6\n")
    names = {c.id: c.name for c in reading.annotations.classes}
    found = [names[r.class_id] for r in reading.annotations.regions]
    assert found == [CLASSES[1].name, "Class 5"]
    assert "no data.yaml" in reading.report.notes[0] and "Class 5" in reading.report.notes[1]


def test_the_size_must_be_known(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.txt", annotations())
    with pytest.raises(FormatError, match="how large its image is; open the image first"):
        CODEC.read(tmp_path / "a.txt")


def test_an_empty_file_is_an_image_without_objects(tmp_path: Path) -> None:
    assert encode(annotations([])).data == b""
    reading = read(tmp_path, b"")
    assert reading.annotations.regions == ()
    assert (reading.report.total, reading.report.problems) == (0, ())


def test_a_chance_behind_the_points(tmp_path: Path) -> None:
    (item,) = read(tmp_path, "0 0.1 0.1 0.2 0.1 0.2 0.2 0.875").annotations.regions
    assert (item.confidence, len(item.shell)) == (0.875, 3)
    assert item.origin == Origin("import", source="a.txt")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 0.5 0.5 0.2 0.2", "a box"),
        ("0 0.5 0.5", "three points"),
        ("0", "three points"),
        ("0 0.1 0.1 0.2 0.1 nan 0.2", "no fractions"),
        ("0 0.1 0.1 0.2 0.1 inf 0.2", "no fractions"),
        ("0 10 10 20 10 20 20", "no fractions"),
        ("0 0.1 0.1 0.2 0.1 0.2 0.2 5", "no fractions"),
        ("0 0.1 0.1 0.2 0.1 0.2 x", "not a number"),
        ("# 0.1 0.1 0.2 0.1 0.2 0.2", "not a number"),
        ("-1 0.1 0.1 0.2 0.1 0.2 0.2", "number of a class"),
        ("0.5 0.1 0.1 0.2 0.1 0.2 0.2", "number of a class"),
        ("nan 0.1 0.1 0.2 0.1 0.2 0.2", "number of a class"),
        ("0 0.1 0.1 0.2 0.2 0.3 0.3", "area"),
    ],
)
def test_a_bad_line_never_loses_the_good_ones(tmp_path: Path, line: str, reason: str) -> None:
    good = "0 0.1 0.1 0.2 0.1 0.2 0.2"
    reading = read(tmp_path, f"{good}\r\n\r\n{line}\r\n{good}")
    assert (reading.report.total, reading.report.done) == (3, 2)
    (problem,) = reading.report.problems
    assert problem.id == "line 3" and problem.reason.startswith("left out:")
    assert reason in problem.reason


def test_a_bow_tie_and_what_lies_outside(tmp_path: Path) -> None:
    text = "0 0 0 0.5 0.5 0.5 0 0 0.5\n0 0.9 0.1 1.005 0.1 1.005 0.2 0.9 0.2\n"
    reading = read(tmp_path, text)
    assert len(reading.annotations.regions) == 3
    assert reading.annotations.regions[2].bounds[2] == 64
    assert "divided into 2" in reading.report.problems[0].reason
    assert "cut off" in reading.report.problems[1].reason


@pytest.mark.parametrize("content", [b"hello world\n", b"\x89PNG\r\n\x1a\n\x00\xff", b"{}"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FormatError, match="not a label file"):
        read(tmp_path, content)


def test_numbers_that_are_none_are_refused_by_name(tmp_path: Path) -> None:
    broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
    with pytest.raises(CannotWrite, match="object 2 has a coordinate"):
        CODEC.write(tmp_path / "a.txt", annotations([replace(regions()[0], shell=broken)]))


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.incoming.MOST_VERTICES", 20)
    with pytest.raises(FormatError, match="more than 20 points"):
        read(tmp_path, encode(annotations()).data)
    monkeypatch.setattr("core.formats.yolo_seg.MOST_BYTES", 10)
    with pytest.raises(FormatError, match="MB"):
        read(tmp_path, encode(annotations()).data)


@pytest.mark.slow
def test_a_million_vertices_and_70_000_objects(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 49_000 + 400 * np.sin(50 * angles)
    points = 50_000 + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)
    big = annotations([Region(1, ring(points))], width=100_000, height=100_000)
    (result,) = read(tmp_path, encode(big).data, big).annotations.regions
    np.testing.assert_allclose(result.shell, points, rtol=0, atol=1.1e-4)
    shapes = [square(i % 265 * 4, i // 265 * 4, 3) for i in range(70_000)]
    many = annotations([Region(i, s) for i, s in enumerate(shapes, 1)], width=1100, height=1100)
    assert len(read(tmp_path, encode(many).data, many).annotations.regions) == 70_000
