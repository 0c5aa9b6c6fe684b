from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import folder_watch
from app.folder_watch import FolderWatch
from app.session import Session
from core.project.store import Project
from tests.app.samples import Pictures, opened


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "PAUSE", 50)


def test_many_files_are_one_piece_of_news(tmp_path: Path, qtbot: QtBot) -> None:
    watch, told = FolderWatch(), list[Path]()
    watch.changed.connect(told.append)
    watch.watch(tmp_path)
    watch.watch(tmp_path)
    for number in range(20):
        (tmp_path / f"{number}.txt").touch()
    qtbot.waitUntil(lambda: told == [tmp_path])
    watch.clear()
    (tmp_path / "later.txt").touch()
    qtbot.wait(150)
    assert told == [tmp_path]


def test_images_that_come_into_an_open_folder_are_listed(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.series(2)
    opened(session, qtbot, pictures.folder)
    shown, problems = session.current, list[str]()
    session.problem.connect(problems.append)
    with qtbot.waitSignal(session.news) as news:
        pictures.discs("img10.png", (50,))
    assert news.args == ["img10.png came into pictures and is in the list now."]
    assert [r.name for r in session.records] == ["img1.png", "img2.png", "img10.png"]
    assert session.current == shown, "the work goes on where it was"
    (pictures.folder / "img2.png").unlink()
    (pictures.folder / "notes.txt").touch()
    with qtbot.waitSignal(session.news) as news:
        for number in (11, 12):
            pictures.discs(f"img{number}.png", (number,))
    assert sum(name.endswith(".png") for name in (r.name for r in session.records)) == 5
    assert problems == []


def test_a_folder_that_was_left_is_not_watched(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.series(2)
    opened(session, qtbot, pictures.folder)
    session.close()
    pictures.discs("img3.png")
    qtbot.wait(150)
    assert len(session.records) == 0 and session.project is None


def test_news_of_a_folder_that_was_left_is_not_for_the_next_project(
    session: Session, pictures: Pictures, tmp_path: Path, qtbot: QtBot
) -> None:
    pictures.series(2)
    opened(session, qtbot, pictures.folder)
    other = tmp_path / "other.cellscribe"
    with Project.create(other):
        pass
    session.open_project(other)
    pictures.discs("img3.png")
    session._on_folder_changed(pictures.folder)
    qtbot.waitUntil(lambda: session.project_path == other and not session._opener.busy)
    assert len(session.records) == 0
