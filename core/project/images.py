"""The images of a project, as rows; paths are relative to the folder of the project."""

import sqlite3
from pathlib import Path

from core.image.model import Image
from core.project.locate import file_size, find_by_hash, relative_path
from core.project.records import ImageRecord

_COLUMNS = "id, path, content_hash, file_size, width, height, pixel_size_um, status"


def read_all(connection: sqlite3.Connection) -> list[ImageRecord]:
    """In the order in which they were added."""
    return [
        ImageRecord(*r) for r in connection.execute(f"SELECT {_COLUMNS} FROM images ORDER BY id")
    ]


def add(connection: sqlite3.Connection, folder: Path, image: Image) -> int:
    """The id of the record of `image`, new unless one has its path and content.

    One that has its content, and whose file has gone, is of an image that was moved: it gets the
    new path.
    """
    path = relative_path(image.path, folder) if image.path else ""
    alike = [r for r in read_all(connection) if r.content_hash == image.content_hash]
    if known := next((r for r in alike if r.path == path), None):
        return known.id
    if moved := next((r for r in alike if not recorded_file(folder, r)), None):
        connection.execute("UPDATE images SET path = ? WHERE id = ?", (path, moved.id))
        return moved.id
    return _insert(connection, image, path)


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
        "INSERT INTO images (path, content_hash, file_size, width, height, pixel_size_um)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (path, image.content_hash, size, image.width, image.height, image.pixel_size_um),
    )
    return int(cursor.lastrowid or 0)
