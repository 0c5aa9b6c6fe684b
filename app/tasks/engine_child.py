"""The engine process: waits for requests, runs the network, answers. Without Qt.

It ends when the pipe does, so it never outlives the window.
"""

import logging
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import TypeAlias

from app.tasks.engine_messages import (
    Answer,
    Begun,
    Failure,
    Progress,
    Request,
    Stopped,
    answer_to,
    image_of,
)
from app.tasks.problems import in_short
from app.tasks.shared_block import borrow
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import Cancelled, CellscribeError, OutOfMemory
from core.image.model import Image
from core.progress import Ticket

log = logging.getLogger(__name__)

Engine: TypeAlias = Callable[[Image, SegmentConfig, Ticket], SegmentationResult]


class StopInPipe:
    """The stop flag of a run: during one, anything in the pipe, its end too, means stop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_set(self) -> bool:
        return self._connection.poll()


def serve(connection: Connection, engine: str) -> None:
    """Answer requests until the pipe ends. engine: "module:function", imported when first used."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the window, which ends us
    with suppress(EOFError, OSError):
        while True:
            message = connection.recv()
            if isinstance(message, Request):  # a late STOP finds nothing to stop
                connection.send(Begun())
                connection.send(_answered(message, connection, engine))


def _answered(request: Request, connection: Connection, engine: str) -> Answer | Failure | Stopped:
    name = request.image.name
    try:
        return _run(request, connection, engine)
    except Cancelled:
        return Stopped()
    except CellscribeError as error:
        return Failure(error)
    except MemoryError:
        return Failure(
            OutOfMemory(f"{name} needs more memory than is free: close other programs or cut it.")
        )
    except Exception as error:  # the process lives on for the next request
        sentence = f"Segmenting {name} failed unexpectedly ({in_short(error)})"
        return Failure(
            CellscribeError(f"{sentence}; nothing was changed, the log has the details."),
            traceback.format_exc(),
        )


def _run(request: Request, connection: Connection, engine: str) -> Answer:
    block = borrow(request.block)
    ticket = Ticket(
        lambda done, total, stage: connection.send(Progress(done, total, stage)),
        StopInPipe(connection),
    )
    result = _imported(engine)(image_of(request, block), request.config, ticket)
    return answer_to(request, result, block)


def _imported(engine: str) -> Engine:
    module, function = engine.split(":")
    found: Engine = getattr(import_module(module), function)
    return found
