"""What a person is told when a job fails."""

import logging

from core.errors import CellscribeError

log = logging.getLogger(__name__)

LONGEST = 160
"""Letters of an error that a person is shown."""


def sentence_for(error: BaseException) -> str:
    """One sentence about `error`; the trace of an unexpected one goes to the log."""
    if not isinstance(error, CellscribeError):
        log.error("A job failed unexpectedly", exc_info=error)
    return plain_sentence(error)


def plain_sentence(error: BaseException) -> str:
    """One sentence about `error`, which the caller writes to the log."""
    if isinstance(error, CellscribeError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough free memory for this; close other programs and try again."
    return (
        f"Something unexpected went wrong ({in_short(error)}); try again, the log has the details."
    )


def in_short(error: BaseException) -> str:
    """The kind of `error` and the first line of what it says, not all that a library tells."""
    line = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {line[:LONGEST]}" if line else type(error).__name__
