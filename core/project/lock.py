"""One program at a time writes to a project.

The lock is the operating system's, so it ends with the process that holds it, however that ends;
the text of the lock file says who that is. A text without a lock is stale, unless it is from
another computer: locks do not always reach across a network drive.
"""

import errno
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from core.errors import ProjectError, reason
from core.os_lock import seize

_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class _Holder(msgspec.Struct):
    """Who holds a lock."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


class ProjectLock:
    """The right to write to one project, from construction to `release`."""

    def __init__(self, project: Path, take_over: bool = False) -> None:
        """Take the lock; raises ProjectError naming the holder.

        take_over: also when another computer left it, which only a person can know to be over.
        """
        self._path = lock_path(project)
        self._file = _seized(self._path, project)
        holder = _read_holder(self._path)
        if holder and holder.host != socket.gethostname() and not take_over:
            self._file.close()
            raise _held(project, holder)
        self._sign()

    def release(self) -> None:
        """Give the lock back."""
        self._file.truncate(0)
        with suppress(OSError):  # Windows keeps a file that is open
            self._path.unlink()
        self._file.close()

    def _sign(self) -> None:
        holder = _Holder(os.getpid(), socket.gethostname(), time.strftime("%Y-%m-%d %H:%M"))
        self._file.truncate(0)
        self._file.write(msgspec.json.encode(holder))
        self._file.flush()


def lock_path(project: Path) -> Path:
    """The lock file of `project`, beside it."""
    return project.with_name(f".{project.name}.lock")


def _seized(path: Path, project: Path) -> BinaryIO:
    """The locked lock file, open for appending."""
    while True:
        file = _opened(path, project)
        try:
            seize(file)
            if _is_at(file, path):
                return file
        except OSError as error:
            file.close()
            raise _refusal(project, path, error) from error
        file.close()  # its last holder removed it between our opening and our locking


def _opened(path: Path, project: Path) -> BinaryIO:
    try:
        return path.open("ab")
    except OSError as error:
        raise ProjectError(
            f"Cannot write beside {project}: {reason(error)}. Open the project read-only."
        ) from error


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _read_holder(path: Path) -> _Holder | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Holder)
    except (OSError, msgspec.MsgspecError):
        return None


def _refusal(project: Path, path: Path, error: OSError) -> ProjectError:
    if error.errno in _HELD:
        return _held(project, _read_holder(path))
    return ProjectError(f"Cannot lock {project} ({reason(error)}): open it read-only.")


def _held(project: Path, holder: _Holder | None) -> ProjectError:
    return ProjectError(
        f"{project.name} is in use by {holder or 'another program'}: close it there, or open it "
        f"here read-only."
    )
