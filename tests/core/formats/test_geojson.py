import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.geometry import to_shapely
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats import geojson
from core.formats.base import Reading, Report
from core.formats.geojson import CODEC
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import CLASSES, annotations, known, regions, square, star

IMAGE = annotations([], run=None)
UID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def written(tmp_path: Path, items: AnnotationSet) -> dict[str, Any]:
    CODEC.write(tmp_path / "a.geojson", items, overwrite=True)
    return json.loads((tmp_path / "a.geojson").read_text("utf-8"))


def back(tmp_path: Path, items: AnnotationSet) -> AnnotationSet:
    CODEC.write(tmp_path / "a.geojson", items, overwrite=True)
    return CODEC.read(tmp_path / "a.geojson").annotations


def read(tmp_path: Path, data: object, image: AnnotationSet | None = IMAGE) -> Reading:
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps(data), "utf-8")
    return CODEC.read(path, image)


def feature(*rings: list[list[float]], **properties: Any) -> dict[str, Any]:
    """As QuPath writes it."""
    geometry = {"type": "Polygon", "coordinates": rings or [closed(3, 3, 5)]}
    return {"type": "Feature", "id": UID, "geometry": geometry, "properties": properties}


def closed(x: float, y: float, size: float) -> list[list[float]]:
    points = square(x, y, size).tolist()
    return [*points, points[0]]


def test_everything_comes_back(tmp_path: Path) -> None:
    original = annotations(run=None)
    assert CODEC.write(tmp_path / "a.geojson", original) == Report(4, 4)
    reading = CODEC.read(tmp_path / "a.geojson")
    assert known(reading.annotations) == known(original)
    assert reading.report == Report(4, 4)


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    report = CODEC.write(tmp_path / "a.geojson", annotations(extra={"a": 1}))
    assert report.losses == ("the model run", "keys of other programs")


def test_shapely_reads_the_same_geometry(tmp_path: Path) -> None:
    features = written(tmp_path, annotations())["features"]
    for each, region in zip(features, annotations().regions, strict=True):
        polygon = shapely.from_geojson(json.dumps(each["geometry"]))
        assert polygon.equals_exact(to_shapely(region.rings), 0)
        assert polygon.is_valid
    collection = shapely.from_geojson((tmp_path / "a.geojson").read_text("utf-8"))
    assert shapely.get_num_geometries(collection) == 4


def test_what_qupath_needs_is_there(tmp_path: Path) -> None:
    data = written(tmp_path, annotations())
    assert data["type"] == "FeatureCollection"
    first, second, third, _ = data["features"]
    assert first["id"].replace("-", "") != "" and len(first["id"]) == 36
    assert all(r[0] == r[-1] for f in data["features"] for r in f["geometry"]["coordinates"])
    properties = second["properties"]
    assert properties["objectType"] == "annotation"
    assert properties["name"] == "3"
    assert properties["classification"] == {"name": CLASSES[1].name, "color": [0, 158, 115]}
    assert "isLocked" not in properties and third["properties"]["isLocked"] is True
    assert first["properties"]["measurements"]["Confidence"] == 0.1 + 0.2
    for each in data["features"]:
        assert all(isinstance(v, str) for v in each["properties"]["metadata"].values())


def test_many_objects_are_detections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MOST_ANNOTATIONS", 3)
    data = written(tmp_path, annotations())
    assert {f["properties"]["objectType"] for f in data["features"]} == {"detection"}
    assert "detections" in CODEC.write(tmp_path / "b.geojson", annotations()).notes[0]
    assert CODEC.read(tmp_path / "a.geojson").annotations.regions[3].attributes.keys() == {
        "note",
        "values",
        "more",
    }


def test_500_random_sets_come_back_bit_by_bit(tmp_path: Path) -> None:
    for seed in range(500):
        original = replace(random_set(seed), run=None)
        assert known(back(tmp_path, original)) == known(original)


def test_what_qupath_rounds_is_repaired(tmp_path: Path) -> None:
    """QuPath writes two decimals: holes meet the shell, notches close, small things vanish."""
    notch = ring([(9, 9), (14, 9), (14, 12), (12.004, 12), (12, 10), (11.996, 12), (9, 12)])
    items = [
        Region(1, square(3, 3, 5), (square(3.004, 4, 2),)),
        Region(2, notch),
        Region(3, star(30, 30, 0.004)),
        Region(4, star(40, 30, 8)),
    ]
    data = written(tmp_path, annotations(items))
    for each in data["features"]:
        rings = each["geometry"]["coordinates"]
        each["geometry"]["coordinates"] = [np.round(points, 2).tolist() for points in rings]
    reading = read(tmp_path, data, None)
    found = reading.annotations.regions
    assert [r.id for r in found] == [1, 2, 4]
    assert [r.area for r in found[:2]] == pytest.approx([21, 15], abs=0.02)
    assert all(to_shapely(r.rings).is_valid for r in found)
    reasons = [p.reason for p in reading.report.problems]
    assert len(reasons) == 3 and reasons[2].startswith("left out:")


