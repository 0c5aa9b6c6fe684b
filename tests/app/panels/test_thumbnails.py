from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.panels import thumbnails as module
from app.panels.thumbnails import SIDE, Thumbnails
from app.session import Session
from app.tasks.runner import Runner
from tests.app.samples import Pictures, open_all


@pytest.fixture
def real(qtbot: QtBot):  # type: ignore[no-untyped-def]
    """A session with a runner."""
    runner = Runner()
    session = Session(runner)
    yield session
    session.close()
    assert runner.shutdown(5.0)


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return Pictures(folder)


def test_a_picture_is_made_once_it_is_asked_for(
    real: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    open_all(real, qtbot, *pictures.series(2))
    thumbnails, record = Thumbnails(real), real.records[1]
    with qtbot.waitSignal(thumbnails.made) as made:
        assert thumbnails.of(record) is None
    assert made.args == [record.id]
    picture = thumbnails.of(record)
    assert isinstance(picture, QImage) and picture.size().toTuple() == (SIDE, SIDE)
    disc, ground = (picture.pixelColor(x, y).value() for x, y in ((13, 17), (70, 70)))
    assert disc > 200 and ground == 0, "as it looks when it is opened"


def test_what_cannot_be_read_is_tried_again_only_when_it_was_read_since(
    real: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    paths = pictures.series(2)
    paths[1].write_text("hello")
    open_all(real, qtbot, *paths)
    thumbnails, record = Thumbnails(real), real.records[1]
    thumbnails.of(record)
    qtbot.waitUntil(lambda: thumbnails._job == 0)
    assert thumbnails.of(record) is None and thumbnails._job == 0
    pictures.discs("img2.png")  # the microscope has finished it
    real.show(record.id)
    qtbot.waitUntil(lambda: real.record(record.id).is_read)
    with qtbot.waitSignal(thumbnails.made):
        thumbnails.of(real.record(record.id))


def test_what_was_scrolled_past_is_forgotten(
    real: Session, pictures: Pictures, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_all(real, qtbot, *pictures.series(6))
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    thumbnails, made = Thumbnails(real), list[int]()
    thumbnails.made.connect(made.append)
    records = real.records
    for record in records:
        thumbnails.of(record)
    qtbot.waitUntil(lambda: len(made) == 3)
    assert made == [records[0].id, records[5].id, records[4].id], "the last wish comes first"


def test_another_project_begins_anew(real: Session, pictures: Pictures, qtbot: QtBot) -> None:
    open_all(real, qtbot, *pictures.series(2))
    thumbnails = Thumbnails(real)
    with qtbot.waitSignal(thumbnails.made):
        thumbnails.of(real.records[0])
    record = real.records[0]
    thumbnails.of(real.records[1])
    real.close()
    assert thumbnails.of(record) is None
