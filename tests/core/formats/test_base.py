import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite, FormatError
from core.formats import CODECS, codec_named, readers_of
from core.formats.base import Codec, Encoded, Option, Problem, Reading, Report
from tests.core.formats.pictures import picture_for
from tests.core.formats.samples import annotations

REPORT = Report(3, 2, ("classes",), (Problem("7", "left out: too small"),), ("A note.",))


def encode(items: AnnotationSet) -> Encoded:
    if not items.regions:
        raise CannotWrite("there are no objects")
    return Encoded(b"data", REPORT)


def decode(path: Path, image: AnnotationSet | None) -> Reading:
    raise FormatError(f"it holds {path.read_bytes()!r}")


CODEC = Codec("test", "Test", (".test",), keeps_holes=False, decode=decode, encode=encode)


def test_write_gives_the_report(tmp_path: Path) -> None:
    path = tmp_path / "a.test"
    assert CODEC.write(path, annotations()) is REPORT
    assert path.read_bytes() == b"data"


def test_a_file_is_only_replaced_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.test"
    path.write_bytes(b"mine")
    with pytest.raises(CannotWrite, match=r"a\.test exists already"):
        CODEC.write(path, annotations())
    assert path.read_bytes() == b"mine"
    CODEC.write(path, annotations(), overwrite=True)
    assert path.read_bytes() == b"data"


def test_what_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.test"
    path.write_bytes(b"mine")
    with pytest.raises(CannotWrite, match=r"Cannot write .*a\.test: there are no objects\."):
        CODEC.write(path, annotations([]), overwrite=True)
    assert path.read_bytes() == b"mine"


def test_errors_of_reading_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.test"
    with pytest.raises(FormatError, match=r"a\.test: no such file"):
        CODEC.read(path)
    path.write_bytes(b"mine")
    with pytest.raises(FormatError, match=r"Cannot read a\.test: it holds b'mine'\."):
        CODEC.read(path)


def test_a_format_may_go_one_way_only(tmp_path: Path) -> None:
    neither = Codec("no", "No", (".no",), keeps_holes=False)
    assert not neither.can_read and not neither.can_write
    with pytest.raises(FormatError, match="only to write"):
        neither.read(tmp_path / "a.no")
    with pytest.raises(CannotWrite, match="only to read"):
        neither.write(tmp_path / "a.no", annotations())


def test_a_report_says_everything() -> None:
    text = str(REPORT)
    for part in ("2 of 3 objects", "classes", "A note.", "Object 7: left out: too small"):
        assert part in text


def test_names_and_suffixes() -> None:
    assert len({codec.name for codec in CODECS}) == len(CODECS)
    assert len({codec.label for codec in CODECS}) == len(CODECS)
    suffixes = [s for c in CODECS if c.name != "training-set" for s in c.suffixes]
    assert all(s.startswith(".") and s == s.lower() for s in suffixes)
    assert codec_named("label-png").label == "Label image, PNG"
    with pytest.raises(FormatError, match="no format 'docx', only json, label-tiff"):
        codec_named("docx")


def test_readers_of_a_suffix() -> None:
    readers = ["label-tiff", "mask-tiff", "classes-tiff"]
    assert [c.name for c in readers_of(Path("a.TIF"))] == readers
    assert readers_of(Path("a_mask.tif"))[0].name == "mask-tiff"
    assert readers_of(Path("a_labels.ome.tif"))[0].name == "label-ome-tiff"
    assert readers_of(Path("a_COCO.json"))[0].name == "coco"
    assert {c.name for c in readers_of(Path("a.json"))} == {"json", "geojson", "coco", "labelme"}
    assert readers_of(Path("a.json"))[0].name == "json"
    assert readers_of(Path("a.docx")) == ()


def test_importing_formats_and_projects_is_cheap() -> None:
    heavy = "{'scipy', 'skimage', 'cv2', 'torch', 'PySide6', 'shapely', 'tifffile', 'PIL', 'zarr'}"
    code = f"import core.formats, core.project.store, sys; print(set(sys.modules) & {heavy})"
    repository = Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True)
    assert ran.stdout.strip() == b"set()", ran.stderr


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of each file in a folder."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in files}


