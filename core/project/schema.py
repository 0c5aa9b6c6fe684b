"""The tables of a project, and how the tables of older versions become today's."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.annotation.classes import DEFAULT_CLASSES

APPLICATION_ID = 0x43534352
"""Stands in the file's header, where programs look that tell kinds of files apart."""

_TABLES = """
CREATE TABLE images (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    pixel_size_um REAL,
    status TEXT NOT NULL DEFAULT 'new',
    next_region_id INTEGER NOT NULL DEFAULT 1,
    UNIQUE (path, content_hash)
);
CREATE TABLE classes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    color TEXT NOT NULL
);
CREATE TABLE regions (
    image_id INTEGER NOT NULL REFERENCES images (id),
    region_id INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (image_id, region_id)
);
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL REFERENCES images (id),
    name TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    time REAL NOT NULL,
    delta BLOB NOT NULL
);
CREATE INDEX journal_by_image ON journal (image_id, undone, seq);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL REFERENCES images (id),
    time REAL NOT NULL,
    model TEXT NOT NULL,
    threshold REAL NOT NULL,
    processing_time_ms REAL NOT NULL,
    weights_sha256 TEXT NOT NULL,
    settings TEXT NOT NULL
);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def _first_tables(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    rows = [(c.id, c.name, c.color) for c in DEFAULT_CLASSES]
    connection.executemany("INSERT INTO classes VALUES (?, ?, ?)", rows)


_PLANES = """
CREATE TABLE images_with_planes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    pixel_size_um REAL,
    status TEXT NOT NULL DEFAULT 'new',
    next_region_id INTEGER NOT NULL DEFAULT 1,
    scene INTEGER NOT NULL DEFAULT 0,
    t INTEGER NOT NULL DEFAULT 0,
    z INTEGER NOT NULL DEFAULT 0,
    UNIQUE (path, content_hash, scene, t, z)
);
INSERT INTO images_with_planes
    SELECT id, path, content_hash, file_size, width, height, pixel_size_um, status, next_region_id,
           0, 0, 0
    FROM images;
DROP TABLE images;
ALTER TABLE images_with_planes RENAME TO images
"""


def _planes(connection: sqlite3.Connection) -> None:
    """Each plane of a file can be an image; a constraint changes only with the whole table."""
    for statement in _PLANES.split(";\n"):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first_tables, _planes)
"""MIGRATIONS[n] turns version n into version n + 1; a released one never changes."""


def newest() -> int:
    """The version that this program writes."""
    return len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """The version of an open file, 0 when it has no tables yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version, in one transaction; foreign keys must be off."""
    with transaction(connection):
        for step in MIGRATIONS[version(connection) :]:
            step(connection)
        connection.execute(f"PRAGMA user_version = {newest()}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All statements of the block take effect, or none; for connections in autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
