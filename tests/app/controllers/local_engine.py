"""An engine that works in the worker's thread, so that a test can hold it and count its runs."""

import threading

from app.tasks.engine_process import EngineProcess
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult
from core.errors import EngineCrashed
from core.image.model import Image
from core.progress import Ticket
from tests.app.tasks import fake_engine


class LocalEngine(EngineProcess):
    """Runs like the process; while `gate` is closed a run stays between its tiles."""

    def __init__(self) -> None:
        super().__init__("none:none")
        self.gate = threading.Event()
        self.gate.set()
        self.images: list[str] = []
        self.diameters: list[float | None] = []

    def run(
        self, image: Image, config: SegmentConfig, ticket: Ticket | None = None
    ) -> SegmentationResult:
        assert ticket
        self.images.append(image.name)
        self.diameters.append(config.diameter)
        ticket.report(0, 1, "predicting")
        while not self.gate.wait(0.005):
            ticket.check()
        if config.model == "crash":
            raise EngineCrashed(f"The process that runs the network ended at {image.name}.")
        return fake_engine.segment(image, config, ticket)

    def close(self) -> None:
        """There is no process."""
