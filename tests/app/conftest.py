"""For the tests of the application: a runner, and a session on temporary files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.session import Session
from app.tasks.runner import Runner
from core.formats import coco_file, json_text
from tests.app.samples import Pictures


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    runner = Runner()
    yield runner
    assert runner.shutdown(5.0)


@pytest.fixture
def session(runner: Runner) -> Iterator[Session]:
    """Without a project; whatever a test opens is closed at its end."""
    session = Session(runner)
    yield session
    session.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    """Makes image files with discs, in a folder of their own."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return Pictures(folder)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the COCO files that are parsed from now on, one for each time."""
    names: list[str] = []

    def load(path: Path) -> bytes:
        names.append(path.name)
        return json_text.load(path)

    monkeypatch.setattr(coco_file, "load", load)
    return names
