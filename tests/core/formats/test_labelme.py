"""labelme JSON, checked against the rules of labelme's loader and read back by us."""

import base64
import json
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import rasterize
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats.base import Problem, Report
from core.formats.labelme import CODEC, encode
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import CLASSES, annotations, known, regions, square

TOP = ["version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth"]


def strict(data: bytes) -> dict[str, Any]:
    """The file as labelme takes it, masks decoded, or an error."""
    content = json.loads(data.decode("utf-8"))
    assert list(content)[:7] == TOP
    assert content["imageData"] is None and isinstance(content["imagePath"], str)
    assert type(content["imageHeight"]) is int and type(content["imageWidth"]) is int
    for shape in content["shapes"]:
        assert isinstance(shape["label"], str) and isinstance(shape["description"], str)
        assert shape["points"] and all(len(point) == 2 for point in shape["points"])
        assert np.isfinite(shape["points"]).all()
        assert shape["shape_type"] in ("polygon", "mask")
        assert shape["group_id"] is None or type(shape["group_id"]) is int
        assert all(type(v) is bool for v in shape["flags"].values())
        if shape["mask"] is not None:
            picture = Image.open(BytesIO(base64.b64decode(shape["mask"])))
            shape["mask"] = np.asarray(picture).astype(bool)
    return content


def painted(shape: dict[str, Any]) -> np.ndarray:
    """A mask shape as labelme puts it into an image of 64 x 50 pixels."""
    mask = np.zeros((50, 64), bool)
    (x0, y0), (x1, y1) = np.array(shape["points"]).astype(int)
    mask[y0 : y1 + 1, x0 : x1 + 1] = shape["mask"]
    return mask


