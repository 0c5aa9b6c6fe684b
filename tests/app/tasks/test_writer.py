import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.tasks import writer as writer_module
from app.tasks.writer import Write, Writer
from core.errors import ProjectError
from core.project.store import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a.cellscribe") as project:
        yield project


@pytest.fixture
def writer(project: Project, qtbot: QtBot) -> Iterator[Writer]:
    writer = Writer(project)
    yield writer
    writer.close()


class Disk:
    """Writes numbers into settings; may be full."""

    def __init__(self) -> None:
        self.full = False
        self.tries = 0

    def write(self, key: str, value: int) -> Write:
        def change(project: Project) -> None:
            self.tries += 1
            if self.full:
                raise ProjectError("Cannot use the project: the disk is full.")
            project.set_setting(key, value)

        return change


@pytest.fixture
def disk() -> Disk:
    return Disk()


def append(value: int) -> Write:
    """A change that only comes out right in the right order."""
    return lambda project: project.set_setting("log", [*project.setting("log", []), value])


def test_changes_are_written_in_order_in_another_thread(writer: Writer, project: Project) -> None:
    threads: set[str] = set()
    for i in range(200):
        writer.put(append(i))
    writer.put(lambda project: threads.add(threading.current_thread().name))
    assert writer.flush()
    assert project.setting("log") == list(range(200))
    assert threads == {"project writer"}
    assert not writer.saving


def test_saved_is_said_when_nothing_is_left(writer: Writer, qtbot: QtBot) -> None:
    gate, saved = threading.Event(), list[bool]()
    writer.saved.connect(lambda: saved.append(writer.saving))
    writer.put(lambda project: gate.wait())
    writer.put(append(1))
    assert writer.saving
    qtbot.wait(20)
    assert saved == []
    gate.set()
    qtbot.waitUntil(lambda: bool(saved))
    qtbot.wait(20)
    assert saved == [False]


def test_put_never_waits(writer: Writer) -> None:
    gate = threading.Event()
    writer.put(lambda project: gate.wait())
    start = time.monotonic()
    for _ in range(1000):
        writer.put(lambda project: None)
    assert time.monotonic() - start < 1
    assert not writer.flush(0.05)
    gate.set()
    writer.close(0)


def test_a_failed_change_is_told_once_kept_and_written_later(
    writer: Writer, project: Project, disk: Disk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "RETRY_EVERY", 0.02)
    told: list[str] = []
    writer.failed.connect(told.append)
    disk.full = True
    writer.put(disk.write("a", 1))
    writer.put(append(1))
    writer.put(append(2))
    qtbot.waitUntil(lambda: disk.tries > 3)
    assert told == ["Cannot use the project: the disk is full."]
    assert writer.saving
    assert project.setting("log") is None, "nothing may overtake a change that failed"
    with qtbot.waitSignal(writer.saved):
        disk.full = False
    assert (project.setting("a"), project.setting("log")) == (1, [1, 2])
    disk.full = True
    writer.put(disk.write("b", 1))
    qtbot.waitUntil(lambda: len(told) == 2)


def test_flush_tries_again_at_once_and_does_not_wait_for_a_full_disk(
    writer: Writer, project: Project, disk: Disk, qtbot: QtBot
) -> None:
    disk.full = True
    writer.put(disk.write("a", 1))
    start = time.monotonic()
    assert not writer.flush(30)
    assert not writer.flush(30)
    assert time.monotonic() - start < 5
    assert disk.tries >= 2
    disk.full = False
    assert writer.flush(30)
    assert project.setting("a") == 1


def test_an_unexpected_error_loses_nothing(
    writer: Writer, project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "RETRY_EVERY", 0.02)
    errors = [ZeroDivisionError("division by zero")]

    def change(project: Project) -> None:
        if errors:
            raise errors.pop()
        project.set_setting("a", 1)

    with qtbot.waitSignals([writer.failed, writer.saved]):
        writer.put(change)
    assert project.setting("a") == 1


def test_close_writes_what_is_left(writer: Writer, project: Project) -> None:
    for i in range(50):
        writer.put(append(i))
    assert writer.close()
    with Project.open(project.path) as reopened:
        assert reopened.setting("log") == list(range(50))


def test_close_says_when_something_is_lost(writer: Writer, disk: Disk) -> None:
    disk.full = True
    writer.put(disk.write("a", 1))
    start = time.monotonic()
    assert not writer.close(30)
    assert time.monotonic() - start < 5


def test_close_does_not_wait_for_a_disk_that_hangs(project: Project, qtbot: QtBot) -> None:
    writer, gate = Writer(project), threading.Event()
    writer.put(lambda project: gate.wait())
    assert not writer.close(0.05)
    gate.set()
    assert writer.close(5)


def test_move_takes_along_what_could_not_be_written(
    writer: Writer, project: Project, disk: Disk, tmp_path: Path, qtbot: QtBot
) -> None:
    writer.put(append(1))
    disk.full = True
    writer.put(disk.write("a", 7))
    writer.put(append(2))
    assert not writer.flush()
    elsewhere = Project.create(tmp_path / "b.cellscribe")
    elsewhere.set_setting("log", [1])

    def copy(former: Project) -> Project:
        assert former is project
        disk.full = False
        return elsewhere

    assert writer.move(copy) == {}
    assert writer.flush()
    assert writer.project is elsewhere
    assert (elsewhere.setting("a"), elsewhere.setting("log")) == (7, [1, 2])
    with pytest.raises(ProjectError, match="closed"):
        project.images()


def test_a_move_that_fails_changes_nothing(writer: Writer, project: Project) -> None:
    def copy(former: Project) -> Project:
        raise ProjectError("The disk is full.")

    with pytest.raises(ProjectError, match="full"):
        writer.move(copy)
    writer.put(append(1))
    assert writer.flush()
    assert project.setting("log") == [1]
