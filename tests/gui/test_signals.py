"""Ctrl+C and the end of a desktop session close the window, each time in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.samples import Pictures

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals"),
    pytest.mark.timeout(60),
]

START = """
import signal, sys
from PySide6.QtCore import QTimer
from app import bootstrap
from app.cli import main
signal.signal(signal.SIGINT, signal.{sigint})  # who runs the tests may ignore it
bootstrap.Ask.confirm = lambda *_: print("a question", flush=True)

def when_shown(program):
    {code}
    print("ready", flush=True)

def built(settings, build=bootstrap.build):
    program = build(settings)
    shown = program.session.shown_changed
    shown.connect(lambda image: image and QTimer.singleShot(300, lambda: when_shown(program)))
    return program

bootstrap.build = built
sys.exit(main(sys.argv[1:]))
"""
AT_WORK = "program.parts.desk.segment.segment(); assert program.controller.busy"
IN_A_DIALOG = "QTimer.singleShot(0, program.parts.desk.help.shortcuts)"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return Pictures(tmp_path).discs("mine.png")


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def window(image: Path) -> Iterator[Start]:
    """Starts one that shows the image, and runs a line of code in it."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, sigint: str = "default_int_handler") -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-c", START.format(code=code, sigint=sigint), str(image)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(program)
        assert program.stdout and program.stdout.readline() == "ready\n"
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()


def end_of(program: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    """Exit code and what was printed; waits for the engine too, which has the same outputs."""
    program.send_signal(number)
    out, err = program.communicate(timeout=30)
    return program.returncode, out, err


def files(image: Path) -> set[str]:
    return {path.name for path in image.parent.iterdir()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("code", ["pass", AT_WORK, IN_A_DIALOG])
def test_a_signal_closes_the_window_in_order(
    number: int, code: str, image: Path, window: Start
) -> None:
    """Nothing is asked, and what is being asked ends; neither locks nor journals are left."""
    assert end_of(window(code), number) == (0, "", "")
    assert files(image) == {image.name, "mine.cellscribe"}


def test_what_is_ignored_stays_ignored(window: Start) -> None:
    """As a shell starts programs in the background."""
    program = window("pass", "SIG_IGN")
    program.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert program.poll() is None
    assert end_of(program, signal.SIGTERM) == (0, "", "")
