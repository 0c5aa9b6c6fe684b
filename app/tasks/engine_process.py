"""EngineProcess: the network runs in a process of its own.

Importing torch alone would hold the window for seconds, and a crash there takes no work along.
"""

import logging
import math
import multiprocessing
import signal
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from app.tasks.engine_child import serve
from app.tasks.engine_messages import (
    STOP,
    Answer,
    Begun,
    Failure,
    Progress,
    Request,
    Stopped,
    request_for,
    result_of,
    room_for,
)
from app.tasks.shared_block import lend
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import Cancelled, EngineCrashed
from core.image.model import Image
from core.progress import Ticket

log = logging.getLogger(__name__)

ENGINE = "core.engine.segment:segment"
GRACE = 3.0
"""Seconds that the engine has to stop by itself; a tile takes less."""
TICK = 0.05
"""Seconds between looks at the stop flag."""


class EngineProcess:
    """Starts the process when it is needed and again after it crashed or had to be ended.

    One thread calls `run`; `close` may come from any.
    """

    def __init__(self, engine: str = ENGINE, grace: float = GRACE) -> None:
        """engine: "module:function" with the arguments and result of core.engine.segment."""
        self._engine, self._grace = engine, grace
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._closed = self._begun = False

    @property
    def pid(self) -> int | None:
        """Of the process that is there now."""
        process = self._process
        return process.pid if process and process.is_alive() else None

    def start(self) -> Connection:
        """Have a process ready, which takes milliseconds; it imports the engine when asked to run.

        Raises Cancelled after `close`.
        """
        with self._lock:
            if self._closed:
                raise Cancelled
            if self._connection is None or self._process is None or not self._process.is_alive():
                self._spawn()
            assert self._connection is not None
            return self._connection

    def run(
        self, image: Image, config: SegmentConfig, ticket: Ticket | None = None
    ) -> SegmentationResult:
        """Segment `image` and wait for it.

        Raises what the engine raises, EngineCrashed when the process ends meanwhile, Cancelled
        soon after the ticket says so: within a tile, or else by force after the grace period.
        """
        ticket = ticket or Ticket()
        ticket.check()
        was_idle = self.pid is not None
        with lend(room_for(image)) as (name, block):
            request = request_for(image, config, name, block)
            try:
                answer = self._ask(request, ticket)
            except EngineCrashed:
                if self._begun or not was_idle:
                    raise
                answer = self._ask(request, ticket)  # it had died before: not this run's fault
            ticket.check()
            if isinstance(answer, Answer):
                return result_of(answer, request, block)
        if isinstance(answer, Failure):
            if answer.trace:
                log.error("In the engine process: %s", answer.trace)
            raise answer.error
        raise Cancelled

    def close(self) -> None:
        """End the process for good, at once; a run under way ends as crashed or cancelled."""
        with self._lock:
            self._closed = True
        self._kill()

    def _ask(self, request: Request, ticket: Ticket) -> Answer | Failure | Stopped:
        connection = self.start()
        self._begun = False
        try:
            connection.send(request)
            return self._wait(connection, ticket)
        except (EOFError, OSError) as error:
            ticket.check()
            raise self._crash(request.image.name) from error

    def _wait(self, connection: Connection, ticket: Ticket) -> Answer | Failure | Stopped:
        deadline = math.inf
        while time.monotonic() < deadline:
            if connection.poll(TICK):
                message = connection.recv()
                if isinstance(message, Progress):
                    ticket.report(message.done, message.total, message.stage)
                elif isinstance(message, Begun):
                    self._begun = True
                else:
                    return message  # type: ignore[no-any-return]
            if ticket.stop.is_set() and deadline == math.inf:
                connection.send(STOP)
                deadline = time.monotonic() + self._grace
        self._kill()
        return Stopped()

    def _spawn(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy Qt's threads half
        if self._connection:
            self._connection.close()
        self._connection, theirs = context.Pipe()
        process = context.Process(
            target=serve, args=(theirs, self._engine), name="cellscribe engine", daemon=True
        )
        process.start()
        self._process = process  # only now: a process that never started cannot be killed
        theirs.close()  # so that we see its end when it dies

    def _kill(self) -> None:
        with self._lock:
            if self._process:
                self._process.kill()
                self._process.join(1)

    def _crash(self, name: str) -> EngineCrashed:
        code = None
        if self._process:
            self._process.join(1)
            code = self._process.exitcode
        return EngineCrashed(
            f"The process that runs the network ended unexpectedly at {name} "
            f"({_how_it_ended(code)}); your objects are as they were. Try again; if it happens "
            "again, close other programs or cut the image."
        )


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    if code == -getattr(signal, "SIGKILL", 9):  # Windows has none
        return "ended by the system, often because memory ran out"
    return signal.strsignal(-code) or f"signal {-code}"
