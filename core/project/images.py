"""The images of a project, as rows; paths are relative to the folder of the project.

A file that is listed and not read yet has a row without content: content_hash "" and width 0.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import UnreadableImage
from core.image.model import Image
from core.image.read import ImageFile
from core.image.source import FIRST, Plane
from core.project.locate import (
    file_size,
    find_by_hash,
    find_by_name,
    relative_path,
    relative_paths,
)
from core.project.records import ImageRecord

_COLUMNS = "id, path, content_hash, file_size, width, height, pixel_size_um, status, scene, t, z"
_FACTS = "path, content_hash, file_size, width, height, pixel_size_um, scene, t, z"
_FILL = (
    f"UPDATE images SET ({_FACTS}) = (?, ?, ?, ?, ?, coalesce(pixel_size_um, ?), ?, ?, ?)"
    " WHERE id = ?"
)
"""Of a listed file; a person may have said its pixel size before it was read."""
_OWN = ("regions", "journal", "runs")
"""Tables with rows that belong to an image."""


@dataclass(frozen=True)
class Taken:
    """The record of an image, and the ids of listed files that turned out to be the same one."""

    record: ImageRecord
    absorbed: frozenset[int] = frozenset()


def read_all(connection: sqlite3.Connection, where: str = "", *values: object) -> list[ImageRecord]:
    """In the order in which they were added; `where` picks some."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM images {where} ORDER BY id", values)
    return [_record(*row) for row in rows]


def _record(*row: Any) -> ImageRecord:
    *facts, scene, t, z = row
    plane = Plane(scene, t, z) if scene or t or z else FIRST
    return ImageRecord(*(*facts, plane))


def add_files(
    connection: sqlite3.Connection, folder: Path, files: Sequence[Path], sizes: Iterable[int]
) -> list[ImageRecord]:
    """The new records of files (no links) that are not read yet, with their sizes in bytes."""
    last = connection.execute("SELECT max(id) FROM images").fetchone()[0] or 0
    connection.executemany(
        "INSERT OR IGNORE INTO images (path, content_hash, file_size, width, height)"
        " VALUES (?, '', ?, 0, 0)",
        zip(relative_paths(files, folder), sizes, strict=True),
    )
    return read_all(connection, "WHERE id > ?", last)


def add(connection: sqlite3.Connection, folder: Path, image: Image, listed: int = 0) -> Taken:
    """The record of `image`, new unless one has its path, content and plane.

    Those that have its content, and whose file has gone, are of a file that was moved: all of its
    planes get the new path. listed: the record for which it was read, else the one that has its
    path and was not read yet; it becomes the record of the image, or goes when there is one.
    """
    path = relative_path(image.path, folder) if image.path else ""
    alike = read_all(connection, "WHERE content_hash = ? AND width > 0", image.content_hash)
    if not any(r.path == path for r in alike):
        alike = _moved(connection, folder, alike, path)
    same = [r.id for r in alike if r.path == path and r.plane == image.plane]
    unread = _unread(connection, path, listed) if image.plane == FIRST else []
    kept = [*same, *unread][:1]
    absorbed = frozenset(unread) - {*kept}
    _remove(connection, absorbed)
    if not same:
        size = next((r.pixel_size_um for r in alike if r.path == path), image.pixel_size_um)
        kept = [_write(connection, image, path, size, kept)]
    return Taken(read_all(connection, "WHERE id = ?", *kept)[0], absorbed)


def _remove(connection: sqlite3.Connection, image_ids: Iterable[int]) -> None:
    """Forget images and what belongs to them; their files stay."""
    ids = [(image_id,) for image_id in image_ids]
    for table in _OWN:
        connection.executemany(f"DELETE FROM {table} WHERE image_id = ?", ids)
    connection.executemany("DELETE FROM images WHERE id = ?", ids)


def _unread(connection: sqlite3.Connection, path: str, listed: int) -> list[int]:
    """Ids of records that wait for this file to be read, the one that is meant first."""
    records = read_all(connection, "WHERE content_hash = '' AND path = ? OR id = ?", path, listed)
    ids = [r.id for r in records if path and not r.is_read]
    return sorted(ids, key=lambda image_id: image_id != listed)


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
    """The file of an image: where it was, else anywhere below `folder` by its content.

    One that was not read yet is known by its name and size.
    """
    if not record.path:
        return None
    if known := recorded_file(folder, record):
        return known
    if record.is_read:
        return find_by_hash(folder, record.file_size, record.content_hash)
    return find_by_name(folder, record.name, record.file_size)


def recorded_file(folder: Path, record: ImageRecord) -> Path | None:
    """The file at the recorded path, None when it is not there.

    An image may be a folder of the OME-Zarr kind.
    """
    path = folder / record.path
    return path if record.path and path.exists() else None


def with_facts(folder: Path, record: ImageRecord) -> ImageRecord:
    """The record with what its file says, whose pixels are not decoded; nothing is written.

    Raises UnreadableImage or ImageTooLarge.
    """
    path = locate(folder, record)
    if path is None:
        raise UnreadableImage(f"Cannot find {record.path}: put it back, or remove it.")
    with ImageFile(path) as file:
        scene = file.scenes[record.plane.scene]
        return replace(
            record,
            content_hash=file.content_hash,
            width=scene.width,
            height=scene.height,
            pixel_size_um=scene.pixel_size_um,
        )


def set_pixel_size(
    connection: sqlite3.Connection, image_ids: Iterable[int], micrometres: float | None
) -> None:
    """Say how large a pixel is; a listed file keeps it when it is read."""
    rows = [(micrometres, image_id) for image_id in image_ids]
    connection.executemany("UPDATE images SET pixel_size_um = ? WHERE id = ?", rows)


def _write(
    connection: sqlite3.Connection,
    image: Image,
    path: str,
    pixel_size_um: float | None,
    listed: list[int],
) -> int:
    """Into the row of a listed file, or into a new one; returns its id."""
    size = file_size(image.path) if image.path else 0
    facts = (path, image.content_hash, size, image.width, image.height, pixel_size_um)
    plane = (image.plane.scene, image.plane.t, image.plane.z)
    if listed:
        connection.execute(_FILL, (*facts, *plane, listed[0]))
        return listed[0]
    marks = ", ".join("?" * 9)
    cursor = connection.execute(f"INSERT INTO images ({_FACTS}) VALUES ({marks})", (*facts, *plane))
    return int(cursor.lastrowid or 0)
