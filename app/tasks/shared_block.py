"""Memory that two processes share: pixels go in, maps come back, nothing is copied through a pipe.

A block is a mapped file, in the system's folder for such files where there is one. Unlike
multiprocessing.shared_memory it is reserved when it is made: in a container that folder may hold
only 64 MB, and writing beyond it would end the program without a word.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from core.errors import OutOfMemory

MEMORY = Path("/dev/shm")


@contextmanager
def lend(size: int) -> Iterator[tuple[str, np.ndarray]]:
    """The name of a new block, for `borrow`, and its (size,) uint8; gone with the `with`.

    Raises OutOfMemory when there is no room.
    """
    path = _reserve(max(size, 1))
    try:
        yield str(path), np.memmap(path, np.uint8, "r+")
    finally:
        with suppress(OSError):  # Windows removes no file that someone still maps
            path.unlink()


def borrow(name: str) -> np.ndarray:
    """The bytes of a block that another process lends, (size,) uint8."""
    block = np.memmap(name, np.uint8, "r+")
    with suppress(OSError):  # where it works, nothing is left behind when the lender is killed
        Path(name).unlink()
    return block


def _reserve(size: int) -> Path:
    for folder in (MEMORY, Path(tempfile.gettempdir())):
        with suppress(OSError):
            return _reserved(folder, size)
    raise OutOfMemory(
        f"There is no room for {size / 1e6:.0f} MB of pixels, neither in memory nor in "
        f"{tempfile.gettempdir()}; close other programs or free some space."
    )


def _reserved(folder: Path, size: int) -> Path:
    """A file of `size` bytes that really has its space; raises OSError."""
    handle, name = tempfile.mkstemp(prefix="cellscribe-", dir=folder)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)
        else:
            os.truncate(handle, size)
    except OSError:
        Path(name).unlink()
        raise
    finally:
        os.close(handle)
    return Path(name)
