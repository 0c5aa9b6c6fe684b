import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.tasks.importing import (
    AnnotationFile,
    Choice,
    already_there,
    annotation_files,
    chosen,
    image_for,
)
from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Region, ring
from core.errors import Cancelled, FormatError
from core.formats import codec_named
from core.progress import Ticket
from core.project.records import ImageRecord
from tests.app.samples import square

IMAGE = AnnotationSet("a.png", 96, 96)
FULL = AnnotationSet("a.png", 96, 96, (square(0, 0), square(30, 0, number=2)))


@pytest.mark.parametrize(("name", "file"), [("json", "a.json"), ("label-tiff", "a.tif")])
def test_the_format_is_found_by_the_ending(tmp_path: Path, name: str, file: str) -> None:
    codec_named(name).write(tmp_path / file, FULL)
    _, reading = AnnotationFile(tmp_path / file).read(IMAGE, Ticket())
    assert len(reading.annotations.regions) == 2


def test_the_format_can_be_named(tmp_path: Path) -> None:
    codec_named("mask-png").write(tmp_path / "a.png", FULL)
    _, reading = AnnotationFile(tmp_path / "a.png", "mask-png").read(IMAGE, Ticket())
    assert len(reading.annotations.regions) == 2


def test_what_no_format_reads(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(FormatError, match=r"a\.doc: no format has the ending '\.doc'"):
        AnnotationFile(tmp_path / "a.doc").read(IMAGE, Ticket())
    (tmp_path / "a.json").write_text("x")
    with pytest.raises(FormatError, match=r"a\.json"):
        AnnotationFile(tmp_path / "a.json").read(IMAGE, Ticket())


def test_a_file_for_an_image_of_another_size(tmp_path: Path) -> None:
    codec_named("json").write(tmp_path / "a.json", FULL)
    with pytest.raises(FormatError, match="96 x 96"):
        AnnotationFile(tmp_path / "a.json").read(AnnotationSet("b.png", 50, 50), Ticket())


def test_cancel(tmp_path: Path) -> None:
    codec_named("json").write(tmp_path / "a.json", FULL)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        AnnotationFile(tmp_path / "a.json").read(IMAGE, Ticket(stop=stop))


RECORDS = [
    ImageRecord(n, p, "", 1, 96, 96) for n, p in enumerate(("img1.png", "img10.tif", "b.png"))
]


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("img1.json", "img1.png"),
        ("img10.geojson", "img10.tif"),
        ("img1_labels.tif", "img1.png"),
        ("img10_mask.png", "img10.tif"),
        ("img1_seg.npy", "img1.png"),
        ("img1_cp_masks.png", "img1.png"),
        ("IMG1_RoiSet.zip", "img1.png"),
        ("img1.png", None),
        ("img11.json", None),
        ("img1_other.json", None),
    ],
)
def test_the_image_of_a_file_is_known_by_its_name(name: str, image: str | None) -> None:
    found = image_for(Path(name), RECORDS)
    assert (found.name if found else None) == image


def test_which_dropped_files_hold_annotations(tmp_path: Path) -> None:
    for name, held in {
        "other.json": True,
        "x.geojson": True,
        "RoiSet.zip": True,
        "img1_labels.tif": True,
        "img1.png": False,
        "new.tif": False,
        "notes.doc": False,
        "p.cellscribe": False,
    }.items():
        (tmp_path / name).write_bytes(b"")
        assert annotation_files([tmp_path / name], RECORDS) == [tmp_path / name] * held
    (tmp_path / "folder.json").mkdir()
    assert not annotation_files([tmp_path / "folder.json"], RECORDS)
    for name, held in (("img1_labels.ome.zarr", True), ("new.zarr", False)):
        (tmp_path / name).mkdir()
        assert annotation_files([tmp_path / name], RECORDS) == [tmp_path / name] * held


def test_the_same_outline_is_known_within_the_rounding_of_formats() -> None:
    holed = Region(1, square(0, 0, 30).shell, (square(5, 5, 9).shell,))
    old = [square(0, 0), square(30, 0), holed]
    near = Region(9, ring(square(30, 0).shell + 1e-4))
    new = [near, square(0, 0, 11), square(0, 0, 30), holed, square(0, 0)]
    assert already_there(new, old).tolist() == [True, False, False, True, True]
    assert already_there(new, []).tolist() == [False] * 5
    assert already_there([], old).tolist() == []


def test_one_bad_object_never_loses_the_good_ones(tmp_path: Path) -> None:
    """A crossing outline is repaired, what has no area or no number refused: all are told."""
    good = [[2, 2], [20, 2], [20, 20], [2, 20]]
    crossing = [[30, 30], [60, 60], [60, 30], [30, 60]]
    line = [[70, 70], [80, 80], [75, 75]]
    shapes = [
        {"label": "Cell", "points": p, "shape_type": "polygon"} for p in (good, crossing, line)
    ]
    text = {"shapes": shapes, "imagePath": "a.png", "imageHeight": 96, "imageWidth": 96}
    (tmp_path / "a.json").write_text(
        json.dumps({"version": "7.1.0", "flags": {}, "imageData": None, **text})
    )
    found = AnnotationFile(tmp_path / "a.json").preview(1, IMAGE, Ticket())
    reasons = " | ".join(problem.reason for problem in found.report.problems)
    assert found.report.total == 3 and found.objects >= 2
    assert "crossed or touched itself" in reasons and "left out" in reasons
    assert [(a.label_class.name, a.is_new) for a in found.arrivals] == [("Cell", False)]


def test_classes_that_came_meanwhile_are_found_by_name(tmp_path: Path) -> None:
    nucleus = LabelClass(1, "Nucleus", "#123456")
    held = replace(FULL, classes=(*FULL.classes, nucleus))
    held = replace(held, regions=tuple(replace(r, class_id=1) for r in FULL.regions))
    codec_named("json").write(tmp_path / "a.json", held)
    found = AnnotationFile(tmp_path / "a.json").preview(1, IMAGE, Ticket())
    now = (*IMAGE.classes, LabelClass(1, "Dead", "#000000"), LabelClass(2, "Nucleus", "#ffffff"))
    for classes, expected in ((IMAGE.classes, 5), (now[:2], 5), (now, 2)):
        taken = chosen(found, Choice(), classes, 5)
        assert {r.class_id for r in taken.regions} == {expected}
        assert {c.name for c in taken.classes if c.id == expected} == {"Nucleus"}
    assert {r.class_id for r in chosen(found, Choice(classes={"Nucleus": 0}), now, 5).regions} == {
        0
    }