@pytest.mark.parametrize("codec", CODECS, ids=lambda c: c.name)
def test_the_same_annotations_give_the_same_bytes(
    codec: Codec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = annotations()
    picture = picture_for(same)
    codec.write(tmp_path / "a", same, picture=picture)
    a_year_later = time.time() + 4e7
    monkeypatch.setattr(time, "time", lambda: a_year_later)
    codec.write(tmp_path / "b", same, picture=picture)
    assert contents(tmp_path / "a") == contents(tmp_path / "b") != {}


@pytest.mark.parametrize("codec", CODECS, ids=lambda c: c.name)
def test_what_is_lost_was_said_before(codec: Codec) -> None:
    items = annotations(extra={"other": 1})
    assert codec.encode is not None
    pixels = {"picture": picture_for(items)} if codec.wants_pictures else {}
    report = codec.encode(items, **pixels).report
    usual = codec.with_options({})
    assert usual.encode and usual.encode(items, **pixels).report == report
    if codec.pixel_type and usual.pixel_type:
        assert usual.pixel_type(9) == codec.pixel_type(9)
    assert set(report.losses) <= set(codec.cannot_carry)
    assert codec.name == "json" or codec.cannot_carry


@pytest.mark.parametrize("codec", [c for c in CODECS if c.can_read], ids=lambda c: c.name)
def test_no_objects_are_a_result(codec: Codec, tmp_path: Path) -> None:
    path = tmp_path / f"a{codec.suffixes[0]}"
    items = annotations([])
    assert codec.write(path, items, picture=picture_for(items)).total == 0
    back = codec.read(path, None if codec.knows_size else annotations([])).annotations
    assert back.regions == ()
    assert (back.width, back.height) == (64, 50)


@pytest.mark.parametrize(
    "codec", [c for c in CODECS if c.can_read and c.knows_size], ids=lambda c: c.name
)
def test_annotations_of_another_image_are_refused(codec: Codec, tmp_path: Path) -> None:
    path = tmp_path / f"a{codec.suffixes[0]}"
    codec.write(path, annotations(), picture=picture_for(annotations()))
    with pytest.raises(FormatError, match=r"64 x 50 pixels and Präparat 1\.tif has 50 x 64"):
        codec.read(path, annotations([], width=50, height=64))


def test_options_are_bound_by_name_and_checked(tmp_path: Path) -> None:
    def spelled(items: AnnotationSet, kind: str = "none") -> Encoded:
        return Encoded(kind.encode(), REPORT)

    option = Option("kind", "Kind", (("plain", "Plain"), ("fancy", "Fancy")))
    codec = Codec("o", "O", (".o",), True, encode=spelled, options=(option,))
    for values, written in (({}, b"plain"), ({"kind": "fancy"}, b"fancy")):
        codec.with_options(values).write(tmp_path / "a.o", annotations(), overwrite=True)
        assert (tmp_path / "a.o").read_bytes() == written
    with pytest.raises(FormatError, match="kind cannot be 'odd', only plain, fancy"):
        codec.with_options({"kind": "odd"})
    with pytest.raises(FormatError, match="O has no option size; it has kind"):
        codec.with_options({"size": "1"})
    assert CODEC.with_options({}) is CODEC


def test_a_format_may_be_a_folder(tmp_path: Path) -> None:
    def tree(items: AnnotationSet) -> Encoded:
        return Encoded(b"", REPORT, {"zarr.json": b"{}", "cells/c/0": b"\0"})

    codec = Codec("t", "T", (".zarr",), True, encode=tree)
    path = tmp_path / "a.zarr"
    (path / "old").mkdir(parents=True)
    assert codec.write(path, annotations(), overwrite=True) is REPORT
    found = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    assert found == {"zarr.json", "cells/c/0"}
    assert [p.name for p in tmp_path.iterdir()] == ["a.zarr"]
