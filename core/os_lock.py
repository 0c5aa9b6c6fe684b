"""The operating system's lock on an open file; it ends with the process, however that ends."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def seize(file: BinaryIO) -> None:
        """Lock the file; raises OSError when somebody else holds it, also in this process."""
        file.seek(1 << 30)  # beyond the text, which others must still read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def seize(file: BinaryIO) -> None:
        """Lock the file; raises OSError when somebody else holds it, also in this process."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
