from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.segmentation import SegmentationController
from app.session import Session
from app.tasks.engine_worker import EngineWorker
from app.tasks.runner import Runner
from tests.app.controllers.local_engine import LocalEngine


@pytest.fixture
def engine() -> LocalEngine:
    return LocalEngine()


@pytest.fixture
def controller(
    session: Session, runner: Runner, engine: LocalEngine, qtbot: QtBot
) -> Iterator[SegmentationController]:
    worker = EngineWorker(engine)
    yield SegmentationController(session, runner, worker)
    assert worker.close(5)
