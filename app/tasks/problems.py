"""What a person is told when a job fails."""

import logging

from core.errors import CellscribeError

log = logging.getLogger(__name__)


def sentence_for(error: BaseException) -> str:
    """One sentence about `error`; the trace of an unexpected one goes to the log."""
    if isinstance(error, CellscribeError):
        return str(error)
    log.error("A job failed unexpectedly", exc_info=error)
    if isinstance(error, MemoryError):
        return "There is not enough free memory for this; close other programs and try again."
    return (
        f"Something unexpected went wrong ({type(error).__name__}: {error}); "
        "nothing was changed, the log has the details."
    )
