"""Progress of long commands, as plain lines on stderr."""

import sys
import time

from core.progress import Ticket


def printing_ticket(about: str = "", every: float = 5.0) -> Ticket:
    """A ticket that prints a line every `every` seconds, none for what is done sooner.

    about: which of several pieces of work it is.
    """
    last = [time.monotonic()]

    def report(done: int, total: int, stage: str) -> None:
        now = time.monotonic()
        if now - last[0] >= every:
            last[0] = now
            words = f"{about}: {stage}" if about else stage
            print(f"[{100 * done / max(total, 1):3.0f} %] {words}", file=sys.stderr, flush=True)

    return Ticket(report=report)
