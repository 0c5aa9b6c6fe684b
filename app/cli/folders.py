"""The folder that a command writes into, and what is there already."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import CannotWrite, cannot_write_into


def made(folder: Path) -> Path:
    """The folder, made when it is not there; raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write_into(folder, error, "--out") from error
    return folder


def refuse_existing(there: Sequence[Path]) -> None:
    """Raise CannotWrite when there are files that would be replaced."""
    if there:
        more = f" and {len(there) - 1} more exist" if len(there) > 1 else " exists"
        raise CannotWrite(f"{there[0]}{more} already: choose another --out, or add --overwrite.")
