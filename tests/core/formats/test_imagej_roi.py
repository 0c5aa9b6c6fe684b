import logging
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import roifile
from roifile import ROI_OPTIONS, ROI_SUBTYPE, ROI_TYPE, ImagejRoi

from core.annotation.annotation_set import AnnotationSet
from core.annotation.geometry import is_valid
from core.annotation.raster import label_image
from core.annotation.region import Origin, Region, ring
from core.errors import CannotWrite, FormatError
from core.formats import imagej_entries
from core.formats.base import Reading, Report
from core.formats.imagej_properties import from_properties, to_properties
from core.formats.imagej_roi import CODEC
from core.formats.imagej_writing import rounded
from core.project.codec import content_hash
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import CLASSES, annotations, regions, square

IMAGE = annotations([], run=None)


def written(tmp_path: Path, *items: Region) -> list[ImagejRoi]:
    """What the library of the format reads."""
    CODEC.write(tmp_path / "a.zip", annotations(items), overwrite=True)
    rois = roifile.roiread(tmp_path / "a.zip")
    assert isinstance(rois, list)
    return rois


def read(tmp_path: Path, *rois: ImagejRoi, image: AnnotationSet | None = IMAGE) -> Reading:
    path = tmp_path / "b.zip"
    path.unlink(missing_ok=True)
    roifile.roiwrite(path, list(rois), mode="w")
    return CODEC.read(path, image)


def polygon(points: Any, name: str = "cell", kind: ROI_TYPE = ROI_TYPE.POLYGON) -> ImagejRoi:
    roi = ImagejRoi.frompoints(points, name=name)
    roi.roitype = kind
    return roi


def box(kind: ROI_TYPE, name: str = "box", **more: Any) -> ImagejRoi:
    return ImagejRoi(roitype=kind, name=name, left=3, top=4, right=13, bottom=10, **more)


def test_everything_comes_back(tmp_path: Path) -> None:
    whole = [r for r in regions() if r.id in (7, 9)]
    original = annotations(whole, classes=CLASSES[:1], run=None)
    assert CODEC.write(tmp_path / "a.zip", original) == Report(2, 2)
    reading = CODEC.read(tmp_path / "a.zip")
    assert content_hash(reading.annotations.regions) == content_hash(whole)
    assert reading.report == Report(2, 2)
    assert reading.annotations.classes == original.classes
    assert reading.annotations.pixel_size_um == original.pixel_size_um


def test_roifile_reads_what_was_written(tmp_path: Path) -> None:
    rois = written(tmp_path, *regions())
    assert [roi.name for roi in rois] == ["0002", "0003", "0007", "0009"]
    for roi, region in zip(rois, regions(), strict=True):
        assert roi.composite == bool(region.holes)
        paths = roi.coordinates(multi=True)
        assert len(paths) == len(region.rings)
        for path, points in zip(paths, region.rings, strict=True):
            np.testing.assert_array_equal(path[: len(points)], points.astype(np.float32))
    assert [roi.group for roi in rois] == [1, 2, 1, 1]
    assert [roi.hexcolor(roi.stroke_color) for roi in rois[:2]] == ["#56b4e9", "#009e73"]
    assert from_properties(rois[1].props)["class"] == CLASSES[1].name


def test_whole_numbers_are_stored_as_such(tmp_path: Path) -> None:
    whole, fine = written(tmp_path, Region(1, square(3, 3, 5)), Region(2, square(9.5, 3, 5)))
    assert (whole.roitype, whole.options) == (ROI_TYPE.POLYGON, ROI_OPTIONS.NONE)
    assert whole.subpixel_coordinates is None
    assert fine.options == ROI_OPTIONS.SUB_PIXEL_RESOLUTION


@pytest.mark.parametrize("x", [60_530, 60_534, 70_000, 200_000])
def test_coordinates_beyond_16_bits(tmp_path: Path, x: int) -> None:
    for item in (Region(1, square(x, 3, 5)), Region(2, square(x, 3, 5), (square(x + 1, 4, 2),))):
        original = annotations([item], width=300_000, height=9, classes=CLASSES[:1])
        CODEC.write(tmp_path / "a.zip", original, overwrite=True)
        assert content_hash(CODEC.read(tmp_path / "a.zip").annotations.regions) == (
            content_hash([item])
        )


def test_500_random_sets_come_back_to_32_bits(tmp_path: Path) -> None:
    for seed in range(500):
        items = [r for r in map(rounded, random_set(seed).regions) if is_valid(r)]
        items = [replace(r, class_id=0) for r in items]
        CODEC.write(tmp_path / "a.zip", annotations(items), overwrite=True)
        reading = CODEC.read(tmp_path / "a.zip")
        assert content_hash(reading.annotations.regions) == content_hash(items)
        assert reading.report.problems == ()


