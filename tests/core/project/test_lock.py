import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from core.errors import ProjectError
from core.project.lock import ProjectLock, lock_path

REPOSITORY = Path(__file__).resolve().parents[3]
HOLD = """
import sys
from pathlib import Path
from core.project.lock import ProjectLock
lock = ProjectLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "Ärzte 細胞.cellscribe"


def test_a_second_lock_in_the_same_program_is_refused(project: Path) -> None:
    lock = ProjectLock(project)
    with pytest.raises(ProjectError, match=f"process {os.getpid()} on {socket.gethostname()}"):
        ProjectLock(project)
    lock.release()
    assert not lock_path(project).exists()
    ProjectLock(project).release()


def test_another_process_is_named_and_its_lock_ends_with_it(project: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(project)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=REPOSITORY, **pipes) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ProjectError, match=f"process {holder.pid} on"):
            ProjectLock(project)
        holder.kill()
        holder.wait()
        assert lock_path(project).exists()
        ProjectLock(project).release()


def test_a_stale_file_is_taken_over(project: Path) -> None:
    holder = {"pid": 1, "host": socket.gethostname(), "since": "2020-01-01"}
    lock_path(project).write_bytes(msgspec.json.encode(holder))
    ProjectLock(project).release()


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b'{"pid": "x"}', b"\xff"])
def test_a_lock_file_without_sense_is_taken_over(project: Path, text: bytes) -> None:
    lock_path(project).write_bytes(text)
    ProjectLock(project).release()


def test_a_lock_of_another_computer_is_only_taken_when_asked_for(project: Path) -> None:
    holder = {"pid": 12, "host": "another computer", "since": "2020-01-01"}
    lock_path(project).write_bytes(msgspec.json.encode(holder))
    for _ in range(2):  # the refusal leaves the file as it was
        with pytest.raises(ProjectError, match="process 12 on another computer since 2020"):
            ProjectLock(project)
    ProjectLock(project, take_over=True).release()
    assert not lock_path(project).exists()


def test_a_folder_that_cannot_be_written_to_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ProjectError, match=r"permission denied.*read-only"):
        ProjectLock(project)
