import errno
import os
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.errors import Cancelled, CannotWrite, FormatError
from core.export.plan import targets_of
from core.export.request import ExportRequest, Split
from core.formats import CODECS, codec_named
from core.formats.base import Codec
from core.image.read import read_image
from core.image.source import PROJECTION, Plane
from core.progress import Ticket
from tests.core.export.samples import (
    OWN,
    RECORDS,
    WRITABLE,
    FakeSource,
    annotations,
    export,
    names,
    record,
    square,
)
from tests.core.test_files import fail_nth
from tests.sealed import seal


def test_as_many_files_as_images_that_read_back(tmp_path: Path) -> None:
    report = export(ExportRequest(tmp_path, ("json", "label-tiff")))
    assert names(tmp_path) == [f"{n}{s}" for n in "abc" for s in (".json", "_labels.tif")]
    assert (len(report.files), report.failures, report.images) == (6, [], 3)
    for name in "json", "label-tiff":
        codec = codec_named(name)
        files = [tmp_path / r.name for r in report.files if r.format == name]
        assert [len(codec.read(f).annotations.regions) for f in files] == [1, 2, 3]


def test_one_file_for_all_images_and_the_classes_once(tmp_path: Path) -> None:
    report = export(ExportRequest(tmp_path, ("coco", "yolo")))
    assert names(tmp_path) == ["a.txt", "annotations_coco.json", "b.txt", "c.txt", "data.yaml"]
    assert report.images == 3 and not report.failures
    for number in (1, 2, 3):
        known = replace(annotations(number), regions=())
        for codec, file in (
            ("coco", "annotations_coco.json"),
            ("yolo", f"{'abc'[number - 1]}.txt"),
        ):
            found = codec_named(codec).read(tmp_path / file, known).annotations.regions
            assert len(found) == number


def test_planes_of_a_file_have_names_of_their_own() -> None:
    planes = [Plane(), Plane(z=2), Plane(scene=1, t=3), Plane(z=PROJECTION)]
    records = [replace(record(n, "s.tif"), plane=plane) for n, plane in enumerate(planes, 1)]
    targets = targets_of(ExportRequest(Path(), ("json",)), records)
    assert [t.name for t in targets] == ["s.json", "s_z3.json", "s_s2_t4.json", "s_zmax.json"]


def test_only_the_chosen_images(tmp_path: Path) -> None:
    export(ExportRequest(tmp_path, ("json",), images=(2,)))
    assert names(tmp_path) == ["b.json"]


def test_no_two_files_share_a_name_in_any_mix_of_formats() -> None:
    same = [
        record(1, "x/a.png"),
        record(2, "y/a.png"),
        record(3, "a.tif"),
        record(4, "A.TIF"),
        record(5, "a.png.png"),
        record(6, ""),
        record(7, ""),
    ]
    targets = targets_of(ExportRequest(Path("out"), WRITABLE), same)
    together = sum(codec.encode_all is not None for codec in CODECS)
    companions = len({companion for codec in CODECS for companion in codec.companions})
    count = len(same) * (len(WRITABLE) - together) + together + companions
    assert len({t.name.casefold() for t in targets}) == len(targets) == count
    assert targets[0].name == "a.json"


def test_no_file_has_the_name_of_its_image() -> None:
    for suffix in (".png", ".tif", ".tiff", ".json", ".jpg"):
        targets = targets_of(ExportRequest(Path(), WRITABLE), [record(1, f"a{suffix}")])
        images = [t for t in targets if t.name == f"a{suffix}" and suffix != ".json"]
        assert images == []


def test_images_called_like_the_files_about_the_export(tmp_path: Path) -> None:
    records = [record(1, "manifest.png"), record(2, "Export-Report.tif")]
    report = export(ExportRequest(tmp_path, ("json",)), records=records)
    assert [r.name for r in report.files] == ["manifest.png.json", "Export-Report.tif.json"]
    assert all((tmp_path / name).exists() for name in OWN)