def test_pixels_are_the_same(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.zip", annotations())
    found = CODEC.read(tmp_path / "a.zip").annotations.regions
    np.testing.assert_array_equal(label_image(found, 50, 64), label_image(regions(), 50, 64))


def test_losses_and_notes(tmp_path: Path) -> None:
    report = CODEC.write(tmp_path / "a.zip", annotations())
    assert report.losses == ("coordinates beyond 32 bits", "the model run")
    assert report.notes == ()
    far = annotations([Region(1, square(40_000.35, 1, 3))], width=50_000)
    assert "move by up to 0.00" in CODEC.write(tmp_path / "c.zip", far).notes[0]
    report = CODEC.write(tmp_path / "b.zip", annotations([Region(1, square(1, 1, 2))], run=None))
    assert (report.losses, report.notes) == (("classes without objects",), ())


def test_large_numbers_have_names_of_equal_length(tmp_path: Path) -> None:
    rois = written(tmp_path, Region(7, square(3, 3, 5)), Region(123_456, square(9, 3, 5)))
    assert [roi.name for roi in rois] == ["000007", "123456"]


def test_what_another_program_changed_counts(tmp_path: Path) -> None:
    (roi,) = written(tmp_path, Region(7, square(3, 3, 5), reviewed=True))
    roi.left += 4
    roi.name = "mitosis"
    (region,) = read(tmp_path, roi).annotations.regions
    assert region.bounds == (7, 3, 12, 8)
    assert (region.id, region.edited, region.reviewed) == (7, True, True)
    assert region.attributes == {"name": "mitosis"}


@pytest.mark.parametrize("kind", [ROI_TYPE.POLYGON, ROI_TYPE.FREEHAND, ROI_TYPE.TRACED])
def test_areas_along_pixel_edges(tmp_path: Path, kind: ROI_TYPE) -> None:
    """(2,2)-(6,6) are 16 pixels, 2..5, in ImageJ and here."""
    points = np.array([(2, 2), (6, 2), (6, 6), (2, 6)])
    reading = read(tmp_path, polygon(points, kind=kind), polygon(points + 20.5, "8", kind))
    first, second = reading.annotations.regions
    assert (first.id, first.area, second.id, second.bounds[0]) == (9, 16, 8, 22.5) or (
        second.id,
        second.area,
        first.id,
        first.bounds[0],
    ) == (9, 16, 8, 22.5)
    painted = label_image([r for r in (first, second) if r.id == 9], 50, 64)
    assert np.argwhere(painted).min() == 2 and np.argwhere(painted).max() == 5
    assert all(r.origin == Origin("import", source="b.zip") for r in (first, second))


def test_rectangles_and_ellipses(tmp_path: Path) -> None:
    fine = {"xd": 3.5, "yd": 4.25, "widthd": 10, "heightd": 6}
    option = ROI_OPTIONS.SUB_PIXEL_RESOLUTION
    rois = [
        box(ROI_TYPE.RECT, "1"),
        box(ROI_TYPE.OVAL, "2"),
        box(ROI_TYPE.RECT, "3", options=option, **fine),
        box(ROI_TYPE.OVAL, "4", options=option, **fine),
        box(ROI_TYPE.RECT, "5", rounded_rect_arc_size=4),
    ]
    reading = read(tmp_path, *rois)
    one, two, three, four, five = reading.annotations.regions
    assert one.area == three.area == five.area == 60
    assert (one.bounds, three.bounds) == ((3, 4, 13, 10), (3.5, 4.25, 13.5, 10.25))
    assert two.area == four.area == pytest.approx(np.pi * 15)
    np.testing.assert_allclose(two.bounds, (3, 4, 13, 10), atol=0.03)
    assert {p.id for p in reading.report.problems} == {"2", "4", "5"}


def test_composites(tmp_path: Path) -> None:
    def composite(*rings: Any, close: bool = True) -> ImagejRoi:
        path = [n for points in rings for i, p in enumerate(points) for n in (int(i > 0), *p)] + [
            4
        ] * close
        path = np.array(path, np.float32)
        roi = box(ROI_TYPE.RECT, f"composite {len(path)} {path[1]}")
        return replace(roi, shape_roi_size=len(path), multi_coordinates=path)

    big, hole, island = square(2, 2, 20), square(5, 5, 9), square(7, 7, 3)
    reading = read(tmp_path, composite(hole, big, island, square(40, 3, 4)))
    assert sorted(r.area for r in reading.annotations.regions) == [9, 16, 400 - 81]
    assert "3 parts" in reading.report.problems[0].reason
    reading = read(tmp_path, composite(hole, big))
    assert [len(r.holes) for r in reading.annotations.regions] == [1]
    curve = replace(composite(big), name="curve")
    curve.multi_coordinates[3] = 2
    odd = composite(big)
    odd.multi_coordinates[3] = 77
    nothing = composite([(1, 1), (2, 2)])
    reading = read(tmp_path, curve, odd, nothing)
    reasons = " ".join(p.reason for p in reading.report.problems)
    assert all(part in reasons for part in ("curves", "damaged", "encloses"))


def test_what_is_no_area_is_told(tmp_path: Path) -> None:
    points = np.array([(2, 2), (6, 2), (6, 6)])
    open_kinds = (ROI_TYPE.POLYLINE, ROI_TYPE.FREELINE, ROI_TYPE.ANGLE, ROI_TYPE.POINT)
    rois = [polygon(points, f"open {kind}", kind) for kind in open_kinds]
    rois += [box(ROI_TYPE.LINE), box(ROI_TYPE.RECT, "text", subtype=ROI_SUBTYPE.TEXT)]
    reading = read(tmp_path, *rois, polygon(points))
    assert (reading.report.total, reading.report.done) == (7, 1)
    assert all("is not the outline" in p.reason for p in reading.report.problems)
    assert len(reading.report.problems) == 6


def test_bad_outlines_are_told(tmp_path: Path) -> None:
    bow_tie = polygon(np.array([(0, 0), (4, 4), (4, 0), (0, 4)]), "tie")
    outside = polygon(np.array([(90, 90), (99, 90), (99, 99)]), "far")
    broken = polygon(np.array([(0, 0), (3, 4), (4, 0)], np.float32), "inf")
    broken.subpixel_coordinates[1, 0] = np.nan
    two = polygon(np.array([(0, 0), (4, 4)]), "two")
    reading = read(tmp_path, bow_tie, outside, broken, two)
    assert [r.area for r in reading.annotations.regions] == [4, 4]
    assert [p.id for p in reading.report.problems] == ["tie", "far", "inf", "two"]


def test_groups_positions_and_curves(tmp_path: Path) -> None:
    roi = polygon(np.array([(2, 2), (6, 2), (6, 6)]), "Zelle µ")
    roi.group, roi.z_position = 3, 4
    roi.options |= ROI_OPTIONS.SPLINE_FIT
    reading = read(tmp_path, roi)
    (region,) = reading.annotations.regions
    names = {c.id: c.name for c in reading.annotations.classes}
    assert names[region.class_id] == "Group 3"
    assert region.attributes == {"name": "Zelle µ"}
    assert "another channel, slice" in reading.report.notes[-1]
    assert "smooth curve" in reading.report.problems[0].reason


def test_a_single_roi(tmp_path: Path) -> None:
    path = tmp_path / "12.roi"
    path.write_bytes(replace(polygon(np.array([(2, 2), (6, 2), (6, 6)])), name="").tobytes())
    (region,) = CODEC.read(path, IMAGE).annotations.regions
    assert (region.id, region.area) == (12, 8)
    with pytest.raises(FormatError, match="how large its image is"):
        CODEC.read(path)


def zipped(tmp_path: Path, **entries: bytes) -> Path:
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_other_entries_and_paths_are_harmless(tmp_path: Path) -> None:
    good = polygon(np.array([(2, 2), (6, 2), (6, 6)]), "").tobytes()
    entries = {
        "../../../outside.roi": good,
        "/etc/absolute.roi": good,
        "readme.txt": b"hello",
        "__MACOSX/._1.roi": b"x",
        "folder/": b"",
        "._2.roi": b"x",
        "damaged.roi": good[:70],
        "not.roi": b"text",
        "empty.roi": b"",
    }
    before = sorted(tmp_path.parent.rglob("*"))
    reading = CODEC.read(zipped(tmp_path, **entries), IMAGE)
    assert set(tmp_path.parent.rglob("*")) - set(before) == {tmp_path / "c.zip"}
    assert len(reading.annotations.regions) == 2
    assert reading.report.total == 5
    assert [p.id for p in reading.report.problems] == ["damaged", "not", "empty"]
    assert reading.report.notes == (
        "3 files in the zip are no ROIs: readme.txt, __MACOSX/._1.roi, ._2.roi.",
    )


def test_damaged_bytes_never_break_the_reader(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    CODEC.write(tmp_path / "a.zip", annotations())
    rng = np.random.default_rng(3)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        good = [archive.read(name) for name in archive.namelist()]
    entries = {}
    for number in range(300):
        data = bytearray(good[number % 4])
        for place in rng.integers(0, len(data), 3):
            data[place] = rng.integers(256)
        entries[f"{number}.roi"] = bytes(data)
    reading = CODEC.read(zipped(tmp_path, **entries), IMAGE)
    assert all(is_valid(r) for r in reading.annotations.regions)
    whole = (tmp_path / "a.zip").read_bytes()
    for _ in range(200):
        data = bytearray(whole)
        data[rng.integers(len(data))] = rng.integers(256)
        (tmp_path / "d.zip").write_bytes(data[: rng.integers(1, len(data) + 1)])
        try:
            CODEC.read(tmp_path / "d.zip", IMAGE)
        except FormatError as error:
            assert "d.zip" in str(error)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(tmp_path, **{"1.roi": b"Iout" + bytes(10**6)})
    monkeypatch.setattr(imagej_entries, "MOST_ROI_BYTES", 1000)
    (problem,) = CODEC.read(bomb, IMAGE).report.problems
    assert problem.reason.startswith("left out: it has more than")
    CODEC.write(tmp_path / "a.zip", annotations())
    for name, limit, reason in (
        ("MOST_BYTES", 1000, "GB"),
        ("MOST_ROIS", 3, "more than 3 files"),
        ("MOST_FILE_BYTES", 100, "MB"),
    ):
        with monkeypatch.context() as patch, pytest.raises(FormatError, match=reason):
            patch.setattr(imagej_entries, name, limit)
            CODEC.read(tmp_path / "a.zip", IMAGE)


@pytest.mark.parametrize("data", [b"", b"text", b"PK\x05\x06", b"Iout", b"\x89PNG"])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    if data == b"Iout":
        assert "damaged" in CODEC.read(tmp_path / "a.zip", IMAGE).report.problems[0].reason
        return
    with pytest.raises(FormatError, match="neither an ROI of ImageJ nor a zip"):
        CODEC.read(tmp_path / "a.zip", IMAGE)


def test_no_objects_and_same_bytes(tmp_path: Path) -> None:
    CODEC.write(tmp_path / "a.zip", annotations([]))
    assert CODEC.read(tmp_path / "a.zip").annotations.regions == ()
    same = annotations()
    assert CODEC.encode and CODEC.encode(same).data == CODEC.encode(same).data


def test_what_is_not_finite_is_refused_by_name(tmp_path: Path) -> None:
    broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
    for odd in ({"shell": broken}, {"confidence": np.nan}, {"attributes": {"a": np.inf}}):
        with pytest.raises(CannotWrite, match="object 9 has"):
            CODEC.write(tmp_path / "a.zip", annotations([replace(regions()[3], **odd)]))


@pytest.mark.parametrize("text", ["", "a: b\\c\n\tµ 細胞 𝒳", "C:\\u0041", "#!=:", "\ud800x"])
def test_properties_survive_java(text: str) -> None:
    line = to_properties({"key": text})
    assert line.isascii() and line.count("\n") == 1
    expected = text if text != "\ud800x" else "\ufffdx"
    assert from_properties(line)["key"] == expected


def test_a_million_vertices(tmp_path: Path) -> None:
    angles = np.arange(1_000_000) * (2 * np.pi / 1_000_000)
    radii = 4000 + np.sin(50 * angles)
    points = np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1) + 5000
    big = Region(1, ring(points.astype(np.float32)))
    CODEC.write(tmp_path / "a.zip", annotations([big], width=10_000, height=10_000))
    found = CODEC.read(tmp_path / "a.zip").annotations.regions
    assert abs(sum(r.area for r in found) - big.area) < 1


def test_objects_of_a_stack_say_which_plane_they_are_on(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    original = annotations(t=2, z=4)
    CODEC.write(path, original)
    for roi in ImagejRoi.fromfile(path):
        assert (roi.c_position, roi.z_position, roi.t_position) == (0, 5, 3)
    back = CODEC.read(path)
    assert (back.annotations.t, back.annotations.z, back.report.notes) == (2, 4, ())
    (note,) = CODEC.read(path, annotations([])).report.notes
    assert "4 ROIs are for another channel, slice or time" in note
    CODEC.write(path, annotations(), overwrite=True)
    assert (
        {r.z_position for r in ImagejRoi.fromfile(path)}
        == {r.position for r in ImagejRoi.fromfile(path)}
        == {0}
    )
