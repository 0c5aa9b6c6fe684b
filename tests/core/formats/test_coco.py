"""COCO, written and read back by pycocotools and by us."""

import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import DEFAULT_CLASSES, LabelClass
from core.annotation.raster import rasterize, regions_from_labels
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats.base import Problem, Report
from core.formats.coco import CODEC, encode, encode_all
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, known, regions, square, star

# pycocotools 2.0.11 hands its masks to NumPy in a way that NumPy 2 wants changed.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def loaded(path: Path) -> COCO:
    with redirect_stdout(StringIO()):
        return COCO(str(path))


def written(tmp_path: Path, *sets: AnnotationSet) -> dict[str, Any]:
    (tmp_path / "a.json").write_bytes(encode_all(sets).data)
    return json.loads((tmp_path / "a.json").read_text("utf-8"))


def read(tmp_path: Path, data: object, image: AnnotationSet | None = None):
    path = tmp_path / "b.json"
    path.write_text(json.dumps(data), "utf-8")
    return CODEC.read(path, image)


def foreign(*shapes: object, **keys: object) -> dict[str, Any]:
    """What another program writes for an image of 64 x 50 pixels."""
    items = [
        {"id": i, "image_id": 7, "category_id": 5, "segmentation": shape} | keys
        for i, shape in enumerate(shapes, 1)
    ]
    image = {"id": 7, "file_name": "a.png", "width": 64, "height": 50}
    categories = [{"id": 5, "name": "Zelle", "supercategory": "x"}]
    return {"images": [image], "categories": categories, "annotations": items}


def masks_of(items: Sequence[Region]) -> list[np.ndarray]:
    return [rasterize(region, 50, 64) for region in items]


def from_labels(labels: np.ndarray) -> list[Region]:
    outlines = enumerate(regions_from_labels(labels), 1)
    return [Region(number, o.shell, o.holes) for number, o in outlines]


def test_everything_comes_back(tmp_path: Path) -> None:
    original = annotations(extra={"study": {"id": 7}, "info": {"year": 2020}, "licenses": [1]})
    report = CODEC.write(tmp_path / "a.json", original)
    assert report == Report(4, 4, ("outlines finer than a pixel, of objects that are run lengths",))
    reading = CODEC.read(tmp_path / "a.json")
    assert known(reading.annotations) == known(original)
    assert reading.report == Report(4, 4)
    CODEC.write(tmp_path / "b.json", reading.annotations)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_file_that_is_open_gives_each_image_its_objects(tmp_path: Path) -> None:
    """Also those that name no image, and what is no annotation at all: that is told each time."""
    named = [annotations(image_name=f"{n}.png") for n in "ab"]
    CODEC.write_all(tmp_path / "all.json", named)
    data = json.loads((tmp_path / "all.json").read_bytes())
    data["annotations"][:0] = [{"image_id": []}, {"image_id": None}]
    (tmp_path / "all.json").write_text(json.dumps(data))
    file = CODEC.open(tmp_path / "all.json")
    assert file.images == ("a.png", "b.png")
    for image in named:
        reading = file.read(replace(image, regions=()))
        assert known(reading.annotations) == known(image)
        assert [p.id for p in reading.report.problems] == ["number 1 of the annotations"]
        assert "5 objects in the file belong to other images." in reading.report.notes


