"""An output folder that is there when something was written into it, and else is not left."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.cli.folders import made


@contextmanager
def kept_when_filled(folder: Path) -> Iterator[Path]:
    """The folder, made when it is not there; raises CannotWrite.

    What was made for it and is empty at the end goes again, so that a command that failed leaves
    nothing. A folder that was there before stays.
    """
    new = [path for path in (folder, *folder.parents) if not _is_there(path)]
    try:
        yield made(folder)
    finally:
        with suppress(OSError):  # the first one that holds something ends it
            for path in new:
                path.rmdir()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # inside a folder that may not be entered: not ours to remove
        return True
