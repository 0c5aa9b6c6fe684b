"""A project in another place: a copy that finds the same images."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from core.errors import CannotWrite, ProjectError
from core.files import mode_for
from core.project import database
from core.project.locate import relative_path
from core.project.lock import ProjectLock


def copy_project(source: Path, target: Path) -> None:
    """Write a copy of the project `source` to `target`, whole or not at all.

    `source` may be open. A file at `target` is replaced, so ask first. Raises ProjectError when
    `target` is in use or is `source` itself, CannotWrite when it cannot be written.
    """
    if target.resolve() == source.resolve():
        raise ProjectError(f"{target} is this project itself; choose another name.")
    lock = ProjectLock(target)
    try:
        with closing(database.connect(source, read_only=True)) as project:
            _write(project, source.resolve().parent, target)
    finally:
        lock.release()


def _write(project: sqlite3.Connection, folder: Path, target: Path) -> None:
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        with closing(sqlite3.connect(temporary)) as copy:
            project.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
            _relate_paths(copy, folder, target.resolve().parent)
        for left in ("-wal", "-shm"):  # of a project that stood there and crashed
            target.with_name(f"{target.name}{left}").unlink(missing_ok=True)
        temporary.chmod(mode_for(target))
        temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise CannotWrite(
            f"Cannot write {target}: {str(error).lower()}. Choose another folder or free space."
        ) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _relate_paths(copy: sqlite3.Connection, old: Path, new: Path) -> None:
    """Paths count from the folder of the project."""
    rows = copy.execute("SELECT id, path FROM images WHERE path <> ''").fetchall()
    moved = [(relative_path(old / path, new), number) for number, path in rows]
    with copy:
        copy.executemany("UPDATE images SET path = ? WHERE id = ?", moved)