def test_pycocotools_sees_our_pixels_of_objects_from_masks(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:50, :64]
    for _ in range(100):
        labels = np.zeros((50, 64), np.int32)
        for value in range(1, 7):
            y, x = rng.uniform(0, 50), rng.uniform(0, 64)
            far = (rows - y) ** 2 + (columns - x) ** 2
            labels[far < rng.uniform(1, 15) ** 2] = value
            labels[far < rng.uniform(0, 4) ** 2] = 0
        items = from_labels(labels)
        (tmp_path / "a.json").write_bytes(encode(annotations(items)).data)
        coco = loaded(tmp_path / "a.json")
        assert len(coco.anns) == len(items)
        for item, mask in zip(items, masks_of(items), strict=True):
            entry = coco.anns[item.id]
            np.testing.assert_array_equal(coco.annToMask(entry), mask)
            assert (entry["area"], entry["iscrowd"]) == (mask.sum(), 0)
            assert isinstance(entry["segmentation"], dict) == bool(item.holes)


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_500_random_sets(tmp_path: Path, first: int) -> None:
    """pycocotools moves vertices to fifths of a pixel: polygons differ at their border only."""
    for seed in range(first, first + 100):
        original = random_set(seed)
        (tmp_path / "a.json").write_bytes(encode(original).data)
        back = CODEC.read(tmp_path / "a.json")
        assert known(back.annotations) == known(original)
        assert back.report.problems == ()
        coco = loaded(tmp_path / "a.json")
        for item, mask in zip(original.regions, masks_of(original.regions), strict=True):
            entry = coco.anns[item.id]
            assert entry["area"] == mask.sum()
            rows, columns = np.nonzero(coco.annToMask(entry) != mask)
            centres = shapely.points(columns + 0.5, rows + 0.5)
            assert (shapely.distance(centres, shapely.LinearRing(item.shell)) < 0.2).all()
            assert not len(rows) or not item.holes
            x, y, width, height = entry["bbox"]
            ys, xs = np.nonzero(mask)
            if len(ys):
                assert x <= xs.min() + 0.5 and xs.max() + 0.5 <= x + width
                assert y <= ys.min() + 0.5 and ys.max() + 0.5 <= y + height


def test_one_file_for_all_images(tmp_path: Path) -> None:
    sets = [
        annotations(),
        annotations([], image_name="leer.tif", width=10, height=12),
        annotations([Region(2, square(0, 0, 3), class_id=3)], image_name="Dritte.tif"),
    ]
    data = written(tmp_path, *sets)
    assert [(i["id"], i["file_name"]) for i in data["images"]] == [
        (1, "Präparat 1.tif"),
        (2, "leer.tif"),
        (3, "Dritte.tif"),
    ]
    assert [(c["id"], c["name"]) for c in data["categories"]] == [
        (1, "Cell"),
        (4, "Zellkern 細胞 µ"),
    ]
    assert [a["id"] for a in data["annotations"]] == [2, 3, 7, 9, 11]
    coco = loaded(tmp_path / "a.json")
    assert len(coco.getAnnIds(imgIds=[3], catIds=[4])) == 1
    for one in sets:
        reading = CODEC.read(tmp_path / "a.json", replace(one, regions=()))
        assert known(reading.annotations) == known(one)
        assert reading.report.total == len(one.regions)
    assert reading.report.notes == ("4 objects in the file belong to other images.",)
    with pytest.raises(FormatError, match=r"3 images.*Präparat 1\.tif, leer\.tif, Dritte\.tif"):
        CODEC.read(tmp_path / "a.json")
    with pytest.raises(FormatError, match="several named x"):
        CODEC.read(tmp_path / "a.json", annotations([], image_name="x"))
    with pytest.raises(FormatError, match=r"64 x 50 pixels and leer\.tif has 10 x 13"):
        data["images"][1] |= {"width": 64, "height": 50}
        read(tmp_path, data, replace(sets[1], height=13))


def test_classes_of_different_images_meet_by_name(tmp_path: Path) -> None:
    first = (LabelClass(0, "a", "#000000"), LabelClass(1, "a", "#111111"))
    second = (LabelClass(0, "b", "#222222"), LabelClass(4, "a", "#333333"))
    items = [[Region(1, square(0, 0, 2), class_id=n)] for n in (1, 4)]
    data = written(
        tmp_path,
        annotations(items[0], classes=first),
        annotations(items[1], classes=second, image_name="2"),
        annotations([Region(1, square(0, 0, 2), class_id=9)], classes=second, image_name="3"),
    )
    rows = [(c["id"], c["name"]) for c in data["categories"]]
    assert rows == [(1, "a"), (2, "a"), (3, "b"), (10, "Class 9")]
    assert [a["category_id"] for a in data["annotations"]] == [2, 1, 10]
    reading = CODEC.read(tmp_path / "a.json", annotations([], classes=second, image_name="2"))
    assert reading.annotations.regions[0].class_id == 4


