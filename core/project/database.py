"""Making and opening the SQLite file of a project; a file that is refused stays as it was."""

import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import ProjectError, reason
from core.files import write_bytes
from core.project import schema
from core.project.codec import DamagedBlobError
from core.project.locate import is_writable


def create(path: Path) -> None:
    """Write an empty project to `path`, whole or not at all; raises CannotWrite."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        schema.migrate(connection)
        for left in ("-wal", "-shm"):  # of a project that stood there, or SQLite would replay it
            path.with_name(f"{path.name}{left}").unlink(missing_ok=True)
        write_bytes(path, connection.serialize())


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """An open connection in autocommit mode, at the newest version of the tables.

    Any thread may use it, one at a time. Raises ProjectError for a file that is missing, is not a
    project, is damaged or was made by a newer program.
    """
    check_header(path)
    with explained(path):
        connection = sqlite3.connect(
            _uri(path, read_only), uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, read_only)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and our decoder say into a sentence about the project at `path`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise ProjectError(
            f"Cannot use the project {path}: {error}. Check the disk and the rights of its folder."
        ) from error
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError) as error:
        raise ProjectError(f"Cannot use the project {path}: {error}. Open it again.") from error
    except (sqlite3.DatabaseError, DamagedBlobError) as error:
        raise _damaged(path, str(error)) from error


def _prepare(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    connection.execute(f"PRAGMA query_only = {int(read_only)}")
    found = schema.version(connection)
    _refuse_newer(path, found)
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise _damaged(path, verdict)
    if read_only:
        _refuse_older(path, found)
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with schema.transaction(connection):  # fails here, not at the first edit, when write-protected
        pass
    if found < schema.newest():
        _keep_copy(connection, path.with_name(f"{path.stem}.version{found}{path.suffix}"))
        schema.migrate(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the header tells the new version
    connection.execute("PRAGMA foreign_keys = ON")


def _keep_copy(connection: sqlite3.Connection, path: Path) -> None:
    """An older program can still open the copy."""
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)


def _uri(path: Path, read_only: bool) -> str:
    uri = path.resolve().as_uri()
    if not uri.startswith("file:///"):  # a network share of Windows; SQLite takes no host
        uri = "file:////" + uri.removeprefix("file://")
    if not read_only or is_writable(path.parent):
        return f"{uri}?mode=rw"  # also for a reader: SQLite needs a log to share the file
    if _log(path).exists():
        return f"{uri}?mode=ro"
    return f"{uri}?mode=ro&immutable=1"  # nobody can write there, so no log is needed


def _log(path: Path) -> Path:
    """What SQLite keeps beside a project that is open, or was when its program was killed."""
    return path.with_name(f"{path.name}-wal")


def check_header(path: Path) -> None:
    """Raise ProjectError for what the first 100 bytes give away, before SQLite comes near them."""
    try:
        with path.open("rb") as file:
            header, size = file.read(100), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise ProjectError(f"Cannot open the project {path}: {reason(error)}.") from error
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise ProjectError(f"{path} is not a Cellscribe project; choose another file.")
    page, pages, version, application = struct.unpack_from(">H10xI28xI4xI", header, 16)
    if application != schema.APPLICATION_ID:
        raise ProjectError(f"{path} belongs to another program; choose a Cellscribe project.")
    _refuse_newer(path, version)
    if size < pages * (65536 if page == 1 else page) and not _log(path).exists():
        raise _damaged(path, "its end is missing")


def _refuse_newer(path: Path, version: int) -> None:
    if version > schema.newest():
        raise ProjectError(
            f"{path} was made by a newer Cellscribe (version {version} of the project file, this "
            f"program knows {schema.newest()}); update Cellscribe to open it."
        )


def _refuse_older(path: Path, version: int) -> None:
    if version < schema.newest():
        raise ProjectError(
            f"{path} was made by an older Cellscribe (version {version} of the project file); open "
            f"it once for writing to bring it up to date."
        )


def _damaged(path: Path, reason: str) -> ProjectError:
    return ProjectError(
        f"The project {path} is damaged ({reason}); restore it from a copy, it was not changed."
    )