def test_an_image_is_never_replaced(tmp_path: Path) -> None:
    image = tmp_path / "a_labels.tif"
    image.write_bytes(b"precious")
    request = ExportRequest(tmp_path, ("label-tiff",), images=(1,), overwrite=True)
    report = export(request, FakeSource(originals=(image,)))
    assert image.read_bytes() == b"precious"
    assert report.files == []
    assert "a_labels.tif was not written because it is the name of an image" in report.failures[0]


def test_files_in_the_way_stop_everything_until_the_person_agrees(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("mine")
    request = ExportRequest(tmp_path, ("json",))
    report = export(request)
    assert report.existing == (tmp_path / "b.json",)
    assert names(tmp_path) == ["b.json"]
    assert (tmp_path / "b.json").read_text() == "mine"
    assert export(replace(request, overwrite=True)).existing == ()
    assert names(tmp_path) == ["a.json", "b.json", "c.json"]
    assert (tmp_path / "b.json").read_text() != "mine"


def test_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    def source(image_id: int) -> AnnotationSet:
        regions = (square(0, 0, number=70_000),) if image_id == 2 else ()
        return replace(annotations(image_id), regions=regions)

    report = export(ExportRequest(tmp_path, ("label-png", "json")), FakeSource(source))
    assert names(tmp_path) == ["a.json", "a_labels.png", "b.json", "c.json", "c_labels.png"]
    assert len(report.failures) == 1
    assert str(tmp_path / "b_labels.png") in report.failures[0]
    assert ".cellscribe-export" not in report.failures[0]
    assert str(report).startswith(f"5 files for 3 images in {tmp_path}.\nCannot write")


def test_a_file_that_cannot_be_replaced_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()
    report = export(ExportRequest(tmp_path, ("json",), overwrite=True))
    assert names(tmp_path) == ["a.json", "c.json"]
    assert [file.name for file in report.files] == ["a.json", "c.json"]
    assert len(report.failures) == 1
    assert f"Cannot replace {tmp_path / 'b.json'}: " in report.failures[0]


@pytest.mark.parametrize("at", range(4))
def test_cancel_leaves_no_file_and_nothing_replaced(tmp_path: Path, at: int) -> None:
    (tmp_path / "a.json").write_text("mine")
    stop = threading.Event()

    def report(done: int, total: int, name: str) -> None:
        if done == at:
            stop.set()

    with pytest.raises(Cancelled):
        export(ExportRequest(tmp_path, ("json",), overwrite=True), ticket=Ticket(report, stop))
    assert names(tmp_path) == ["a.json"]
    assert (tmp_path / "a.json").read_text() == "mine"
    export(ExportRequest(tmp_path, ("json",), overwrite=True))
    assert len(names(tmp_path)) == 3


def test_progress_ends_at_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    ticket = Ticket(lambda done, total, name: steps.append((done, total)))
    export(ExportRequest(tmp_path, ("json", "mask-png")), ticket=ticket)
    assert steps == [(i, 6) for i in range(7)]


def test_a_full_disk_is_told_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(codec: Codec, path: Path, *_: object, **__: object) -> None:
        raise CannotWrite(f"Cannot write {path}: no space left on device.")

    monkeypatch.setattr(Codec, "write", full)
    report = export(ExportRequest(tmp_path, ("json",)))
    assert len(report.failures) == 3
    assert f"Cannot write {tmp_path / 'a.json'}: no space" in report.failures[0]
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotWrite, match="no such file or directory"):
        export(ExportRequest(tmp_path / "missing", ("json",)))

    def refuse(**_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(CannotWrite, match=r"permission denied\. Choose another folder"):
        export(ExportRequest(tmp_path, ("json",)))


def test_a_folder_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    seal(monkeypatch, tmp_path / "out")
    with pytest.raises(CannotWrite, match=r"out: permission denied\. Choose another folder"):
        export(ExportRequest(tmp_path / "out", ("json",)))


def test_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no format 'doc'"):
        export(ExportRequest(tmp_path, ("doc",)))


def test_losses_are_told_once_for_each_format(tmp_path: Path) -> None:
    def source(image_id: int) -> AnnotationSet:
        return replace(annotations(image_id), pixel_size_um=0.5)

    report = export(ExportRequest(tmp_path, ("mask-png", "label-png")), FakeSource(source))
    told = [line for line in str(report).splitlines() if "leaves out" in line]
    assert [line.partition(":")[0] for line in told] == ["mask-png", "label-png"]
    assert "borders between objects that touch" in told[0] and "touch" not in told[1]


def test_the_same_export_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    made = {record.id: annotations(record.id) for record in RECORDS}
    for folder in ("1", "2"):
        export(ExportRequest(tmp_path / folder, WRITABLE), FakeSource(made.__getitem__))
    paths = [path for path in (tmp_path / "1").rglob("*") if path.is_file()]
    assert {*OWN} < {path.name for path in paths}
    for path in paths:
        other = tmp_path / "2" / path.relative_to(tmp_path / "1")
        assert path.read_bytes() == other.read_bytes(), path.name


def is_whole(path: Path) -> bool:
    """Whether it is a file about the export, which may tell of a failure, with its end."""
    return path.name in OWN and path.read_text().rstrip().endswith(("}", "</html>"))


STEPS = [
    (tempfile, "mkdtemp"),
    (tempfile, "mkstemp"),
    (os, "fdopen"),
    (os, "fsync"),
    (os, "chmod"),
    (os, "replace"),
    (os, "mkdir"),
]


@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_each_step_may_fail_and_nothing_is_torn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    """The n-th call fails, for n = 1, 2 ... until none does: old or new content, no third."""
    request = ExportRequest(tmp_path, ("json", "coco"), overwrite=True, split=Split(0.5))
    export(request)
    new = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for n in range(1, 200):
        for path in new:
            path.write_bytes(b"old")
        with monkeypatch.context() as patch:
            calls = fail_nth(patch, module, name, n, OSError(28, "No space left on device"))
            told = ""
            try:
                told = "\n".join(export(request).failures)
            except CannotWrite as error:
                told = str(error)
        if len(calls) < n:
            break
        is_done = all(path.read_bytes() == data for path, data in new.items())
        assert is_done or "no space left" in told, n
        for path, data in new.items():
            assert path.read_bytes() in (b"old", data) or is_whole(path)
        assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(new)
    assert n > 1 and all(path.read_bytes() == data for path, data in new.items())


def test_a_data_set_in_two_parts(tmp_path: Path) -> None:
    report = export(ExportRequest(tmp_path, ("yolo", "coco", "json"), split=Split(0.4)))
    assert not report.failures and report.is_good
    found = set(names(tmp_path))
    part = {n.split("/")[2]: n.split("/")[0] for n in found if "/labels/" in n}
    assert sorted(part) == ["a.txt", "b.txt", "c.txt"] and set(part.values()) == {"train", "val"}
    assert {f"{part[f'{stem}.txt']}/{stem}.json" for stem in "abc"} < found
    table = (tmp_path / "data.yaml").read_text()
    assert "train: train/images" in table and "val: val/images" in table
    again = targets_of(ExportRequest(tmp_path, ("yolo",), split=Split(0.4)), RECORDS)
    assert {t.name for t in again} == {n for n in found if n.endswith(("txt", "yaml"))}


@pytest.mark.parametrize("name", ["mask-png", "mask-tiff", "label-png", "label-tiff"])
def test_every_image_has_a_mask_of_its_own_size(tmp_path: Path, name: str) -> None:
    """Also those without objects: as many masks as images, height x width of each."""
    sizes = {1: (300, 500), 2: (7, 1), 3: (96, 64)}

    def source(image_id: int) -> AnnotationSet:
        height, width = sizes[image_id]
        regions = () if image_id < 3 else (square(2, 3),)
        return AnnotationSet(f"{image_id}.png", width, height, regions)

    report = export(ExportRequest(tmp_path, (name,)), FakeSource(source))
    assert report.is_good and len(report.files) == 3
    for file, (height, width) in zip(report.files, sizes.values(), strict=True):
        pixels = np.asarray(read_image(tmp_path / file.name).pixels)
        assert pixels.shape[:2] == (height, width)
        assert (file.size, file.verdict) == ((width, height), "identical")
        assert pixels.any() == bool(file.expected)