def png(pixels: np.ndarray) -> str:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def foreign(*shapes: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """What another program writes for an image of 64 x 50 pixels."""
    usual = {"label": "Zelle", "points": [[2, 3], [6, 3], [6, 8]], "shape_type": "polygon"}
    rest = {"group_id": None, "description": "", "flags": {}, "mask": None}
    content = {"version": "5.5.0", "flags": {}, "shapes": [usual | rest | s for s in shapes]}
    return content | {"imagePath": "a.png", "imageData": "AAAA"} | SIZE | keys


SIZE = {"imageHeight": 50, "imageWidth": 64}


def read(tmp_path: Path, data: object, image: AnnotationSet | None = None):
    path = tmp_path / "b.json"
    path.write_text(json.dumps(data), "utf-8")
    return CODEC.read(path, image)


def test_everything_comes_back(tmp_path: Path) -> None:
    original = annotations(extra={"checked": True, "µ": [1, "x"], "flags": {"good": True}})
    report = CODEC.write(tmp_path / "a.json", original)
    assert report == Report(4, 4, ("outlines finer than a pixel, of objects with holes",))
    reading = CODEC.read(tmp_path / "a.json")
    assert known(reading.annotations) == known(original)
    assert reading.report == Report(4, 4)
    CODEC.write(tmp_path / "b.json", reading.annotations)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert strict((tmp_path / "a.json").read_bytes())["flags"] == {"good": True}


def test_the_text_is_utf8_with_an_indent_of_two(tmp_path: Path) -> None:
    data = encode(annotations()).data
    assert "細胞".encode() in data and b'\n  "shapes": [\n    {\n      "label"' in data


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_500_random_sets(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 100):
        original = random_set(seed)
        encoded = encode(original)
        content = strict(encoded.data)
        for shape, region in zip(content["shapes"], original.regions, strict=True):
            if shape["shape_type"] == "mask":
                np.testing.assert_array_equal(painted(shape), rasterize(region, 50, 64))
            else:
                assert shape["points"] == region.shell.tolist()
        (tmp_path / "a.json").write_bytes(encoded.data)
        reading = CODEC.read(tmp_path / "a.json")
        assert known(reading.annotations) == known(original)
        assert reading.report.problems == ()


def test_x_anylabeling_finds_score_and_lock(tmp_path: Path) -> None:
    shapes = strict(encode(annotations()).data)["shapes"]
    assert [shape.get("score") for shape in shapes] == [0.1 + 0.2, None, None, 0.25]
    assert [shape.get("locked") for shape in shapes] == [None, None, True, None]
    data = foreign(
        {"score": 0.5, "locked": True, "difficult": False, "attributes": {"a": 1}},
        {"shape_type": "rotation", "points": [[0, 0], [4, 0], [4, 4], [0, 4]], "direction": 0.5},
        {"shape_type": "rectangle", "points": [[0, 0], [4, 0], [4, 4], [0, 4]], "score": None},
        version="4.0.2",
        checked=True,
        description="",
    )
    reading = read(tmp_path, data)
    first, second, third = reading.annotations.regions
    assert (first.confidence, first.locked, first.edited) == (0.5, True, False)
    assert (second.area, third.area) == (16, 16)
    assert reading.report == Report(3, 3)
    again = strict(encode(reading.annotations).data)
    assert again["checked"] is True
    assert again["shapes"][0]["difficult"] is False and again["shapes"][0]["attributes"] == {"a": 1}
    assert again["shapes"][1]["direction"] == 0.5


def test_every_shape_with_an_area(tmp_path: Path) -> None:
    mask = np.zeros((4, 5), np.uint8)
    mask[:, :3], mask[1:3, 1] = 255, 0
    data = foreign(
        {},
        {"shape_type": "rectangle", "points": [[8, 9], [4, 4]]},
        {"shape_type": "oriented_rectangle", "points": [[4, 0], [8, 4], [4, 8], [0, 4]]},
        {"shape_type": "circle", "points": [[30, 25], [30, 35]]},
        {"shape_type": "mask", "points": [[10, 20], [14, 23]], "mask": png(mask)},
        {"shape_type": "mask", "points": [[10, 30], [14, 33]], "mask": png(mask > 0)},
    )
    reading = read(tmp_path, data)
    areas = [r.area for r in reading.annotations.regions]
    assert areas[:3] == [10, 20, 32] and areas[4:] == [10, 10]
    assert areas[3] == pytest.approx(np.pi * 100, rel=0.002)
    holed = reading.annotations.regions[4]
    assert holed.bounds == (10, 20, 13, 24) and len(holed.holes) == 1
    assert reading.report.problems == (
        Problem("shape 4", "the circle is an outline of 62 points now"),
    )
    assert [c.name for c in reading.annotations.classes] == ["Zelle"]
    assert {r.origin for r in reading.annotations.regions} == {Origin("import", source="b.json")}


def test_old_files_without_a_type_are_polygons(tmp_path: Path) -> None:
    data = {"shapes": [{"label": "a", "points": [[0, 0], [4, 0], [4, 4]]}], "imageData": None}
    with pytest.raises(FormatError, match="how large its image is"):
        read(tmp_path, data)
    assert len(read(tmp_path, data, annotations([])).annotations.regions) == 1


def test_parts_of_a_group_are_told_and_keep_their_group(tmp_path: Path) -> None:
    far = [[20, 3], [26, 3], [26, 8]]
    reading = read(tmp_path, foreign({"group_id": 3}, {"group_id": 3, "points": far}, {}))
    assert len(reading.annotations.regions) == 3
    told = Problem("group 3", "its 2 shapes are objects of their own")
    assert reading.report.problems == (told,)
    groups = [s["group_id"] for s in strict(encode(reading.annotations).data)["shapes"]]
    assert groups == [3, 3, None]


def test_parts_of_a_mask_become_objects_of_their_own(tmp_path: Path) -> None:
    mask = np.array([[255, 0, 255]], np.uint8)
    shape = {"shape_type": "mask", "points": [[1, 1], [3, 1]], "mask": png(mask)}
    reading = read(tmp_path, foreign(shape))
    assert len(reading.annotations.regions) == 2
    assert reading.report.problems[0].reason == "its 2 parts are objects of their own now"


def test_description_and_flags_stay(tmp_path: Path) -> None:
    data = foreign({"description": "mitosis?", "flags": {"odd": True}, "group_id": 0})
    (shape,) = strict(encode(read(tmp_path, data).annotations).data)["shapes"]
    assert shape["description"] == "mitosis?" and shape["flags"] == {"odd": True}
    assert shape["group_id"] == 0


def test_keys_of_others_never_make_a_file_that_labelme_refuses(tmp_path: Path) -> None:
    odd = {"flags": 3, "group_id": "x", "description": [1], "points": 5, "color": "red"}
    item = Region(1, square(3, 3, 4), attributes={"unknown_keys": odd})
    original = annotations([item], extra={"flags": [1], "shapes": 4, "imageData": "x"})
    content = strict(encode(original).data)
    assert content["shapes"][0]["color"] == "red" and content["flags"] == {}
    (tmp_path / "a.json").write_bytes(encode(original).data)
    (result,) = CODEC.read(tmp_path / "a.json").annotations.regions
    assert dict(result.attributes) == dict(item.attributes)


def test_what_another_program_changed_counts(tmp_path: Path) -> None:
    model = Origin("model", "unet")
    items = [
        Region(1, square(2, 2, 8), (square(4, 4, 2),), origin=model),
        Region(2, square(20, 20, 8), origin=model),
        Region(3, square(40, 20, 8), origin=model),
    ]
    data = json.loads(encode(annotations(items)).data)
    data["shapes"][0]["points"] = [[3, 2], [10, 9]]  # moved
    data["shapes"][1]["points"][0][0] = 19
    data["shapes"][2]["label"] = "Andere"
    result = read(tmp_path, data).annotations
    assert [r.edited for r in result.regions] == [True, True, False]
    assert [r.uid for r in result.regions] == [r.uid for r in items]
    assert result.regions[0].bounds == (3, 2, 11, 10)
    assert {c.id: c.name for c in result.classes}[result.regions[2].class_id] == "Andere"


def test_a_copy_gets_a_uid_of_its_own(tmp_path: Path) -> None:
    data = json.loads(encode(annotations([regions()[0]])).data)
    data["shapes"] *= 2
    reading = read(tmp_path, data)
    assert len({r.uid for r in reading.annotations.regions}) == 2
    assert len(reading.report.problems) == 2


def test_damaged_data_of_ours_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, foreign({"cellscribe": {"uid": "x", "edited": 3}}, cellscribe=[1]))
    assert len(reading.annotations.regions) == 1
    assert "damaged" in reading.report.problems[0].reason