@pytest.mark.parametrize("shape", ["collection", "list", "single"])
def test_all_shapes_of_files(tmp_path: Path, shape: str) -> None:
    one = feature()
    data = {"collection": {"type": "FeatureCollection", "features": [one]}, "list": [one]}
    (region,) = read(tmp_path, data.get(shape, one)).annotations.regions
    assert (region.id, region.uid, region.area) == (1, UID.replace("-", ""), 25)
    assert region.origin == Origin("import", source="b.geojson")


def test_what_qupath_says_is_kept(tmp_path: Path) -> None:
    told = {
        "objectType": "cell",
        "name": "odd one",
        "classification": {"name": "Tumor", "color": [200, 0, 1]},
        "isLocked": True,
        "measurements": {"Detection probability": 0.75, "Nucleus: Area": 12.5, "x": "NaN"},
        "metadata": {"reader": "Ä"},
    }
    (region,) = read(tmp_path, [feature(**told)]).annotations.regions
    assert (region.locked, region.confidence) == (True, 0.75)
    assert region.attributes == {
        key: told[key] for key in ("objectType", "name", "measurements", "metadata")
    }


def test_classes_and_colours(tmp_path: Path) -> None:
    classes = [
        {"name": "Tumor", "color": [200, 0, 1]},
        {"names": ["Tumor", "Positive"], "color": [1, 2, 3]},
        {"name": "Old", "colorRGB": -3670016},
        {"name": "No colour", "color": [1000, "x"]},
        None,
        "plain text",
        {"name": "Cell", "color": [9, 9, 9]},
    ]
    features = [feature(closed(i, i, 2), classification=c) for i, c in enumerate(classes)]
    result = read(tmp_path, features, annotations([], classes=(LabelClass(4, "Cell", "#000000"),)))
    found = {c.id: c for c in result.annotations.classes}
    names = [found[r.class_id].name for r in result.annotations.regions]
    expected = ["Tumor", "Tumor: Positive", "Old", "No colour", "Cell", "plain text", "Cell"]
    assert names == expected
    colors = {c.name: c.color for c in found.values()}
    assert (colors["Tumor"], colors["Old"], colors["Cell"]) == ("#c80001", "#c80000", "#000000")


