"""Files are written whole or not at all: every step is made to fail in turn."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from core.errors import CannotWrite
from core.files import write_atomically, write_bytes, write_folder

NO_SPACE = OSError(28, "No space left on device")


def fail_nth(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, n: int, error: Exception
) -> list[int]:
    """Make the n-th call of `module.name` raise; the list grows by one number a call."""
    original: Callable[..., object] = getattr(module, name)
    calls: list[int] = []

    def maybe(*args: object, **kwargs: object) -> object:
        calls.append(len(calls) + 1)
        if len(calls) == n:
            raise error
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, maybe)
    return calls


@pytest.fixture(params=[True, False], ids=["replacing", "new"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "Ärzte 細胞.json"
    if request.param:
        path.write_bytes(b"old")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_the_file_has_the_new_content_and_no_neighbour(path: Path) -> None:
    write_bytes(path, b"new")
    assert contents(path.parent) == {path.name: b"new"}


@pytest.mark.parametrize(
    ("module", "name"),
    [(tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "chmod"), (os, "replace")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_step_that_fails_leaves_the_old_content(
    path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    before = contents(path.parent)
    fail_nth(monkeypatch, module, name, 1, NO_SPACE)
    with pytest.raises(CannotWrite, match="no space left on device") as caught:
        write_bytes(path, b"new")
    assert str(path) in str(caught.value)
    assert contents(path.parent) == before
    monkeypatch.undo()
    write_bytes(path, b"new")
    assert contents(path.parent) == {path.name: b"new"}


@pytest.mark.parametrize("error", [NO_SPACE, KeyError("a bug"), KeyboardInterrupt()], ids=repr)
def test_a_writer_that_fails_half_way_leaves_the_old_content(
    path: Path, error: BaseException
) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"half of")
        file.flush()
        raise error

    before = contents(path.parent)
    with pytest.raises(CannotWrite if isinstance(error, OSError) else type(error)):
        write_atomically(path, write)
    assert contents(path.parent) == before


def test_the_content_is_on_the_disk_before_the_name_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def note_sync(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def note_replace(source: Path, target: Path) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    write_bytes(path, b"new")
    assert steps == ["file", "rename"] + ["folder"] * (os.name == "posix")


@pytest.mark.skipif(os.name != "posix", reason="only there folders are synced")
@pytest.mark.parametrize(("name", "n"), [("open", 1), ("fsync", 2)])
def test_a_folder_that_cannot_be_synced_is_no_failure(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, n: int
) -> None:
    """Network drives refuse it; the file itself is whole and in its place by then."""
    original = os.open

    def open_folders_not(file: object, *args: object, **kwargs: object) -> int:
        if file == path.parent:
            raise PermissionError(13, "Permission denied")
        return original(file, *args, **kwargs)  # type: ignore[arg-type]

    if name == "open":
        monkeypatch.setattr(os, "open", open_folders_not)
    else:
        calls = fail_nth(monkeypatch, os, "fsync", n, OSError(22, "Invalid argument"))
    write_bytes(path, b"new")
    assert name == "open" or calls == [1, 2]
    monkeypatch.undo()
    assert contents(path.parent) == {path.name: b"new"}


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_rights_are_kept(path: Path) -> None:
    if path.exists():
        path.chmod(0o640)
        expected = 0o640
    else:
        mask = os.umask(0)
        os.umask(mask)
        expected = 0o666 & ~mask
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == expected


@pytest.mark.skipif(os.name != "posix", reason="links are not common elsewhere")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.json"
    target.write_bytes(b"old")
    link = tmp_path / "link.json"
    link.symlink_to(target)
    write_bytes(link, b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="no such file"):
        write_bytes(tmp_path / "missing" / "a.json", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk(path: Path) -> None:
    before = contents(path.parent)

    def copy(file: BinaryIO) -> None:
        with Path("/dev/full").open("wb") as full:
            full.write(b"new")

    with pytest.raises(CannotWrite, match="no space left"):
        write_atomically(path, copy)
    assert contents(path.parent) == before


@pytest.mark.parametrize("there", [True, False], ids=["replacing", "new"])
@pytest.mark.parametrize("name", ["mkdir", "open", "replace"])
def test_a_folder_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, there: bool
) -> None:
    """Each call of a step fails in turn, until none is left."""
    target = tmp_path / "a.zarr"
    for n in range(1, 20):
        if there:
            target.mkdir(exist_ok=True)
            (target / "old").write_bytes(b"old")
        with monkeypatch.context() as patch:
            calls = fail_nth(patch, Path, name, n, NO_SPACE)
            try:
                write_folder(target, {"zarr.json": b"{}", "c/0": b"\0"})
            except CannotWrite as error:
                assert str(target) in str(error) and "free some space" in str(error)
        if len(calls) < n:
            break
        kept = {p.name for p in tmp_path.rglob("*")}
        assert kept == ({"a.zarr", "old"} if there else set())
    assert n > 1 and (target / "c" / "0").read_bytes() == b"\0"
    assert not (target / "old").exists()
