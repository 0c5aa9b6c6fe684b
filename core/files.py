"""Writing files whole or not at all, and finding the folders that belong to the person."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import CannotWrite, cannot_write_into, reason


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write `path` through a temporary neighbour and a rename, so that a reader sees old or new.

    Raises CannotWrite, with the old file untouched and no temporary file left.
    """
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode_for(target))
        temporary.replace(target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically; raises CannotWrite."""
    write_atomically(path, lambda file: file.write(data))


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder, whole or not at all; names with forward slashes. Raises CannotWrite.

    An older folder at `path` is replaced.
    """
    target = path.resolve()
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as name:
            made, old = Path(name, "new"), Path(name, "old")
            made.mkdir()
            for inner, data in files.items():
                _write_synced(made / inner, data)
            swap_in(made, target, old)
    except OSError as error:
        raise _cannot_write(path, error) from error
    sync_folder(target.parent)


def check_writable(folder: Path, other: str = "folder") -> None:
    """Make `folder` if it is missing and try to write into it: before hours of work.

    other: what a person chooses instead. Raises CannotWrite.
    """
    probe = folder / ".cellscribe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise cannot_write_into(folder, error, other) from error


def sha256_of(path: Path) -> str:
    """SHA-256, hex, of a file; of a folder, of the names and hashes of its files."""
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for inner in files_in(path):
        digest.update(f"{inner.relative_to(path).as_posix()}\0{sha256_of(inner)}\n".encode())
    return digest.hexdigest()


def files_in(path: Path) -> list[Path]:
    """All files of a folder; of a file, itself."""
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def swap_in(made: Path, target: Path, old: Path) -> None:
    """Put `made` at `target`; what was there goes to `old`, or stays when that fails."""
    if not target.is_dir():
        made.replace(target)
        return
    target.replace(old)
    try:
        made.replace(target)
    except OSError:
        old.replace(target)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _cannot_write(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"Cannot write {path}: {reason(error)}. Choose another folder or free some space."
    )


def mode_for(target: Path) -> int:
    """Permissions of the file that is replaced, else what a plain open would give."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power loss, where folders can be synced.

    Some network drives refuse; the file is whole and in its place by then, so that is no failure.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
