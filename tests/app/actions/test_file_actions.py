from pathlib import Path

import pytest

from app.actions.file_actions import FileActions
from app.messages import Message, Messages
from app.settings import schema
from app.settings.store import Settings
from tests.app.actions.fakes import FakeAsk
from tests.app.panels.fakes import FakeProject, FakeSession


class FileSession(FakeSession):
    """Remembers what it was asked to open and save."""

    def open_paths(self, paths: list[Path]) -> None:
        self.asked.append(("open", paths))

    def save_project_as(self, path: Path) -> None:
        self.asked.append(("save as", path))

    def flush(self) -> bool:
        return not self.saving


@pytest.fixture
def session(qapp: object) -> FileSession:
    return FileSession()


@pytest.fixture
def files(
    session: FileSession, settings: Settings, ask: FakeAsk, messages: Messages
) -> FileActions:
    return FileActions(session, settings, ask, messages)  # type: ignore[arg-type]


def test_opens_what_was_chosen(
    files: FileActions, session: FileSession, ask: FakeAsk, tmp_path: Path
) -> None:
    images = [tmp_path / "a.png", tmp_path / "b.png"]
    ask.paths = list(images)
    files.open_images()
    ask.paths = [tmp_path]
    files.open_folder()
    ask.paths = [tmp_path / "x.cellscribe"]
    files.open_project()
    assert session.asked == [
        ("open", images),
        ("open", [tmp_path]),
        ("open", [tmp_path / "x.cellscribe"]),
    ]


def test_thinking_better_of_it_opens_nothing(files: FileActions, session: FileSession) -> None:
    for action in (files.open_images, files.open_folder, files.open_project, files.save_as):
        action()
    files.open([])
    assert session.asked == []


def test_folder_is_remembered(files: FileActions, settings: Settings, tmp_path: Path) -> None:
    files.open([tmp_path / "deep" / "a.png"])
    assert settings.get(schema.FOLDER) == str(tmp_path / "deep")
    files.open([tmp_path])
    assert settings.get(schema.FOLDER) == str(tmp_path)


def test_recent_projects_that_are_still_there(
    files: FileActions, session: FileSession, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.cellscribe", tmp_path / "two.cellscribe"]
    for path in paths:
        path.write_bytes(b"")
        session.project = FakeProject(path)
        session.project_changed.emit()
    assert files.recent() == paths[::-1]
    paths[1].unlink()
    assert files.recent() == paths[:1]


def test_save_says_where_everything_is(
    files: FileActions, session: FileSession, posted: list[Message], tmp_path: Path
) -> None:
    session.project = FakeProject(tmp_path / "one.cellscribe")
    session.saving = True
    files.save()
    assert posted.pop().text.startswith("Not saved yet; use File > Save project as")
    session.saving = False
    files.save()
    assert str(tmp_path / "one.cellscribe") in posted[0].text


def test_save_as(files: FileActions, session: FileSession, ask: FakeAsk, tmp_path: Path) -> None:
    ask.paths = [tmp_path / "copy.cellscribe"]
    files.save_as()
    assert session.asked == [("save as", tmp_path / "copy.cellscribe")]
