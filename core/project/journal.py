"""The steps of work on an image: taken, taken back, taken again.

All functions run inside a transaction of their caller, so that the journal, the objects and the
next free id always agree.
"""

import sqlite3
import time
from collections.abc import Mapping

from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.errors import ProjectError
from core.project.codec import decode_delta, decode_region, encode_delta, encode_region
from core.project.delta import Delta


class StepDoesNotFit(ProjectError):
    """A step on objects that the file does not hold; trying again cannot help."""

    def __init__(self, image_id: int, sentence: str) -> None:
        super().__init__(sentence)
        self.image_id = image_id


def read(connection: sqlite3.Connection, image_id: int) -> tuple[list[Delta], list[Delta]]:
    """Steps done, oldest first, and steps undone, the next one to redo first."""
    rows = connection.execute(
        "SELECT undone, delta FROM journal WHERE image_id = ? ORDER BY seq", (image_id,)
    ).fetchall()
    done = [decode_delta(blob) for undone, blob in rows if not undone]
    return done, [decode_delta(blob) for undone, blob in rows if undone]


def commit(connection: sqlite3.Connection, image_id: int, delta: Delta) -> None:
    """Take a new step; steps that were undone can then no longer be redone."""
    connection.execute("DELETE FROM journal WHERE image_id = ? AND undone = 1", (image_id,))
    connection.execute(
        "INSERT INTO journal (image_id, name, time, delta) VALUES (?, ?, ?, ?)",
        (image_id, delta.name, time.time(), encode_delta(delta)),
    )
    connection.execute(
        "UPDATE images SET next_region_id = max(next_region_id, ?) WHERE id = ?",
        (max(delta.after, default=0) + 1, image_id),
    )
    _apply(connection, image_id, delta)


def write_anew(
    connection: sqlite3.Connection,
    image_id: int,
    regions: Mapping[int, Region],
    classes: Mapping[int, LabelClass],
) -> None:
    """Make the stored objects and classes these; the difference becomes a step of its own."""
    stored = dict(
        connection.execute("SELECT region_id, blob FROM regions WHERE image_id = ?", (image_id,))
    )
    wanted = {i: encode_region(region) for i, region in regions.items()}
    differ = {i for i in stored.keys() | wanted.keys() if stored.get(i) != wanted.get(i)}
    rows = connection.execute("SELECT id, name, color FROM classes")
    known = {row[0]: LabelClass(*row) for row in rows}
    delta = Delta(
        "Write objects anew",
        {i: decode_region(stored[i]) for i in differ & stored.keys()},
        {i: regions[i] for i in differ & wanted.keys()},
        {i: c for i, c in known.items() if classes.get(i) != c},
        {i: c for i, c in classes.items() if known.get(i) != c},
    )
    if differ or delta.classes_before or delta.classes_after:
        commit(connection, image_id, delta)


def undo(connection: sqlite3.Connection, image_id: int) -> Delta | None:
    """Take the newest step back; returns what was applied, None when nothing is left."""
    row = connection.execute(
        "SELECT seq, delta FROM journal WHERE image_id = ? AND undone = 0"
        " ORDER BY seq DESC LIMIT 1",
        (image_id,),
    ).fetchone()
    if row is None:
        return None
    return _flip(connection, image_id, row[0], decode_delta(row[1]).inverse())


def redo(connection: sqlite3.Connection, image_id: int) -> Delta | None:
    """Take the step again that was undone last; returns it, None when there is none."""
    row = connection.execute(
        "SELECT seq, delta FROM journal WHERE image_id = ? AND undone = 1 ORDER BY seq LIMIT 1",
        (image_id,),
    ).fetchone()
    if row is None:
        return None
    return _flip(connection, image_id, row[0], decode_delta(row[1]))


def _flip(connection: sqlite3.Connection, image_id: int, seq: int, delta: Delta) -> Delta:
    connection.execute("UPDATE journal SET undone = 1 - undone WHERE seq = ?", (seq,))
    _apply(connection, image_id, delta)
    return delta


def _apply(connection: sqlite3.Connection, image_id: int, delta: Delta) -> None:
    _apply_classes(connection, delta)
    changed = _change_regions(connection, image_id, delta.before, delta.after)
    if changed != len(delta.before.keys() | delta.after.keys()):
        raise StepDoesNotFit(
            image_id,
            f"The step '{delta.name}' does not fit the stored objects of image {image_id}; nothing "
            f"was changed, open the project again.",
        )


def _change_regions(
    connection: sqlite3.Connection,
    image_id: int,
    before: Mapping[int, Region],
    after: Mapping[int, Region],
) -> int:
    """The number of rows that were there to be removed or changed, and of those added."""
    removed = connection.executemany(
        "DELETE FROM regions WHERE image_id = ? AND region_id = ?",
        [(image_id, i) for i in before.keys() - after.keys()],
    )
    updated = connection.executemany(
        "UPDATE regions SET blob = ? WHERE image_id = ? AND region_id = ?",
        [(encode_region(r), image_id, i) for i, r in after.items() if i in before],
    )
    added = connection.executemany(
        "INSERT OR IGNORE INTO regions (blob, image_id, region_id) VALUES (?, ?, ?)",
        [(encode_region(r), image_id, i) for i, r in after.items() if i not in before],
    )
    return sum(max(cursor.rowcount, 0) for cursor in (removed, updated, added))


def _apply_classes(connection: sqlite3.Connection, delta: Delta) -> None:
    """Classes belong to the project: a step on another image may have changed them since."""
    connection.executemany("DELETE FROM classes WHERE id = ?", [(i,) for i in delta.classes_before])
    connection.executemany(
        "INSERT OR REPLACE INTO classes (id, name, color) VALUES (?, ?, ?)",
        [(c.id, c.name, c.color) for c in delta.classes_after.values()],
    )
