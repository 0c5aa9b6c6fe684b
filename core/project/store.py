"""Project: images, objects and the journal of steps, in one file that survives a crash."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from core.annotation.annotation_set import AnnotationSet, RunInfo, run_behind
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.errors import ProjectError
from core.image.model import Image
from core.project import database, images, journal, schema
from core.project.codec import decode_region
from core.project.delta import Delta
from core.project.images import Taken
from core.project.lock import ProjectLock
from core.project.records import STATUSES, ImageRecord, RunRecord, Status


class Project:
    """An open project, for any thread; a mutex lets one at a time work with it.

    A method that changes something is one transaction, safe on the disk when it returns. Every
    method raises ProjectError when the file cannot be used, and has then changed nothing.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, lock: ProjectLock | None = None
    ) -> None:
        """Use `create` or `open`. Without a lock the project is read-only."""
        self.path = path
        self._connection = connection
        self._lock = lock
        self._mutex = threading.RLock()

    @classmethod
    def create(cls, path: Path) -> "Project":
        """A new, empty project at `path`; raises ProjectError when a file is there already."""
        path = path.resolve()
        if path.exists():
            raise ProjectError(f"{path} exists already; open it, or choose another name.")
        return cls._locked(path, new=True)

    @classmethod
    def open(cls, path: Path, read_only: bool = False, take_over: bool = False) -> "Project":
        """The project at `path`; raises ProjectError, naming the holder when it is in use.

        take_over: open it although another computer seems to have it open; ask the person first.
        """
        path = path.resolve()  # a link must not lead around the lock
        database.check_header(path)
        if read_only:
            return cls(path, database.connect(path, read_only=True))
        return cls._locked(path, take_over=take_over)

    @classmethod
    def _locked(cls, path: Path, new: bool = False, take_over: bool = False) -> "Project":
        lock = ProjectLock(path, take_over)
        try:
            if new:
                database.create(path)
            return cls(path, database.connect(path), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Let go of the file; closing twice is fine."""
        with self._mutex:
            self._connection.close()
            if self._lock:
                self._lock.release()
                self._lock = None

    def __enter__(self) -> "Project":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        return self._lock is None

    def images(self) -> list[ImageRecord]:
        """All images, in the order in which they were added."""
        with self._reading() as connection:
            return images.read_all(connection)

    def image(self, image_id: int) -> ImageRecord:
        """One image; raises ProjectError for an unknown id."""
        with self._reading() as connection:
            found = images.read_all(connection, "WHERE id = ?", image_id)
        if not found:
            raise ProjectError(f"The project {self.path} has no image number {image_id}.")
        return found[0]

    def add_files(self, files: Sequence[Path], sizes: Iterable[int]) -> list[ImageRecord]:
        """The new records of files, with their sizes in bytes, which are read when they are needed.

        files: absolute, no links. One that waits to be read already is not listed again.
        """
        with self._writing() as connection:
            return images.add_files(connection, self.folder, files, sizes)

    def add_image(self, image: Image) -> ImageRecord:
        """The record of `image`: a new one, unless the project knows its path, content and plane.

        An image that was moved keeps its record, which gets the new path.
        """
        return self.take(image).record

    def take(self, image: Image, listed: int = 0) -> Taken:
        """The same, and which files that were listed turned out to be this one.

        listed: id of the record for which the image was read, of a file that was only listed.
        """
        with self._writing() as connection:
            return images.add(connection, self.folder, image, listed)

    @property
    def folder(self) -> Path:
        """The folder of the project, from which the paths of its images count."""
        return self.path.parent

    def locate_image(self, record: ImageRecord) -> Path | None:
        """The file of an image: where it was, else by its content below the project's folder."""
        return images.locate(self.folder, record)

    def counts(self) -> dict[int, int]:
        """Number of objects by image, for those that have any."""
        return dict(self._rows("SELECT image_id, COUNT(*) FROM regions GROUP BY image_id"))

    def largest_ids(self) -> dict[int, int]:
        """The largest number of an object by image, for those that have any."""
        return dict(self._rows("SELECT image_id, MAX(region_id) FROM regions GROUP BY image_id"))

    def set_status(self, image_id: int, status: Status) -> None:
        """How far the work on an image has come."""
        if status not in STATUSES:
            raise ProjectError(f"An image cannot be '{status}', only {', '.join(STATUSES)}.")
        with self._writing() as connection:
            connection.execute("UPDATE images SET status = ? WHERE id = ?", (status, image_id))

    def set_pixel_size(self, image_ids: Iterable[int], micrometres: float | None) -> None:
        """How large a pixel of these images is, as a person says; None: not known."""
        with self._writing() as connection:
            images.set_pixel_size(connection, image_ids, micrometres)

    def next_region_id(self, image_id: int) -> int:
        """The number for the next new object of an image; a used one never comes back."""
        rows = self._rows("SELECT next_region_id FROM images WHERE id = ?", image_id)
        return int(rows[0][0]) if rows else 1

    def regions(self, image_id: int) -> dict[int, Region]:
        """The objects of an image by id, in the order of ids."""
        query = "SELECT region_id, blob FROM regions WHERE image_id = ? ORDER BY region_id"
        with database.explained(self.path):
            return {number: decode_region(blob) for number, blob in self._rows(query, image_id)}

    def classes(self) -> tuple[LabelClass, ...]:
        """The classes of the project, in the order of ids."""
        rows = self._rows("SELECT id, name, color FROM classes ORDER BY id")
        return tuple(LabelClass(*row) for row in rows)

    def next_class_id(self) -> int:
        """The id for the next new class; a used one never comes back."""
        used = self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'classes'")
        return 1 + max([seq for (seq,) in used] + [c.id for c in self.classes()], default=-1)

    def annotations(self, image_id: int) -> AnnotationSet:
        """Everything known about one image, for an export.

        Of one that was only listed the file says how large it is; raises UnreadableImage.
        """
        record = self.image(image_id)
        if not record.is_read:
            record = images.with_facts(self.folder, record)
        regions = tuple(self.regions(image_id).values())
        return AnnotationSet(
            record.name,
            record.width,
            record.height,
            regions,
            self.classes(),
            record.pixel_size_um,
            record.content_hash,
            run_behind(regions, [run.info for run in self.runs(image_id)]),
            t=record.plane.t,
            z=record.plane.z,
            scene=record.plane.scene,
        )

    def journal(self, image_id: int) -> tuple[list[Delta], list[Delta]]:
        """Steps done, oldest first, and steps undone, the next one to redo first."""
        with self._reading() as connection:
            return journal.read(connection, image_id)

    def commit(self, image_id: int, delta: Delta) -> None:
        """Take a new step: this is autosave. Steps that were undone are forgotten."""
        with self._writing() as connection:
            journal.commit(connection, image_id, delta)

    def write_anew(
        self, image_id: int, regions: Mapping[int, Region], classes: Mapping[int, LabelClass]
    ) -> None:
        """Make the objects of an image these; the difference becomes a step of its own."""
        with self._writing() as connection:
            journal.write_anew(connection, image_id, regions, classes)

    def mark_undone(self, image_id: int) -> Delta | None:
        """Take the newest step back; returns what was applied, None when nothing is left."""
        with self._writing() as connection:
            return journal.undo(connection, image_id)

    def mark_redone(self, image_id: int) -> Delta | None:
        """Take the step again that was undone last; returns it, None when there is none."""
        with self._writing() as connection:
            return journal.redo(connection, image_id)

    def record_run(
        self,
        image_id: int,
        info: RunInfo,
        weights_sha256: str = "",
        settings: Mapping[str, object] | None = None,
    ) -> None:
        """Remember that a network ran on an image, and how."""
        facts = (info.model, info.threshold, info.processing_time_ms, weights_sha256)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO runs (image_id, time, model, threshold, processing_time_ms,"
                " weights_sha256, settings) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (image_id, time.time(), *facts, _to_json(settings or {})),
            )

    def runs(self, image_id: int) -> list[RunRecord]:
        """The model runs on an image, oldest first."""
        rows = self._rows(
            "SELECT time, model, threshold, processing_time_ms, weights_sha256, settings"
            " FROM runs WHERE image_id = ? ORDER BY id",
            image_id,
        )
        return [
            RunRecord(image_id, when, RunInfo(*info), weights, msgspec.json.decode(settings))
            for when, *info, weights, settings in rows
        ]

    def set_setting(self, key: str, value: object) -> None:
        """Remember a value made of text, numbers, lists and tables."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (key, _to_json(value))
            )

    def setting(self, key: str, default: Any = None) -> Any:
        """A remembered value, `default` when there is none."""
        rows = self._rows("SELECT value FROM settings WHERE key = ?", key)
        return msgspec.json.decode(rows[0][0]) if rows else default

    def settings(self, prefix: str) -> dict[str, Any]:
        """The remembered values whose keys begin with `prefix`, by what follows it."""
        rows = self._rows(
            "SELECT substr(key, ?), value FROM settings WHERE substr(key, 1, ?) = ?",
            *(len(prefix) + 1, len(prefix), prefix),
        )
        return {key: msgspec.json.decode(value) for key, value in rows}

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._mutex, database.explained(self.path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ProjectError(f"The project {self.path} is open for reading only.")
        with self._reading() as connection, schema.transaction(connection):
            yield connection


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
