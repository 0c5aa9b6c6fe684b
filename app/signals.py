"""SIGINT (Ctrl+C in the terminal) and SIGTERM reach the event loop.

Python calls its handlers between two byte codes: not at all while Qt waits, or in the middle of
anything. So they do nothing here; Python also writes the number of the signal into a socket, and
Qt wakes up for that and goes on where nothing is half done.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier

HEARD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def heard(then: Callable[[], None]) -> Iterator[None]:
    """Within, each of the signals calls `then` in the event loop; only in the main thread."""
    inbox, outbox = socket.socketpair()
    with inbox, outbox:
        inbox.setblocking(False)
        outbox.setblocking(False)
        notifier = QSocketNotifier(inbox.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: _pass_on(inbox, then))
        with _written_to(outbox):
            yield
        notifier.setEnabled(False)


def _pass_on(inbox: socket.socket, then: Callable[[], None]) -> None:
    if set(inbox.recv(4096)) & set(HEARD):  # other signals may have handlers of their own
        then()


@contextmanager
def _written_to(outbox: socket.socket) -> Iterator[None]:
    """Within, the numbers of signals are written to `outbox`."""
    # What is ignored stays so: a shell does that for programs in the background.
    heeded = [number for number in HEARD if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, lambda *_: None) for number in heeded}
    wakeup = signal.set_wakeup_fd(outbox.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
