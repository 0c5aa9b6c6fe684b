import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.annotation.annotation_set import AnnotationSet, RunInfo, mean_confidence
from core.annotation.classes import DEFAULT_CLASSES, LabelClass
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats.base import Report
from core.formats.native_json import CODEC
from core.project.codec import content_hash
from tests.core.formats.samples import CLASSES, annotations, known, regions, square, star

GOLDEN = Path(__file__).with_name("golden_version_1.json")


def written(tmp_path: Path, items: AnnotationSet) -> dict[str, Any]:
    CODEC.write(tmp_path / "a.json", items, overwrite=True)
    return json.loads((tmp_path / "a.json").read_text("utf-8"))


def read(tmp_path: Path, data: object, image: AnnotationSet | None = None):
    path = tmp_path / "b.json"
    path.write_text(json.dumps(data), "utf-8")
    return CODEC.read(path, image)


def back(tmp_path: Path, items: AnnotationSet) -> AnnotationSet:
    CODEC.write(tmp_path / "a.json", items, overwrite=True)
    return CODEC.read(tmp_path / "a.json").annotations


def test_everything_comes_back(tmp_path: Path) -> None:
    original = annotations(extra={"study": {"id": 7}, "µ": [1, "x"]})
    assert CODEC.write(tmp_path / "a.json", original) == Report(4, 4)
    reading = CODEC.read(tmp_path / "a.json")
    assert known(reading.annotations) == known(original)
    assert reading.report == Report(4, 4)
    CODEC.write(tmp_path / "b.json", reading.annotations)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_what_is_unknown_comes_back_as_unknown(tmp_path: Path) -> None:
    bare = annotations([], pixel_size_um=None, content_hash="", run=None)
    assert known(back(tmp_path, bare)) == known(bare)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(0.01, 1e4),
    st.integers(0, 100),
    st.none() | st.floats(0, 1),
    st.dictionaries(st.text(), st.integers() | st.floats(-1e300, 1e300) | st.text(), max_size=3),
)
def test_any_outline_comes_back_bit_by_bit(
    tmp_path: Path,
    x: float,
    y: float,
    radius: float,
    seed: int,
    confidence: float | None,
    notes: Any,
) -> None:
    notes = {k: v for k, v in notes.items() if not isinstance(v, int) or abs(v) < 2**63}
    item = Region(1, star(x, y, radius, seed), confidence=confidence, attributes=notes)
    assert content_hash(back(tmp_path, annotations([item])).regions) == content_hash([item])