def test_parts_are_objects_of_their_own(tmp_path: Path) -> None:
    many = feature()
    holed = [closed(20, 20, 9), closed(22, 22, 3)]
    coordinates = [[closed(3, 3, 5)], holed, [closed(40, 3, 2)[:2]]]
    many["geometry"] = {"type": "MultiPolygon", "coordinates": coordinates}
    reading = read(tmp_path, [many])
    assert [r.area for r in reading.annotations.regions] == [25, 81 - 9]
    reasons = [p.reason for p in reading.report.problems]
    assert "a part was left out" in reasons[0] and "3 parts" in reasons[1]
    assert len({r.uid for r in reading.annotations.regions}) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"geometry": None}, "no outline"),
        ({"geometry": {"type": "GeometryCollection", "geometries": []}}, "GeometryCollection"),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "a Point is not the outline"),
        ({"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}, "LineString"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "three points"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "three points"),
        ({"geometry": {"type": "Polygon", "coordinates": [[1, 2]]}}, "Expected"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3], [4, 5]]]}}, "different"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[1], [3], [4]]]}}, "three points"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2]]]}}, "no area"),
        ({"geometry": {"type": "Polygon", "coordinates": [closed(99, 99, 3)]}}, "outside"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[np.nan, 1]] * 4]}}, "null"),
        ({"properties": [1]}, "properties"),
    ],
)
def test_a_bad_object_never_loses_the_good_ones(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    good = feature(closed(9, 9, 2)) | {"id": "f" * 32}
    reading = read(tmp_path, [feature() | change, good])
    assert [r.area for r in reading.annotations.regions] == [4]
    assert (reading.report.total, reading.report.done) == (2, 1)
    (problem,) = reading.report.problems
    assert problem.reason.startswith("left out:") and reason in problem.reason


def test_ids_in_use_and_of_other_kinds(tmp_path: Path) -> None:
    features = [feature(), feature(), feature() | {"id": "cell 7"}, feature() | {"id": 8}]
    reading = read(tmp_path, features)
    items = reading.annotations.regions
    assert len({r.uid for r in items}) == 4
    assert [r.attributes.get("source_id") for r in items] == [None, None, "cell 7", 8]
    assert "its id is in use" in reading.report.problems[0].reason


def test_a_uid_of_another_kind_comes_back(tmp_path: Path) -> None:
    odd = Region(1, square(3, 3, 5), uid="Ä not a uuid")
    assert (
        known(back(tmp_path, annotations([odd], run=None)))["regions"]
        == (known(annotations([odd]))["regions"])
    )


def test_notes_on_what_is_left_out(tmp_path: Path) -> None:
    parent = feature(childObjects=[feature(closed(4, 4, 1), children=[feature(closed(5, 5, 1))])])
    cell = feature(closed(20, 20, 5)) | {"nucleusGeometry": {"type": "Polygon"}}
    cell["geometry"]["plane"] = {"c": -1, "z": 3, "t": 0}
    reading = read(tmp_path, [parent, cell])
    assert [r.area for r in reading.annotations.regions] == [25, 1, 1, 25]
    inside, nucleus, plane = reading.report.notes
    assert inside.startswith("2 objects lay inside") and nucleus.startswith("1 cells have")
    assert plane.startswith("1 objects are for another")


def test_old_measurements_are_a_list(tmp_path: Path) -> None:
    old = feature(measurements=[{"name": "Confidence", "value": 0.5}, {"name": "a", "value": 3}, 7])
    (region,) = read(tmp_path, [old]).annotations.regions
    assert (region.confidence, region.attributes) == (0.5, {"measurements": {"a": 3}})


def test_outside_the_image_is_cut_off(tmp_path: Path) -> None:
    reading = read(tmp_path, [feature(closed(60, 46, 8))])
    assert reading.annotations.regions[0].area == 16
    assert "cut off" in reading.report.problems[0].reason


REFUSED = {
    "empty": (b"", "cut short"),
    "cut": (b'{"type": "FeatureCollection", "features": [{', "cut short"),
    "other": (b'{"shapes": []}', "another kind"),
    "number": (b"3", "not GeoJSON"),
    "features": (b'{"features": 3}', "not GeoJSON"),
    "deep": (b'{"features": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep"),
    "binary": (b"\x89PNG\r\n\x1a\n", "not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    content, reason = REFUSED[name]
    (tmp_path / "Ärzte.geojson").write_bytes(content)
    with pytest.raises(FormatError, match=reason):
        CODEC.read(tmp_path / "Ärzte.geojson", IMAGE)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CODEC.write(tmp_path / "a.geojson", annotations())
    monkeypatch.setattr("core.formats.incoming.MOST_VERTICES", 20)
    with pytest.raises(FormatError, match="more than 20 points"):
        CODEC.read(tmp_path / "a.geojson")
    monkeypatch.setattr(geojson, "MOST_VALUES", 20)
    with pytest.raises(FormatError, match="more than 20 values"):
        CODEC.read(tmp_path / "a.geojson")


def test_the_size_of_the_image_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="how large its image is"):
        read(tmp_path, [feature()], None)
    CODEC.write(tmp_path / "a.geojson", annotations())
    with pytest.raises(FormatError, match="64 x 50 pixels and Präparat"):
        CODEC.read(tmp_path / "a.geojson", annotations([], width=50, height=64))


def test_what_is_not_finite_is_refused_by_name(tmp_path: Path) -> None:
    broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
    for odd in ({"shell": broken}, {"confidence": np.nan}, {"attributes": {"a": np.inf}}):
        with pytest.raises(CannotWrite, match="object 9 has"):
            CODEC.write(tmp_path / "a.geojson", annotations([replace(regions()[3], **odd)]))


def test_a_million_vertices(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 4000 + np.sin(50 * angles)
    points = np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1) + 5000
    big = Region(1, ring(points))
    (result,) = back(tmp_path, annotations([big], width=10_000, height=10_000)).regions
    assert result.shell.tobytes() == big.shell.tobytes()


@pytest.mark.parametrize("kind", ["annotation", "detection"])
def test_a_person_may_choose_what_they_are_in_qupath(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    report = geojson.CODEC.with_options({"kind": kind}).write(path, annotations())
    features = json.loads(path.read_bytes())["features"]
    assert {f["properties"]["objectType"] for f in features} == {kind}
    assert report.notes == ()


def test_objects_of_a_stack_say_which_plane_they_are_on(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    original = annotations(t=2, z=4, run=None)
    CODEC.write(path, original)
    features = json.loads(path.read_bytes())["features"]
    assert [f["geometry"]["plane"] for f in features] == [{"c": -1, "z": 4, "t": 2}] * 4
    back = CODEC.read(path)
    assert known(back.annotations) == known(original) and back.report.notes == ()
    assert any(
        "4 objects are for another" in n for n in CODEC.read(path, annotations([])).report.notes
    )
