"""TileWorker: one thread that makes tiles, the newest request first."""

import logging
import threading
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Made:
    """What came out of a request, None if it failed; `ticket` is the number `request` gave."""

    key: Hashable
    ticket: int
    value: object


class TileWorker(QObject):
    """Runs plain functions in one thread that starts with the first request.

    At most one request per key waits; a newer one takes its place. Who asked compares the ticket
    with the one it waits for: results that came too late are theirs to drop.
    """

    made = Signal(object)  # Made, delivered in the thread that the receiver lives in

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[Hashable, tuple[int, Callable[[], object]]] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._last_ticket = 0

    def request(self, key: Hashable, work: Callable[[], object]) -> int:
        """Ask for `work()`; it must touch nothing that anyone else writes."""
        with self._wake:
            self._last_ticket += 1
            self._waiting.pop(key, None)
            self._waiting[key] = (self._last_ticket, work)
            self._wake.notify()
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="tiles", daemon=True)
            self._thread.start()
        return self._last_ticket

    def forget(self, keys: Collection[Hashable]) -> None:
        """Drop requests that nobody waits for any more."""
        with self._wake:
            for key in keys:
                self._waiting.pop(key, None)

    def close(self) -> None:
        """End the thread after the piece of work it is at; more requests are not carried out."""
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while (task := self._next()) is not None:
            key, ticket, work = task
            made = Made(key, ticket, _result(work))
            try:
                self.made.emit(made)
            except RuntimeError:  # who waited for it is gone
                return

    def _next(self) -> tuple[Hashable, int, Callable[[], object]] | None:
        """The newest request, as soon as there is one; None when closed."""
        with self._wake:
            self._wake.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            key, (ticket, work) = self._waiting.popitem()
            return key, ticket, work


def _result(work: Callable[[], object]) -> object:
    """None when it fails, so that nobody waits for ever."""
    try:
        return work()
    except Exception:
        _log.exception("A tile could not be made")
        return None