def test_a_foreign_file(tmp_path: Path) -> None:
    data = foreign([[2, 3, 6, 3, 6, 8]], score=0.75, keypoints=[1, 2, 3])
    data["info"] = {"year": 2014}
    reading = read(tmp_path, data)
    (item,) = reading.annotations.regions
    assert item.shell.tolist() == [[2, 3], [6, 3], [6, 8]]
    assert (item.id, item.confidence, item.edited) == (1, 0.75, False)
    assert item.origin == Origin("import", source="b.json")
    assert [c.name for c in reading.annotations.classes] == ["Zelle"]
    assert reading.report == Report(1, 1)
    again = written(tmp_path, reading.annotations)
    assert again["annotations"][0]["keypoints"] == [1, 2, 3]
    assert again["info"] == {"year": 2014}


def test_parts_become_objects_of_their_own(tmp_path: Path) -> None:
    apart = [[0, 0, 4, 0, 4, 4, 0, 4], [9, 9, 12, 9, 12, 12, 9, 12]]
    inside = [[0, 0, 9, 0, 9, 9, 0, 9], [2, 2, 4, 2, 4, 4, 2, 4]]  # united, as COCO readers do
    reading = read(tmp_path, foreign(apart, inside))
    assert [r.area for r in reading.annotations.regions] == [16, 9, 81]
    assert reading.report.problems == (Problem("1", "its 2 parts are objects of their own now"),)
    assert (reading.report.total, reading.report.done) == (2, 3)


def test_run_lengths_of_both_kinds(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for _ in range(100):
        mask = np.zeros((50, 64), np.uint8)
        y, x = rng.integers(0, 40), rng.integers(0, 50)
        mask[y : y + 10, x : x + 14] = rng.random((10, 14)) < 0.7
        text = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
        flat = mask.ravel(order="F")
        ends = np.flatnonzero(np.diff(flat, prepend=0))
        counts = np.diff(ends, prepend=0, append=mask.size).tolist()
        shapes = [{"size": [50, 64], "counts": c} for c in (text, counts)]
        for shape in shapes:
            reading = read(tmp_path, foreign(shape))
            painted = sum(masks_of(reading.annotations.regions))
            np.testing.assert_array_equal(painted, mask)


def test_a_crowd_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, foreign({"size": [50, 64], "counts": [5, 10]}, iscrowd=1))
    assert len(reading.annotations.regions) == 1
    assert "crowd" in reading.report.problems[0].reason


def test_what_another_program_changed_counts(tmp_path: Path) -> None:
    items = [
        Region(1, square(2, 2, 8), (square(4, 4, 2),), origin=Origin("model", "unet")),
        Region(2, square(20, 20, 8), origin=Origin("model", "unet")),
    ]
    data = written(tmp_path, annotations(items))
    mask = rasterize(items[0], 50, 64)
    mask[2, 2] = False
    runs = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    data["annotations"][0]["segmentation"] = runs | {"counts": runs["counts"].decode()}
    data["annotations"][1]["segmentation"][0][0] = 19
    holed, plain = read(tmp_path, data).annotations.regions
    assert holed.area == 59 and holed.edited and holed.uid == items[0].uid
    assert plain.area == 68 and plain.edited and plain.uid == items[1].uid


