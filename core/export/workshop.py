"""The folder in which the files of an export wait until all are ready.

An export that is killed leaves it behind, and the next one in the same place removes it: when the
mark in it is signed on this computer, and nobody holds the lock on the mark any more.
"""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import cannot_write_into
from core.os_lock import seize

_PREFIX = ".cellscribe-export-"
_MARK, _FILES = "export.lock", "files"


@contextmanager
def workshop_in(folder: Path) -> Iterator[Path]:
    """An empty folder on the disk of `folder`, which is gone afterwards; raises CannotWrite."""
    _clear(folder)
    with ExitStack() as stack:
        try:
            made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
            stack.callback(_remove, made)
            (made / _FILES).mkdir()
            mark = stack.enter_context((made / _MARK).open("ab", buffering=0))
        except OSError as error:
            raise cannot_write_into(folder, error) from error
        _sign(mark)
        yield made / _FILES


def _sign(mark: BinaryIO) -> None:
    """Only with the lock, so that a signed mark without one is that of an export that is over."""
    with suppress(OSError):  # some network drives know no locks, and nothing is cleared up there
        seize(mark)
        mark.write(_signature())


def _signature() -> bytes:
    """Names this computer: locks do not always reach across a network drive."""
    return f"An export of Cellscribe on {socket.gethostname()}\n".encode()


def _clear(folder: Path) -> None:
    for path in list(folder.glob(f"{_PREFIX}*")):
        with suppress(OSError):  # its export is under way, or it is none of ours
            if not path.is_symlink() and _is_left(path):
                _remove(path)


def _is_left(path: Path) -> bool:
    """Raises OSError when there is no mark, or somebody holds its lock."""
    with (path / _MARK).open("rb+") as mark:
        seize(mark)
        mark.seek(0)
        return mark.read() == _signature()


def _remove(path: Path) -> None:
    """The mark goes last: what cannot be removed now is left for the next export."""
    with suppress(OSError):
        with suppress(FileNotFoundError):
            shutil.rmtree(path / _FILES)
        (path / _MARK).unlink()
        path.rmdir()
