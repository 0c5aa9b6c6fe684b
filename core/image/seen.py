"""What lies at a path, as far as this person may see it.

`Path.is_dir` and `Path.is_file` raise an error where the folder around may not be entered.
"""

from pathlib import Path


def is_seen_folder(path: Path) -> bool:
    """Whether a folder is there; False where nobody lets us look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_seen_file(path: Path) -> bool:
    """The same of a file."""
    try:
        return path.is_file()
    except OSError:
        return False