def test_the_keys_of_a_segmentation_result_are_there(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    assert (data["schema"], data["version"]) == ("cellscribe", 1)
    assert (data["model_used"], data["threshold_used"]) == ("unet", 0.5)
    assert data["processing_time"] == 120.25
    items = regions()
    for polygon, region in zip(data["polygons"], annotations().regions, strict=True):
        assert isinstance(polygon["id"], str)
        assert [[p["x"], p["y"]] for p in polygon["points"]] == region.shell.tolist()
        assert polygon["area"] == region.area
        assert polygon["confidence"] == region.confidence
        assert polygon["label"] == region.id
    weights = [items[0].area, items[3].area]
    assert data["confidence"] == pytest.approx(np.average([0.3, 0.25], weights=weights))
    assert [p["touches_border"] for p in data["polygons"]] == [False, False, False, True]
    assert [p["class"] for p in data["polygons"]] == ["Cell", CLASSES[1].name, "Cell", "Cell"]


def test_area_is_that_of_the_points_in_the_file(tmp_path: Path) -> None:
    holed = written(tmp_path, annotations())["polygons"][2]
    assert holed["area"] == 81 - 4 - 4


def test_the_text_is_utf8_with_one_object_a_line(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    text = (tmp_path / "a.json").read_bytes()
    assert "細胞".encode() in text
    assert sum(line.startswith(b'{"id":') for line in text.splitlines()) == 4


def test_confidence_of_nothing_is_unknown() -> None:
    assert mean_confidence([]) is None
    assert mean_confidence([Region(1, square(0, 0, 1))]) is None


def test_classes_with_one_name_are_told_apart_by_id(tmp_path: Path) -> None:
    twins = (LabelClass(5, "a", "#000000"), LabelClass(6, "a", "#111111"))
    items = [Region(1, square(0, 0, 2), class_id=6), Region(2, square(4, 0, 2), class_id=5)]
    original = annotations(items, classes=twins)
    assert known(back(tmp_path, original)) == known(original)


def test_a_dangling_class_is_given_a_name(tmp_path: Path) -> None:
    result = back(tmp_path, annotations([Region(1, square(0, 0, 2), class_id=12)]))
    assert result.regions[0].class_id == 12
    assert {c.id: c.name for c in result.classes}[12] == "Class 12"


def test_into_a_project_classes_of_the_same_name_are_the_same(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    project = annotations([], classes=(LabelClass(8, CLASSES[1].name, "#000000"),), run=None)
    result = CODEC.read(tmp_path / "a.json", project).annotations
    assert result.classes[0] == project.classes[0]
    names = {c.id: c.name for c in result.classes}
    assert [names[r.class_id] for r in result.regions] == ["Cell", CLASSES[1].name, "Cell", "Cell"]
    assert result.image_name == project.image_name


def test_unknown_keys_survive_at_both_levels(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    data["project"] = {"deep": [1, {"x": None}]}
    data["polygons"][1]["score"] = {"by": "another program"}
    data["polygons"][3]["zz"] = [1.5]
    reading = read(tmp_path, data)
    again = written(tmp_path, reading.annotations)
    assert again == data
    assert reading.annotations.regions[3].attributes["note"] == "mitosis 細胞"


def test_an_attribute_that_is_called_like_ours_stays_one(tmp_path: Path) -> None:
    attributes = {"unknown_keys": {"area": 5, "color": "red"}, "unknown": {}}
    item = Region(1, square(0, 0, 2), attributes=attributes)
    data = written(tmp_path, annotations([item]))
    assert data["polygons"][0]["area"] == 4
    assert data["polygons"][0]["color"] == "red"
    for odd in (attributes, {"unknown_keys": {}}, {"unknown_keys": 3}, {"source_id": "x"}):
        item = replace(item, attributes=odd)
        assert content_hash(back(tmp_path, annotations([item])).regions) == content_hash([item])


def test_a_plain_result_of_the_service(tmp_path: Path) -> None:
    points = [{"x": 1, "y": 1}, {"x": 5, "y": 1.5}, {"x": 3, "y": 6}]
    data = {
        "polygons": [
            {"id": f"polygon_{i}", "points": points, "area": 99.0, "confidence": 0.9}
            for i in (0, 4)
        ],
        "confidence": 0.9,
        "processing_time": 1234.5,
        "model_used": "hrnet",
        "threshold_used": 0.4,
    }
    with pytest.raises(FormatError, match="how large its image is"):
        read(tmp_path, data)
    reading = read(tmp_path, data, annotations([], classes=DEFAULT_CLASSES))
    first, second = reading.annotations.regions
    assert reading.report == Report(2, 2)
    assert (first.id, second.id) == (1, 2)
    assert first.uid != second.uid and len(first.uid) == 32
    assert first.attributes == {"source_id": "polygon_0"}
    assert first.origin == Origin("import", source="b.json")
    assert first.area != 99
    assert reading.annotations.run == RunInfo("hrnet", 0.4, 1234.5)
    assert reading.annotations.classes == DEFAULT_CLASSES


BAD = {
    "no points": ({"points": []}, "at least three points"),
    "two points": ({"points": [{"x": 0, "y": 0}, {"x": 1, "y": 0}]}, "at least three points"),
    "missing points": ({"points": None}, "points"),
    "text for a number": ({"points": [{"x": "1", "y": 2}] * 3}, "Expected `float`, got `str`"),
    "no area": ({"points": [{"x": i, "y": i} for i in range(4)]}, "no area"),
    "far away": ({"points": [{"x": i * 1e300, "y": i * i} for i in range(4)]}, "outside"),
    "unknown origin": ({"origin": {"kind": "magic"}}, "magic"),
    "text for a flag": ({"edited": "yes"}, "edited"),
    "attributes as list": ({"attributes": [1]}, "attributes"),
    "not a number": ({"points": [{"x": float("nan"), "y": 2}] * 3}, "got `null`"),
    "infinite": ({"points": [{"x": float("inf"), "y": 2}] * 3}, "got `null`"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_object_never_loses_the_good_ones(tmp_path: Path, name: str) -> None:
    change, reason = BAD[name]
    data = written(tmp_path, annotations())
    expected = [p["id"] for p in data["polygons"]]
    data["polygons"][1] |= change
    reading = read(tmp_path, data)
    assert [r.uid for r in reading.annotations.regions] == [*expected[:1], *expected[2:]]
    assert (reading.report.total, reading.report.done) == (4, 3)
    (problem,) = reading.report.problems
    assert problem.reason.startswith("left out:") and reason in problem.reason


@pytest.mark.parametrize("value", [None, 3, "x", [], {}])
def test_an_object_that_is_none_is_reported_by_its_place(tmp_path: Path, value: object) -> None:
    data = written(tmp_path, annotations())
    data["polygons"].insert(2, value)
    reading = read(tmp_path, data)
    assert len(reading.annotations.regions) == 4
    assert [p.id for p in reading.report.problems] == ["number 3 in the file"]


def test_ids_in_use_or_missing_are_repaired(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    polygons = data["polygons"]
    polygons[1]["id"] = polygons[0]["id"]
    polygons[2]["id"] = 5
    del polygons[3]["id"]
    reading = read(tmp_path, data)
    assert len({r.uid for r in reading.annotations.regions}) == 4
    assert reading.annotations.regions[0].uid == polygons[0]["id"]
    assert len(reading.report.problems) == 3


def test_numbers_in_use_or_impossible_are_repaired(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    for polygon, label in zip(data["polygons"], (4, 4, 0, True), strict=True):
        polygon["label"] = label
    reading = read(tmp_path, data)
    ids = [p["id"] for p in data["polygons"]]
    assert [(r.id, r.uid) for r in reading.annotations.regions] == list(
        zip((4, 5, 6, 7), ids, strict=True)
    )
    assert [p.id for p in reading.report.problems] == ids[1:]


def test_a_bow_tie_becomes_two_objects(tmp_path: Path) -> None:
    data = written(tmp_path, annotations([Region(5, square(0, 0, 4)), Region(6, square(9, 9, 2))]))
    corners = [(0, 0), (4, 4), (4, 0), (0, 4)]
    data["polygons"][0]["points"] = [{"x": x, "y": y} for x, y in corners]
    reading = read(tmp_path, data)
    assert [r.id for r in reading.annotations.regions] == [5, 6, 7]
    assert [r.area for r in reading.annotations.regions] == [4, 4, 4]
    assert len({r.uid for r in reading.annotations.regions}) == 3
    (problem,) = reading.report.problems
    assert "divided into 2 objects" in problem.reason


def test_a_hole_that_is_none_is_left_out(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    data["polygons"][2]["holes"].append([{"x": 3, "y": 41}])
    reading = read(tmp_path, data)
    assert len(reading.annotations.regions[2].holes) == 2
    assert "fewer than three points" in reading.report.problems[0].reason


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"confidence": float("nan")}, "object 9"),
        ({"attributes": {"deep": [{"x": float("inf")}]}}, "object 9"),
        ({"attributes": {"deep": np.float32("nan")}}, "object 9"),
        ({"attributes": {"deep": object()}}, "object 9"),
        ({"attributes": {"deep": "\ud800"}}, "object 9"),
        ({"origin": Origin("model", threshold=float("nan"))}, "object 9"),
    ],
)
def test_what_json_does_not_hold_is_refused_by_name(
    tmp_path: Path, change: dict[str, object], name: str
) -> None:
    item = replace(regions()[3], **change)
    with pytest.raises(CannotWrite, match=rf"a\.json: {name} has"):
        CODEC.write(tmp_path / "a.json", annotations([item]))
    assert list(tmp_path.iterdir()) == []


def test_an_outline_that_is_not_finite_is_refused_by_name(tmp_path: Path) -> None:
    for hole in (False, True):
        broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
        rings = {"holes": (broken,)} if hole else {"shell": broken}
        with pytest.raises(CannotWrite, match="object 7 has a coordinate"):
            CODEC.write(tmp_path / "a.json", annotations([replace(regions()[2], **rings)]))
    with pytest.raises(CannotWrite, match="'threshold_used' has"):
        CODEC.write(tmp_path / "a.json", annotations(run=RunInfo("m", float("inf"), 1)))


def test_numpy_numbers_are_numbers(tmp_path: Path) -> None:
    item = replace(regions()[3], confidence=np.float32(0.5), attributes={"n": np.int64(3)})
    (result,) = back(tmp_path, annotations([item])).regions
    assert (result.confidence, dict(result.attributes)) == (0.5, {"n": 3})


REFUSED = {
    "empty": (b"", "cut short"),
    "cut": (b'{"schema": "cellscribe", "polygons": [{"id"', "cut short"),
    "binary": (b"\x89PNG\r\n\x1a\n", "not JSON"),
    "a list": (b"[]", "of another kind"),
    "labelme": (b'{"version": "5.0.1", "shapes": []}', "of another kind"),
    "another schema": (b'{"schema": "other", "polygons": []}', '"other", not'),
    "newer": (b'{"schema": "cellscribe", "version": 2, "shapes": {}}', "version 2 .* knows 1"),
    "no version": (b'{"schema": "cellscribe", "polygons": []}', "version"),
    "odd version": (b'{"schema": "cellscribe", "version": "1.0", "polygons": []}', "'1.0'"),
    "polygons as table": (b'{"polygons": {}}', "polygons"),
    "deep": (b'{"polygons": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep"),
    "no size": (b'{"schema": "cellscribe", "version": 1, "polygons": []}', "how large"),
    "size of none": (b'{"polygons": [], "image": {"width": 0, "height": 5}}', "0 x 5"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    content, reason = REFUSED[name]
    path = tmp_path / "Ärzte.json"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=reason) as caught:
        CODEC.read(path)
    assert str(caught.value).startswith("Cannot read Ärzte.json: ")
    assert "\n" not in str(caught.value)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    monkeypatch.setattr("core.formats.incoming.MOST_VERTICES", 20)
    with pytest.raises(FormatError, match="more than 20 points"):
        CODEC.read(tmp_path / "a.json")
    monkeypatch.setattr("core.formats.json_text.MOST_BYTES", 100)
    with pytest.raises(FormatError, match="GB"):
        CODEC.read(tmp_path / "a.json")


def test_a_million_vertices(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 4000 + np.sin(50 * angles)
    big = Region(1, ring(np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)))
    (result,) = back(tmp_path, annotations([big])).regions
    assert result.shell.tobytes() == big.shell.tobytes()


def test_a_pixel_size_is_never_invented(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    for size in (0, -1.0):
        data["image"]["pixel_size_um"] = size
        reading = read(tmp_path, data)
        assert reading.annotations.pixel_size_um is None
        assert "pixel size" in reading.report.notes[0]


def test_another_version_of_the_image_is_told(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    reading = CODEC.read(tmp_path / "a.json", annotations([], content_hash="other"))
    assert "another version of this image" in reading.report.notes[0]
    assert CODEC.read(tmp_path / "a.json", annotations([])).report.notes == ()


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.json", annotations())
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(CODEC.read(path).annotations.regions) == 4


def test_files_of_version_1_are_read_for_ever() -> None:
    reading = CODEC.read(GOLDEN)
    assert reading.report == Report(2, 2)
    first, second = reading.annotations.regions
    assert first.uid == "0123456789abcdef0123456789abcdef"
    assert (first.id, first.confidence, first.origin.model) == (2, 0.875, "unet")
    assert second.area == 100 - 16
    assert second.attributes["unknown_keys"] == {"from_the_future": True}
    assert [c.name for c in reading.annotations.classes] == ["Cell", "Zellkern"]
    assert reading.annotations.run == RunInfo("unet", 0.5, 1200.5)


def test_ring_order_and_start_stay(tmp_path: Path) -> None:
    clockwise = ring(square(3, 3, 5)[::-1])
    (result,) = back(tmp_path, annotations([Region(1, clockwise)])).regions
    assert result.shell.tolist() == clockwise.tolist()


def test_the_plane_of_a_stack_comes_back(tmp_path: Path) -> None:
    original = annotations(t=3, z=-1)
    CODEC.write(tmp_path / "a.json", original)
    assert known(CODEC.read(tmp_path / "a.json").annotations) == known(original)
    assert "z" not in json.loads(CODEC.encode(annotations()).data)["image"]
