import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app import messages as module
from app.messages import Banner, Level, Message, Messages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[QWidget]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(500, 300)
    host.show()
    yield host


@pytest.fixture
def banner(host: QWidget) -> Banner:
    return Banner(host)


def problem(text: str) -> Message:
    return Message(text, Level.PROBLEM)


def close(banner: Banner) -> None:
    banner.findChildren(QToolButton)[0].click()


def test_nothing_to_show(banner: Banner) -> None:
    assert not banner.isVisible() and banner.text == ""


def test_information_goes_away_by_itself(
    host: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INFO_SECONDS", 0.05)
    banner = Banner(host)
    banner.show_message(Message("Saved."))
    assert banner.isVisible()
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_problem_stays_until_it_is_closed(
    host: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INFO_SECONDS", 0.05)
    banner = Banner(host)
    banner.show_message(problem("Disk full."))
    qtbot.wait(150)
    assert banner.text == "Disk full."
    close(banner)
    assert not banner.isVisible()


def test_problems_wait_for_each_other(banner: Banner) -> None:
    for text in ("one", "two", "three", "one"):
        banner.show_message(problem(text))
    banner.show_message(Message("just information"))
    assert "+3 more" in [label.text() for label in banner.findChildren(QLabel)]
    shown = []
    while banner.text:
        shown.append(banner.text)
        close(banner)
    assert shown == ["just information", "one", "three", "two"]


def test_a_flood_is_bounded(banner: Banner) -> None:
    for number in range(500):
        banner.show_message(problem(f"problem {number}"))
    closed = 0
    while banner.text:
        close(banner)
        closed += 1
    assert closed == module.MOST_WAITING


def test_text_is_never_markup(banner: Banner) -> None:
    banner.show_message(problem("<b>bold</b> & <img src=x>"))
    label = next(label for label in banner.findChildren(QLabel) if "bold" in label.text())
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_stays_inside_and_at_the_top_of_its_host(banner: Banner, host: QWidget) -> None:
    banner.show_message(problem("A rather long sentence that has to be wrapped. " * 5))
    for width in (900, 320, 500):
        host.resize(width, 300)
        assert host.rect().contains(banner.geometry())
        assert banner.geometry().top() == module.MARGIN
        assert banner.height() >= banner.heightForWidth(banner.width())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "a.tif failed (KeyError: no\n\tsuch key\nat all); see the log.",
            "a.tif failed (KeyError: no…",
        ),
        (
            "What happened. " + "x" * 2000 + " Close other programs.",
            "What happened. " + "x" * 145 + " … " + "x" * 138 + " Close other programs.",
        ),
    ],
)
def test_a_text_of_python_does_not_cover_the_image(
    banner: Banner, caplog: pytest.LogCaptureFixture, text: str, shown: str
) -> None:
    messages = Messages()
    messages.posted.connect(banner.show_message)
    messages.warn(text)
    assert banner.text == f"{shown} The log has the rest."
    assert text in caplog.text


@pytest.mark.parametrize("level", ["warn", "inform"])
def test_the_log_has_the_lines_that_are_not_shown(
    banner: Banner, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    messages = Messages()
    messages.posted.connect(banner.show_message)
    lines = [f"{number}.json was refused." for number in range(9)]
    getattr(messages, level)("\n".join(lines))
    shown = banner.text.removesuffix(" The log has the rest.")
    assert shown.splitlines() == lines[: module.MOST_LINES] and shown != banner.text
    assert lines[-1] in caplog.text


def test_sentences_keep_their_lines(banner: Banner) -> None:
    messages = Messages()
    messages.posted.connect(banner.show_message)
    messages.warn("a.json was refused.\nb.json was refused.")
    assert banner.text == "a.json was refused.\nb.json was refused."


def test_any_thread_may_post(banner: Banner, qtbot: QtBot) -> None:
    messages = Messages()
    messages.posted.connect(banner.show_message)
    thread = threading.Thread(target=lambda: messages.warn("from elsewhere"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: banner.text == "from elsewhere")
