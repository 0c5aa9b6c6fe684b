"""The images of a project, as rows; paths are relative to the folder of the project."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.image.model import Image
from core.image.source import Plane
from core.project.locate import file_size, find_by_hash, relative_path
from core.project.records import ImageRecord

_COLUMNS = "id, path, content_hash, file_size, width, height, pixel_size_um, status, scene, t, z"


def read_all(connection: sqlite3.Connection) -> list[ImageRecord]:
    """In the order in which they were added."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM images ORDER BY id")
    return [_record(*row) for row in rows]


def _record(*row: Any) -> ImageRecord:
    return replace(ImageRecord(*row[:-3]), plane=Plane(*row[-3:]))


def add(connection: sqlite3.Connection, folder: Path, image: Image) -> int:
    """The id of the record of `image`, new unless one has its path, content and plane.

    Those that have its content, and whose file has gone, are of a file that was moved: all of its
    planes get the new path.
    """
    path = relative_path(image.path, folder) if image.path else ""
    alike = [r for r in read_all(connection) if r.content_hash == image.content_hash]
    if not any(r.path == path for r in alike):
        alike = _moved(connection, folder, alike, path)
    same = (r.id for r in alike if r.path == path and r.plane == image.plane)
    return next(same, 0) or _insert(connection, image, path)


def _moved(
    connection: sqlite3.Connection, folder: Path, alike: list[ImageRecord], path: str
) -> list[ImageRecord]:
    """The records with the new path in those of one file that has gone, if there is one."""
    gone = next((r.path for r in alike if not recorded_file(folder, r)), None)
    if gone is None:
        return alike
    connection.execute(
        "UPDATE images SET path = ? WHERE path = ? AND content_hash = ?",
        (path, gone, alike[0].content_hash),
    )
    return [replace(r, path=path) if r.path == gone else r for r in alike]


def locate(folder: Path, record: ImageRecord) -> Path | None:
    """The file of an image: where it was, else anywhere below `folder` by its content."""
    if not record.path:
        return None
    return recorded_file(folder, record) or find_by_hash(
        folder, record.file_size, record.content_hash
    )


def recorded_file(folder: Path, record: ImageRecord) -> Path | None:
    """The file at the recorded path, None when it is not there."""
    path = folder / record.path
    return path if record.path and path.is_file() else None


def _insert(connection: sqlite3.Connection, image: Image, path: str) -> int:
    size = file_size(image.path) if image.path else 0
    cursor = connection.execute(
        "INSERT INTO images"
        " (path, content_hash, file_size, width, height, pixel_size_um, scene, t, z)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            path,
            image.content_hash,
            size,
            image.width,
            image.height,
            image.pixel_size_um,
            image.plane.scene,
            image.plane.t,
            image.plane.z,
        ),
    )
    return int(cursor.lastrowid or 0)