def test_classes_with_one_name_are_told_apart(tmp_path: Path) -> None:
    twins = (LabelClass(5, "a", "#000000"), LabelClass(6, "a", "#111111"))
    items = [Region(1, square(0, 0, 2), class_id=6), Region(2, square(4, 0, 2), class_id=5)]
    original = annotations(items, classes=twins)
    CODEC.write(tmp_path / "a.json", original)
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(original)


def test_into_a_project_classes_of_the_same_name_are_the_same(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    project = annotations([], classes=(LabelClass(8, CLASSES[1].name, "#000000"),))
    result = CODEC.read(tmp_path / "a.json", project).annotations
    names = {c.id: c.name for c in result.classes}
    assert result.classes[0] == project.classes[0]
    assert [names[r.class_id] for r in result.regions] == ["Cell", CLASSES[1].name, "Cell", "Cell"]


def vast_png() -> str:
    """A header that promises more pixels than memory holds."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 10**6, 10**6, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header
    return base64.b64encode(data + struct.pack(">I", zlib.crc32(header))).decode()


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"shape_type": "point", "points": [[1, 1]]}, "type point is no outline"),
        ({"shape_type": "line", "points": [[1, 1], [2, 2]]}, "type line is no outline"),
        ({"shape_type": "linestrip"}, "type linestrip is no outline"),
        ({"shape_type": "points"}, "type points is no outline"),
        ({"shape_type": "magic"}, "magic of 3 points"),
        ({"shape_type": "oriented_rectangle"}, "of 3 points"),
        ({"shape_type": "circle", "points": [[1, 1]]}, "two points"),
        ({"shape_type": "circle", "points": [[1e300, 1], [-1e300, 5]]}, "outside"),
        ({"shape_type": "circle", "points": [[5, 5], [5, 5]]}, "no area"),
        ({"shape_type": "rectangle", "points": [[5, 5], [5, 5]]}, "no area"),
        ({"points": []}, "three points"),
        ({"points": [[1, 2], [3, 4]]}, "three points"),
        ({"points": [[1, 2, 3], [3, 4], [5, 6]]}, "points"),
        ({"points": [[float("nan"), 2], [3, 4], [5, 9]]}, "null"),
        ({"points": [[100, 2], [103, 4], [105, 9]]}, "outside the image"),
        ({"label": None}, "label"),
        ({"shape_type": "mask"}, "without pixels"),
        ({"shape_type": "mask", "mask": "%%%"}, "damaged"),
        ({"shape_type": "mask", "mask": "AAAA"}, "damaged"),
        ({"shape_type": "mask", "mask": vast_png()}, "too much"),
        ({"shape_type": "mask", "mask": png(np.ones((9, 9), np.uint8))[:90]}, "damaged"),
        ({"shape_type": "mask", "mask": png(np.zeros((6, 5), np.uint8))}, "no pixel"),
    ],
)
def test_a_bad_shape_never_loses_the_good_ones(
    tmp_path: Path, shape: dict[str, Any], reason: str
) -> None:
    reading = read(tmp_path, foreign({}, shape, {"points": [[9, 9], [20, 9], [20, 20]]}))
    assert (reading.report.total, reading.report.done) == (3, 2)
    told = [p for p in reading.report.problems if p.reason.startswith("left out:")]
    assert [p.id for p in told] == ["shape 2"] and reason in told[0].reason


def test_a_mask_that_does_not_fit_its_box_is_told(tmp_path: Path) -> None:
    shape = {"shape_type": "mask", "points": [[1, 1], [9, 9]], "mask": png(np.ones((2, 2), bool))}
    reading = read(tmp_path, foreign(shape))
    assert reading.annotations.regions[0].bounds == (1, 1, 3, 3)
    assert "does not fit its box" in reading.report.problems[0].reason


def test_a_holed_object_without_a_pixel_keeps_its_hole_for_us(tmp_path: Path) -> None:
    thin = ring([(5.6, 5.6), (5.9, 5.6), (5.9, 5.9), (5.6, 5.9)])
    original = annotations([Region(2, thin, (ring([(5.7, 5.7), (5.8, 5.7), (5.8, 5.8)]),))])
    report = CODEC.write(tmp_path / "a.json", original)
    assert "without its hole" in report.problems[0].reason
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(original)


def test_what_lies_outside_is_cut_off_and_told(tmp_path: Path) -> None:
    reading = read(tmp_path, foreign({"points": [[60, 2], [70, 2], [70, 8], [60, 8]]}))
    assert reading.annotations.regions[0].bounds == (60, 2, 64, 8)
    assert "cut off" in reading.report.problems[0].reason


def test_zero_objects(tmp_path: Path) -> None:
    bare = annotations([], pixel_size_um=None, content_hash="", run=None)
    assert strict(encode(bare).data)["shapes"] == []
    CODEC.write(tmp_path / "a.json", bare)
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(bare)


def test_sizes_must_agree(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"64 x 50 pixels and .* has 64 x 51"):
        read(tmp_path, foreign({}), annotations([], height=51))


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
        b'{"polygons": []}',
        b'{"shapes": {}}',
        b'{"shapes": [',
        b'{"shapes": [], "imageWidth": 0, "imageHeight": 4}',
        b'{"shapes": [], "imageWidth": "x", "imageHeight": 4}',
        b'{"shapes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\x89PNG\r\n\x1a\n",
        b'{"shapes": [], "images": [], "annotations": [], "\xe3": 1}',
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(FormatError):
        CODEC.read(tmp_path / "a.json")


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.labelme_reading.MOST_VERTICES", 10)
    with pytest.raises(FormatError, match="more than 10 points"):
        read(tmp_path, foreign({"points": [[i, i] for i in range(50)]}))


@pytest.mark.slow
def test_a_million_vertices_and_70_000_objects(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 4000 + np.sin(50 * angles)
    points = 5000 + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)
    big = annotations([Region(1, ring(points))], width=10_000, height=10_000)
    CODEC.write(tmp_path / "a.json", big)
    (result,) = CODEC.read(tmp_path / "a.json").annotations.regions
    assert result.shell.tobytes() == big.regions[0].shell.tobytes()
    shapes = [square(i % 265 * 4, i // 265 * 4, 3) for i in range(70_000)]
    many = annotations([Region(i, s) for i, s in enumerate(shapes, 1)], width=1100, height=1100)
    CODEC.write(tmp_path / "b.json", many)
    assert len(CODEC.read(tmp_path / "b.json").annotations.regions) == 70_000


def test_holes_may_be_left_to_us_so_that_all_shapes_are_polygons(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    plain = CODEC.with_options({"holes": "outline"})
    original = annotations()
    report = plain.write(path, original)
    shapes = json.loads(path.read_text("utf-8"))["shapes"]
    assert {shape["shape_type"] for shape in shapes} == {"polygon"}
    assert [problem.id for problem in report.problems] == ["3", "7"]
    assert report.losses == ()
    assert known(CODEC.read(path).annotations) == known(original)