def test_a_copy_gets_a_uid_of_its_own(tmp_path: Path) -> None:
    data = written(tmp_path, annotations([regions()[0]]))
    data["annotations"] *= 2
    reading = read(tmp_path, data)
    first, second = reading.annotations.regions
    assert first.uid == regions()[0].uid or len(first.uid) == 32
    assert first.uid != second.uid and (first.id, second.id) == (2, 3)
    assert len(reading.report.problems) == 2


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ([], "no outline"),
        (None, "no outline"),
        ([[1, 2, 3, 4]], "three points"),
        ([[1, 2, 3, 4, 5, 6, 7]], "three points"),
        ([[1, 1, 2, 2, 3, 3]], "no area"),
        ([[float("nan"), 1, 2, 2, 3, 4]], "null"),
        ([[1e300, 1, 2, 2, 3, 4]], "outside"),
        ([[100, 100, 200, 100, 200, 200]], "outside the image"),
        ("x", "str"),
        ({"size": [64, 50], "counts": [5, 10]}, "50 x 64"),
        ({"size": [50, 64], "counts": [5]}, "no pixel"),
        ({"size": [50, 64], "counts": []}, "no pixel"),
        ({"size": [50, 64], "counts": [5, -1]}, "beyond"),
        ({"size": [50, 64], "counts": [5, 2**62, 2**62, 2**62, 2**62]}, "beyond"),
        ({"size": [50, 64], "counts": [5, 4000]}, "beyond"),
        ({"size": [50, 64], "counts": ""}, "damaged"),
        ({"size": [50, 64], "counts": "oooo"}, "damaged"),
        ({"size": [50, 64], "counts": "äöü"}, "damaged"),
        ({"size": [50, 64], "counts": "o" * 50 + "0"}, "damaged"),
        ({"size": [50, 64]}, "counts"),
    ],
)
def test_a_bad_object_never_loses_the_good_ones(tmp_path: Path, shape: object, reason: str) -> None:
    reading = read(tmp_path, foreign([[0, 0, 4, 0, 4, 4]], shape, [[9, 9, 12, 9, 12, 12]]))
    assert (reading.report.total, reading.report.done) == (3, 2)
    told = [p for p in reading.report.problems if p.reason.startswith("left out:")]
    assert len(told) == 1 and reason in told[0].reason


def test_scores_and_categories_of_any_kind(tmp_path: Path) -> None:
    data = foreign([[0, 0, 4, 0, 4, 4]], [[9, 9, 12, 9, 12, 12]])
    data["annotations"][0] |= {"score": 17.5, "category_id": 8}
    data["annotations"][1] |= {"category_id": None}
    reading = read(tmp_path, data)
    assert [r.confidence for r in reading.annotations.regions] == [None, None]
    names = {c.id: c.name for c in reading.annotations.classes}
    assert [names[r.class_id] for r in reading.annotations.regions] == ["Category 8", "Zelle"]
    assert "17.5" in reading.report.problems[0].reason


def test_what_lies_outside_is_cut_off_and_told(tmp_path: Path) -> None:
    reading = read(tmp_path, foreign([[60, 2, 70, 2, 70, 8, 60, 8]]))
    assert reading.annotations.regions[0].bounds == (60, 2, 64, 8)
    assert "cut off" in reading.report.problems[0].reason


def test_an_object_without_a_pixel_stays(tmp_path: Path) -> None:
    thin = ring([(5.6, 5.6), (5.9, 5.6), (5.9, 5.9), (5.6, 5.9)])
    hole = ring([(5.7, 5.7), (5.8, 5.7), (5.8, 5.8)])
    original = annotations([Region(1, thin), Region(2, thin, (hole,))])
    report = CODEC.write(tmp_path / "a.json", original)
    assert "2 objects" in report.notes[0]
    assert [a["area"] for a in loaded(tmp_path / "a.json").anns.values()] == [0, 0]
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(original)


