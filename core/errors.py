"""Problems a person can act on.

Every message is one sentence: what happened, to which file or object, why, and what to do next.
"""

from pathlib import Path


class CellscribeError(Exception):
    """Base of all errors whose text may be shown to a person as it is."""


class UsageError(CellscribeError):
    """An argument or setting that makes no sense."""


class UnreadableImage(CellscribeError):
    """A file that is not an image, or is damaged, or is of a kind that we do not read."""


class ImageTooLarge(CellscribeError):
    """An image that would not fit in memory."""


class FormatError(CellscribeError):
    """An annotation file that does not follow its format."""


class InvalidGeometry(CellscribeError):
    """An outline that is not a simple polygon with an area."""


class CannotWrite(CellscribeError):
    """A file that could not be written; what stood there before is untouched."""


class ProjectError(CellscribeError):
    """A project that cannot be opened, or not for writing."""


class UnknownNetwork(CellscribeError):
    """A network name that the registry does not know."""


class WeightsUnavailable(CellscribeError):
    """Weights that are missing, damaged or of another network: the network does not run."""


class OutOfMemory(CellscribeError):
    """Not enough memory, even with the smallest tiles."""


class EngineCrashed(CellscribeError):
    """The process that runs the network ended unexpectedly."""


def reason(error: OSError) -> str:
    """Why the system refused, for the middle of a sentence."""
    return (error.strerror or str(error)).lower()


def cannot_write_into(folder: Path, error: OSError, other: str = "folder") -> CannotWrite:
    """other: what a person chooses instead."""
    return CannotWrite(f"Cannot write into {folder}: {reason(error)}. Choose another {other}.")


def printable(text: str) -> str:
    """A path or name with ? for bytes that are no letters."""
    return text.encode(errors="replace").decode()


class Cancelled(Exception):
    """The person asked to stop; not an error, so not a CellscribeError."""
