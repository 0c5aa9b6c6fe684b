"""What a killed export leaves is removed by the next one, and nothing else is."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.export import workshop
from core.export.request import ExportRequest
from core.export.workshop import workshop_in
from tests.core.export.samples import export, names

EXPORTING = """
import sys
from pathlib import Path
from core.export.workshop import workshop_in
with workshop_in(Path(sys.argv[1])) as place:
    (place / "a.json").write_text("half of it")
    print("exporting", flush=True)
    sys.stdin.read()
"""


def hidden(folder: Path) -> list[Path]:
    return sorted(folder.glob(".cellscribe-export-*"))


@pytest.fixture
def exporting(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process in the middle of an export into `tmp_path`."""
    process = subprocess.Popen(
        [sys.executable, "-c", EXPORTING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "exporting\n"
    return process


def test_a_killed_export_is_cleared_up_by_the_next_one(
    tmp_path: Path, exporting: subprocess.Popen[str]
) -> None:
    exporting.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    exporting.communicate()
    assert len(hidden(tmp_path)) == 1
    assert export(ExportRequest(tmp_path, ("json",))).is_good
    assert hidden(tmp_path) == []


def test_an_export_of_another_process_goes_on(
    tmp_path: Path, exporting: subprocess.Popen[str]
) -> None:
    (running,) = hidden(tmp_path)
    assert export(ExportRequest(tmp_path, ("json",))).is_good
    assert hidden(tmp_path) == [running]
    assert (running / "files" / "a.json").read_text() == "half of it"
    exporting.communicate("")
    assert exporting.returncode == 0 and hidden(tmp_path) == []


def test_two_exports_of_one_process(tmp_path: Path) -> None:
    with workshop_in(tmp_path) as one:
        with workshop_in(tmp_path) as other:
            assert one.is_dir() and other.is_dir() and one != other
        assert one.is_dir()
    assert hidden(tmp_path) == []


def left(folder: Path, name: str, mark: bytes | None) -> Path:
    path = folder / f".cellscribe-export-{name}"
    (path / "files").mkdir(parents=True)
    (path / "files" / "a.txt").write_text("precious")
    if mark is not None:
        (path / "export.lock").write_bytes(mark)
    return path


def test_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = workshop._signature()
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    strange = workshop._signature()
    monkeypatch.undo()
    away = left(tmp_path / "away", "real", signature)
    kept = [
        left(tmp_path, "of a person", None),
        left(tmp_path, "not yet signed", b""),
        left(tmp_path, "of another computer", strange),
        tmp_path / ".cellscribe-export-file",
        tmp_path / ".cellscribe-export-link",
    ]
    kept[3].write_text("precious")
    kept[4].symlink_to(away)
    gone = left(tmp_path, "left", signature)
    with_more = left(tmp_path, "with more", signature)
    (with_more / "mine.txt").write_text("precious")
    with workshop_in(tmp_path):
        pass
    assert hidden(tmp_path) == sorted([*kept, with_more]) and not gone.exists()
    assert (with_more / "mine.txt").exists()
    assert (away / "files" / "a.txt").exists()


def test_where_there_are_no_locks_the_export_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: object) -> None:
        raise OSError("locks are not supported")

    monkeypatch.setattr(workshop, "seize", no_locks)
    assert export(ExportRequest(tmp_path, ("json",))).is_good
    assert names(tmp_path) == ["a.json", "b.json", "c.json"] and hidden(tmp_path) == []
