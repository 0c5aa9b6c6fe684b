import threading
from pathlib import Path

import pytest

from app.tasks.importing import read_annotations
from core.annotation.annotation_set import AnnotationSet
from core.errors import Cancelled, FormatError
from core.formats import codec_named
from core.progress import Ticket
from tests.app.samples import square

IMAGE = AnnotationSet("a.png", 96, 96)
FULL = AnnotationSet("a.png", 96, 96, (square(0, 0), square(30, 0, number=2)))


@pytest.mark.parametrize(("name", "file"), [("json", "a.json"), ("label-tiff", "a.tif")])
def test_the_format_is_found_by_the_ending(tmp_path: Path, name: str, file: str) -> None:
    codec_named(name).write(tmp_path / file, FULL)
    reading = read_annotations(tmp_path / file, IMAGE, "", Ticket())
    assert len(reading.annotations.regions) == 2


def test_the_format_can_be_named(tmp_path: Path) -> None:
    codec_named("mask-png").write(tmp_path / "a.png", FULL)
    reading = read_annotations(tmp_path / "a.png", IMAGE, "mask-png", Ticket())
    assert len(reading.annotations.regions) == 2


def test_what_no_format_reads(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(FormatError, match=r"a\.doc: no format has the ending '\.doc'"):
        read_annotations(tmp_path / "a.doc", IMAGE, "", Ticket())
    (tmp_path / "a.json").write_text("x")
    with pytest.raises(FormatError, match=r"a\.json"):
        read_annotations(tmp_path / "a.json", IMAGE, "", Ticket())


def test_a_file_for_an_image_of_another_size(tmp_path: Path) -> None:
    codec_named("json").write(tmp_path / "a.json", FULL)
    with pytest.raises(FormatError, match="96 x 96"):
        read_annotations(tmp_path / "a.json", AnnotationSet("b.png", 50, 50), "", Ticket())


def test_cancel(tmp_path: Path) -> None:
    codec_named("json").write(tmp_path / "a.json", FULL)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        read_annotations(tmp_path / "a.json", IMAGE, "", Ticket(stop=stop))
