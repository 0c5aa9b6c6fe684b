"""Files that are too large are refused, or read in bounded memory, before they fill it."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import FormatError
from core.formats import codec_named, json_text
from tests.core.formats.samples import annotations

SHAPE = b'{"label":"a","points":[[1,1],[2,1],[2,2]]},'
MANY = {
    "labelme": (b'{"imageHeight":50,"imageWidth":64,"shapes":[', SHAPE, b"{}]}"),
    "coco": (b'{"images":[{"id":1,"width":64,"height":50}],"annotations":[', b"{},", b"{}]}"),
    "geojson": (b'{"type":"FeatureCollection","features":[', b'{"type":"Feature"},', b"{}]}"),
    "json": (b'{"polygons":[', b'{"points":[]},', b"{}]}"),
    "yolo": (b"", b"0 0.1 0.1 0.2 0.1 0.2 0.2\n", b""),
}


@pytest.mark.parametrize("name", MANY)
def test_too_many_objects_are_refused_before_the_first_is_read(name: str, tmp_path: Path) -> None:
    head, unit, tail = MANY[name]
    (tmp_path / "a").write_bytes(head + unit * 500_001 + tail)
    with pytest.raises(FormatError, match="more than 500,000 objects"):
        codec_named(name).read(tmp_path / "a", annotations([]))


def test_nan_is_tolerated_in_files_that_are_not_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b'{"polygons":[{"points":[{"x":NaN,"y":1}]}]}')
    reading = codec_named("json").read(tmp_path / "a", annotations([]))
    assert reading.report.done == 0 and len(reading.report.problems) == 1
    monkeypatch.setattr(json_text, "MOST_TOLERATED_BYTES", 20)
    with pytest.raises(FormatError, match="numbers such as NaN, which are tolerated in files"):
        codec_named("json").read(tmp_path / "a", annotations([]))


HUGE = {
    "numbers": (b"[", b"1,", b"1]"),
    "tables with NaN": (b'{"shapes":[NaN,', b"{},", b"{}]}"),
    "shapes": (b'{"imageHeight":50,"imageWidth":64,"shapes":[', SHAPE, b"{}]}"),
    "one outline": (b'{"shapes":[{"label":"a","points":[', b"[1,1],", b"[1,2]]}]}"),
    "brackets": (b"", b"[", b""),
}


@pytest.mark.parametrize("name", HUGE)
def test_200_mb_of_json_take_little_memory(name: str, tmp_path: Path) -> None:
    head, unit, tail = HUGE[name]
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.json"
    path.write_bytes(head + unit * (200_000_000 // len(unit)) + tail)
    # Not ru_maxrss: a child inherits the peak of the process that started it.
    code = f"""
from pathlib import Path
from core.annotation.annotation_set import AnnotationSet
from core.errors import FormatError
from core.formats import codec_named
try:
    codec_named("labelme").read(Path({str(path)!r}), AnnotationSet("a", 64, 50))
except FormatError as error:
    status = Path("/proc/self/status").read_text().splitlines()
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), error)
"""
    limit = 2_000_000_000
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    path.unlink()
    kilobytes, _, sentence = done.stdout.partition(" ")
    assert sentence.startswith("Cannot read a.json: it"), done.stderr[-500:]
    assert int(kilobytes) < 1_000_000