def test_zero_images_and_zero_objects(tmp_path: Path) -> None:
    bare = annotations([], pixel_size_um=None, content_hash="", run=None)
    written(tmp_path, bare)
    assert len(loaded(tmp_path / "a.json").imgs) == 1
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(bare)
    written(tmp_path)
    with pytest.raises(FormatError, match="0 images"):
        CODEC.read(tmp_path / "a.json")


def test_numbers_that_are_none_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="object 2 has"):
        CODEC.write(tmp_path / "a.json", annotations([replace(regions()[0], confidence=np.nan)]))
    broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
    with pytest.raises(CannotWrite, match="object 2 has a coordinate"):
        CODEC.write(tmp_path / "a.json", annotations([replace(regions()[0], shell=broken)]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"shapes": []}',
        b'{"images": [], "annotations": [',
        b'{"images": [{"id": 1, "width": 0, "height": 4}], "annotations": []}',
        b'{"images": [{"id": 1, "width": "x", "height": 4}], "annotations": []}',
        b'{"images": {}, "annotations": []}',
        b'{"images": [], "annotations": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\x89PNG\r\n\x1a\n",
        b'{"shapes": [], "images": [], "annotations": [], "\xe3": 1}',
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(FormatError):
        CODEC.read(tmp_path / "a.json")


def test_a_mask_of_a_vast_image_takes_no_memory(tmp_path: Path) -> None:
    side = 10**6
    data = foreign(
        {"size": [side, side], "counts": [0, side * side]},
        {"size": [side, side], "counts": [side + 5, 4, side - 4, 4]},
    )
    data["images"][0] |= {"width": side, "height": side}
    reading = read(tmp_path, data)
    assert [r.area for r in reading.annotations.regions] == [8]
    assert "too much" in reading.report.problems[0].reason


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.coco_reading.MOST_VERTICES", 10)
    with pytest.raises(FormatError, match="more than 10 points"):
        read(tmp_path, foreign([list(range(50))]))


@pytest.mark.slow
def test_a_million_vertices_and_70_000_objects(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 4000 + np.sin(50 * angles)
    rings = np.stack((5000 + radii * np.cos(angles), 5000 + radii * np.sin(angles)), axis=1)
    big = annotations([Region(1, ring(rings))], width=10_000, height=10_000)
    (tmp_path / "a.json").write_bytes(encode(big).data)
    (result,) = CODEC.read(tmp_path / "a.json").annotations.regions
    assert result.shell.tobytes() == big.regions[0].shell.tobytes()
    shapes = [square(i % 265 * 4, i // 265 * 4, 3) for i in range(70_000)]
    many = annotations([Region(i, s) for i, s in enumerate(shapes, 1)], width=1100, height=1100)
    (tmp_path / "a.json").write_bytes(encode(many).data)
    assert len(CODEC.read(tmp_path / "a.json").annotations.regions) == 70_000


def test_an_attribute_that_is_called_like_ours_stays_one(tmp_path: Path) -> None:
    item = Region(1, star(9, 9, 5), attributes={"unknown_keys": {"area": 5, "color": "red"}})
    data = written(tmp_path, annotations([item], classes=DEFAULT_CLASSES))
    assert data["annotations"][0]["color"] == "red" and data["annotations"][0]["area"] != 5
    (result,) = CODEC.read(tmp_path / "a.json").annotations.regions
    assert dict(result.attributes) == dict(item.attributes)


def test_all_objects_may_be_run_lengths(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    runs = CODEC.with_options({"shapes": "runs"})
    original = annotations()
    runs.write(path, original)
    shapes = [a["segmentation"] for a in json.loads(path.read_bytes())["annotations"]]
    assert all(shape["size"] == [50, 64] for shape in shapes)
    for shape, region in zip(shapes, regions(), strict=True):
        np.testing.assert_array_equal(coco_mask.decode(shape) > 0, rasterize(region, 50, 64))
    assert known(CODEC.read(path).annotations) == known(original)
