import logging
import threading
import time
from weakref import ref

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.tasks.runner import REPORT_EVERY, THREADS, Outcome, Runner
from core.errors import FormatError
from core.progress import Ticket


def wait(ticket: Ticket, gate: threading.Event) -> None:
    """Until the gate opens or the job is cancelled."""
    while not gate.wait(0.005):
        ticket.check()


def test_the_outcome_arrives_in_the_thread_of_the_window(runner: Runner, qtbot: QtBot) -> None:
    seen: list[tuple[Outcome, bool, QThread]] = []
    job = runner.start(
        lambda ticket: threading.get_ident(),
        lambda outcome: seen.append((outcome, runner.busy, QThread.currentThread())),
    )
    assert runner.busy
    qtbot.waitUntil(lambda: bool(seen))
    outcome, busy, thread = seen[0]
    assert outcome.job == job
    assert outcome.value != threading.get_ident()
    assert outcome.problem == ""
    assert not busy
    assert thread is runner.thread()


def test_the_window_lives_while_a_job_runs(runner: Runner, qtbot: QtBot) -> None:
    gate, outcomes = threading.Event(), list[Outcome]()
    runner.start(lambda ticket: wait(ticket, gate), outcomes.append)
    qtbot.wait(30)
    assert outcomes == []
    gate.set()
    qtbot.waitUntil(lambda: len(outcomes) == 1)


def test_many_jobs_all_arrive_once(runner: Runner, qtbot: QtBot) -> None:
    values: list[int] = []
    for i in range(500):
        runner.start(lambda ticket, i=i: i, lambda outcome: values.append(outcome.value))
    qtbot.waitUntil(lambda: len(values) == 500)
    qtbot.wait(10)
    assert sorted(values) == list(range(500))


def test_work_that_is_done_is_let_go(runner: Runner, qtbot: QtBot) -> None:
    """Also that of jobs that ended before they were quite begun: of 1,000, PySide6 keeps a few."""

    class Heavy:
        pass

    alive, done = list[ref[Heavy]](), list[Outcome]()
    for _ in range(1000):
        heavy = Heavy()
        alive.append(ref(heavy))
        runner.start(lambda ticket, heavy=heavy: None, done.append)
    del heavy
    qtbot.waitUntil(lambda: len(done) == 1000)
    qtbot.waitUntil(lambda: not any(kept() for kept in alive))


def test_nothing_arrives_from_a_cancelled_job(runner: Runner, qtbot: QtBot) -> None:
    gate, seen = threading.Event(), list[object]()

    def work(ticket: Ticket) -> str:
        gate.wait()
        ticket.report(1, 1, "late")
        return "late"

    job = runner.start(work, seen.append, lambda *news: seen.append(news))
    runner.cancel(job)
    gate.set()
    runner.start(lambda ticket: None, lambda outcome: seen.append("next"))
    qtbot.waitUntil(lambda: bool(seen))
    qtbot.wait(20)
    assert seen == ["next"]


def test_cancelling_ends_the_work(runner: Runner, qtbot: QtBot) -> None:
    ended = threading.Event()

    begun = threading.Event()

    def work(ticket: Ticket) -> None:
        begun.set()
        try:
            wait(ticket, threading.Event())
        finally:
            ended.set()

    job = runner.start(work, lambda outcome: pytest.fail("it was cancelled"))
    qtbot.waitUntil(begun.is_set)
    runner.cancel(job)
    assert ended.wait(2)
    runner.cancel(job)
    runner.cancel(12345)


def test_a_job_cancelled_before_it_began_does_not_run(runner: Runner, qtbot: QtBot) -> None:
    gate, ran, landed = threading.Event(), list[int](), list[Outcome]()
    for _ in range(2):  # both threads are taken
        runner.start(lambda ticket: gate.wait(), landed.append)
    job = runner.start(lambda ticket: ran.append(1), landed.append)
    runner.cancel(job)
    gate.set()
    runner.start(lambda ticket: None, landed.append)
    qtbot.waitUntil(lambda: len(landed) == 3)
    assert ran == []


def test_an_error_for_people_arrives_as_it_is(runner: Runner, qtbot: QtBot) -> None:
    outcomes: list[Outcome] = []

    def work(ticket: Ticket) -> None:
        raise FormatError("Cannot read a.json: it is empty.")

    runner.start(work, outcomes.append)
    qtbot.waitUntil(lambda: bool(outcomes))
    assert outcomes[0].problem == "Cannot read a.json: it is empty."


def test_any_other_error_becomes_a_sentence_and_a_log_entry(
    runner: Runner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes: list[Outcome] = []

    def work(ticket: Ticket) -> None:
        raise ZeroDivisionError("division by zero")

    with caplog.at_level(logging.ERROR):
        runner.start(work, outcomes.append)
        qtbot.waitUntil(lambda: bool(outcomes))
    assert "ZeroDivisionError: division by zero" in outcomes[0].problem
    assert "Traceback" not in outcomes[0].problem
    assert "in work" in caplog.text


def test_memory_that_ran_out(runner: Runner, qtbot: QtBot) -> None:
    outcomes: list[Outcome] = []

    def work(ticket: Ticket) -> None:
        raise MemoryError

    runner.start(work, outcomes.append)
    qtbot.waitUntil(lambda: bool(outcomes))
    assert "close other programs" in outcomes[0].problem


def test_progress_is_thinned_out_and_the_end_is_told(runner: Runner, qtbot: QtBot) -> None:
    news: list[tuple[int, int, str]] = []
    outcomes: list[Outcome] = []

    def work(ticket: Ticket) -> float:
        start = time.monotonic()
        for i in range(1, 2001):
            ticket.step(i, 2000, "counting")
        return time.monotonic() - start

    runner.start(work, outcomes.append, lambda *step: news.append(step))
    qtbot.waitUntil(lambda: bool(outcomes))
    assert news[-1] == (2000, 2000, "counting")
    assert [done for done, *_ in news] == sorted({done for done, *_ in news})
    assert len(news) <= outcomes[0].value / REPORT_EVERY + 2


def test_shutdown_waits_for_threads_that_are_at_work(qtbot: QtBot) -> None:
    runner, begun, ended = Runner(), list[int](), list[int]()

    def work(ticket: Ticket) -> None:
        begun.append(1)
        try:
            wait(ticket, threading.Event())
        finally:
            time.sleep(0.05)
            ended.append(1)

    for _ in range(4):
        runner.start(work, lambda outcome: pytest.fail("nobody waits any more"))
    qtbot.waitUntil(lambda: len(begun) == THREADS)
    assert runner.shutdown(5)
    assert len(begun) == len(ended) == THREADS, "the others never began"
    assert not runner.busy
    qtbot.wait(10)


def test_shutdown_says_when_a_thread_does_not_end(qtbot: QtBot) -> None:
    runner, gate = Runner(), threading.Event()
    begun = threading.Event()
    runner.start(lambda ticket: begun.set() or gate.wait(), lambda outcome: None)
    qtbot.waitUntil(begun.is_set)
    assert not runner.shutdown(0.05)
    gate.set()
    assert runner.shutdown(5)
