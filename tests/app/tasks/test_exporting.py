import errno
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.tasks.exporting import ExportReport, ExportRequest, targets_of, write_all
from core.annotation.annotation_set import AnnotationSet
from core.errors import Cancelled, CannotWrite, FormatError
from core.formats import CODECS, codec_named
from core.formats.base import Codec
from core.image.source import PROJECTION, Plane
from core.progress import Ticket
from core.project.records import ImageRecord
from tests.app.samples import square

WRITABLE = tuple(codec.name for codec in CODECS if codec.can_write)


def record(number: int, path: str) -> ImageRecord:
    return ImageRecord(number, path, f"hash {number}", 1, 96, 96)


RECORDS = [record(1, "a.png"), record(2, "b.tif"), record(3, "c.png")]


def annotations(image_id: int) -> AnnotationSet:
    regions = tuple(square(20 * i, 0, number=i + 1) for i in range(image_id))
    return AnnotationSet(f"image {image_id}", 96, 96, regions)


def export(
    request: ExportRequest,
    source: Callable[[int], AnnotationSet] = annotations,
    originals: tuple[Path, ...] = (),
    ticket: Ticket | None = None,
) -> ExportReport:
    targets = targets_of(request, RECORDS)
    return write_all(targets, request, source, originals, ticket or Ticket())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_as_many_files_as_images_that_read_back(tmp_path: Path) -> None:
    report = export(ExportRequest(tmp_path, ("json", "label-tiff")))
    assert names(tmp_path) == [f"{n}{s}" for n in "abc" for s in (".json", "_labels.tif")]
    assert (len(report.written), report.failures, report.images) == (6, [], 3)
    for name in "json", "label-tiff":
        codec = codec_named(name)
        files = [w.path for w in report.written if w.path.suffix in codec.suffixes]
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
    assert [t.path.name for t in targets] == ["s.json", "s_z3.json", "s_s2_t4.json", "s_zmax.json"]


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
    companions = sum(len(codec.companions) for codec in CODECS)
    count = len(same) * (len(WRITABLE) - together) + together + companions
    assert len({t.path.name.casefold() for t in targets}) == len(targets) == count
    assert targets[0].path == Path("out/a.json")


def test_no_file_has_the_name_of_its_image() -> None:
    for suffix in (".png", ".tif", ".tiff", ".json", ".jpg"):
        targets = targets_of(ExportRequest(Path(), WRITABLE), [record(1, f"a{suffix}")])
        images = [t for t in targets if t.path.name == f"a{suffix}" and suffix != ".json"]
        assert images == []


def test_an_image_is_never_replaced(tmp_path: Path) -> None:
    image = tmp_path / "a_labels.tif"
    image.write_bytes(b"precious")
    request = ExportRequest(tmp_path, ("label-tiff",), images=(1,), overwrite=True)
    report = export(request, originals=(image,))
    assert image.read_bytes() == b"precious"
    assert report.written == []
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

    report = export(ExportRequest(tmp_path, ("label-png", "json")), source)
    assert names(tmp_path) == ["a.json", "a_labels.png", "b.json", "c.json", "c_labels.png"]
    assert len(report.failures) == 1
    assert str(tmp_path / "b_labels.png") in report.failures[0]
    assert ".cellscribe-export" not in report.failures[0]
    assert str(report).startswith(f"5 files for 3 images are in {tmp_path}.\nCannot write")


def test_a_file_that_cannot_be_replaced_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()
    report = export(ExportRequest(tmp_path, ("json",), overwrite=True))
    assert names(tmp_path) == ["a.json", "b.json", "c.json"]
    assert [written.path.name for written in report.written] == ["a.json", "c.json"]
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
    def full(codec: Codec, path: Path, *_: object) -> None:
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

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(CannotWrite, match=r"permission denied\. Choose another folder"):
        export(ExportRequest(tmp_path, ("json",)))


def test_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no format 'doc'"):
        export(ExportRequest(tmp_path, ("doc",)))


def test_losses_are_told_once(tmp_path: Path) -> None:
    def source(image_id: int) -> AnnotationSet:
        return replace(annotations(image_id), pixel_size_um=0.5)

    report = export(ExportRequest(tmp_path, ("mask-png", "label-png")), source)
    assert report.losses
    assert len(report.losses) == len(set(report.losses))
    assert report.losses[0] in str(report)


def test_the_same_export_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    made = {record.id: annotations(record.id) for record in RECORDS}
    for folder in ("1", "2"):
        export(ExportRequest(tmp_path / folder, WRITABLE), made.__getitem__)
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()
