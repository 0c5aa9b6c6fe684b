"""What does not fit the project file does not stop what comes after it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.archive import Archive
from app.commands import edits
from app.commands.change_regions import perform
from app.tasks.runner import Runner
from core.image.read import read_image
from core.project.delta import Delta
from core.project.store import Project
from tests.app.samples import Pictures, square


@pytest.fixture
def archive(runner: Runner, pictures: Pictures) -> Archive:
    """With a project of two images."""
    archive = Archive(runner)
    project = Project.create(pictures.folder / "a.cellscribe")
    for path in pictures.series(2):
        project.add_image(read_image(path))
    archive.replace_project(project)
    return archive


def draw(archive: Archive, image_id: int, x: float) -> None:
    document = archive.document_of(image_id)
    perform(document, edits.add(document, [square(x, 5)], "Draw"))


def interfere(archive: Archive) -> None:
    """Something puts an object into the file that the document does not know."""
    archive.document_of(1)
    archive.write(lambda project: project.commit(1, Delta("Other", {}, {1: square(70, 70)})))


def stored(path: Path, image_id: int) -> list[float]:
    """The left edges of the objects in the file, as another program sees them."""
    with Project.open(path, read_only=True) as project:
        return [region.shell[:, 0].min() for region in project.regions(image_id).values()]


def test_an_image_is_written_anew_and_the_work_goes_on(archive: Archive, qtbot: QtBot) -> None:
    told: list[str] = []
    archive.problem.connect(told.append)
    interfere(archive)
    draw(archive, 1, 5)
    draw(archive, 2, 25)
    with qtbot.waitSignal(archive.saved):
        draw(archive, 1, 45)
    path = archive.project_path
    assert path is not None
    qtbot.waitUntil(lambda: stored(path, 1) == [5, 45])
    assert stored(path, 2) == [25]
    assert told and all("img1.png did not fit" in sentence for sentence in told)
    draw(archive, 1, 60)
    archive.document_of(1).stack.undo()
    assert not archive.document_of(1).stack.canUndo()
    assert archive.replace_project(None)
    assert stored(path, 1) == [5, 45]


def test_nothing_is_lost_on_close(archive: Archive) -> None:
    path = archive.project_path
    assert path is not None
    interfere(archive)
    draw(archive, 1, 5)
    draw(archive, 1, 45)
    assert archive.replace_project(None)
    assert stored(path, 1) == [5, 45]
