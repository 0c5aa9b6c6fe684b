"""Planes of a file: each is an image of the project, with objects of its own."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.controllers.plane_walk import PlaneWalk
from app.panels.plane_bar import PlaneBar
from app.session import Session
from app.tasks import opening
from app.theme.icons import Icons
from core.image.model import Image
from core.image.read import read_image
from core.image.source import FIRST, PROJECTION, Plane
from core.progress import Ticket
from core.project.store import Project
from tests.app.samples import opened, square

STACK = np.random.default_rng(3).integers(0, 4000, (2, 3, 2, 60, 80), np.uint16)  # TZCYX


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    path = tmp_path / "stack.tif"
    tifffile.imwrite(path, STACK, imagej=True, metadata={"axes": "TZCYX"})
    return path


def go_to(session: Session, plane: Plane, qtbot: QtBot) -> None:
    session.show_plane(plane)
    qtbot.waitUntil(lambda: session.current is not None and session.current.plane == plane)


def test_a_plane_has_pixels_and_objects_of_its_own(
    session: Session, stack: Path, qtbot: QtBot
) -> None:
    opened(session, qtbot, stack)
    assert session.image and session.document
    assert session.image.scenes[0].planes == 6
    perform(session.document, edits.add(session.document, [square(5, 5, 20)], "Draw"))
    go_to(session, Plane(t=1, z=2), qtbot)
    assert np.array_equal(session.image.pixels, np.moveaxis(STACK[1, 2], 0, 2))
    assert session.document and not session.document.regions
    go_to(session, Plane(z=PROJECTION), qtbot)
    assert np.array_equal(session.image.pixels, np.moveaxis(STACK[0].max(axis=0), 0, 2))
    go_to(session, Plane(), qtbot)
    assert len(session.document.regions) == 1
    titles = [record.title for record in session.records]
    assert titles == ["stack.tif", "stack.tif, z max", "stack.tif, t 2, z 3"]


def test_every_plane_is_read_once(
    session: Session, stack: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Plane] = []

    def counted(path: Path, plane: Plane = FIRST, ticket: Ticket | None = None) -> Image:
        read.append(plane)
        return read_image(path, plane, ticket)

    monkeypatch.setattr(opening, "read_image", counted)
    opened(session, qtbot, stack)
    go_to(session, Plane(z=1), qtbot)
    go_to(session, Plane(), qtbot)
    assert read == [Plane(), Plane(z=1)]


def test_planes_come_back_with_the_project(session: Session, stack: Path, qtbot: QtBot) -> None:
    opened(session, qtbot, stack)
    go_to(session, Plane(z=1), qtbot)
    assert session.document
    perform(session.document, edits.add(session.document, [square(5, 5, 20)], "Draw"))
    path = session.project_path
    session.close()
    assert path
    with Project.open(path) as project:
        assert [record.plane for record in project.images()] == [Plane(), Plane(z=1)]
        assert project.counts() == {project.images()[1].id: 1}
    session.open_paths([stack])  # again: the first plane stands for the file
    qtbot.waitUntil(lambda: session.current is not None)
    assert session.current and session.current.plane == Plane() and len(session.records) == 2


def test_an_image_that_was_given_up_for_a_plane_can_be_asked_for_again(
    session: Session, stack: Path, qtbot: QtBot
) -> None:
    other = stack.with_name("z.tif")
    tifffile.imwrite(other, STACK[0, 0, 0])
    opened(session, qtbot, stack, other)
    last = session.records[-1]
    assert session.current and session.current.name == "stack.tif" and last.name == "z.tif"
    stack.unlink()
    session.show(last.id)
    with qtbot.waitSignal(session.problem):
        session.show_plane(Plane(z=1))
    session.show(last.id)
    qtbot.waitUntil(lambda: session.current == session.record(last.id))


@pytest.fixture
def walk(session: Session, stack: Path, qtbot: QtBot) -> PlaneWalk:
    opened(session, qtbot, stack)
    return PlaneWalk(session)


def test_steps_end_at_the_ends(walk: PlaneWalk, session: Session, qtbot: QtBot) -> None:
    walk.step(depths=-1)
    assert walk.plane == Plane() and walk.has_arrived
    walk.step(times=5, depths=5)
    qtbot.waitUntil(lambda: walk.has_arrived)
    assert session.current and session.current.plane == Plane(t=1, z=2)


def test_of_many_wishes_the_last_one_counts(
    walk: PlaneWalk, session: Session, qtbot: QtBot
) -> None:
    for z in (1, 2, 0, 1, 2):
        walk.go(Plane(z=z))
    qtbot.waitUntil(lambda: session.current is not None and session.current.plane == Plane(z=2))
    assert walk.has_arrived and len(session.records) <= 3


def test_a_projection_remembers_where_it_was_left_from(walk: PlaneWalk, qtbot: QtBot) -> None:
    walk.go(Plane(z=1))
    walk.project(True)
    qtbot.waitUntil(lambda: walk.has_arrived)
    walk.step(times=1)
    qtbot.waitUntil(lambda: walk.has_arrived)
    assert walk.plane == Plane(t=1, z=PROJECTION)
    walk.project(False)
    qtbot.waitUntil(lambda: walk.has_arrived)
    assert walk.plane == Plane(t=1, z=1)


def test_a_film_starts_again_after_its_end(walk: PlaneWalk, session: Session, qtbot: QtBot) -> None:
    seen: list[int] = []
    session.shown_changed.connect(lambda image: seen.append(image.plane.t if image else -1))
    walk.play(True)
    qtbot.waitUntil(lambda: len(seen) >= 4)
    walk.play(False)
    assert seen[:4] == [1, 0, 1, 0] and not walk.is_playing


def test_the_bar_shows_only_what_a_file_has(
    walk: PlaneWalk, session: Session, qtbot: QtBot
) -> None:
    bar = PlaneBar(walk, Icons())
    qtbot.addWidget(bar)
    bar.show()
    assert bar.times.isVisible() and bar.depths.isVisible() and not bar.scenes.isVisible()
    bar.depths.field.setValue(3)
    qtbot.waitUntil(lambda: walk.has_arrived)
    assert session.current and session.current.plane == Plane(z=2)
    assert bar.depths.slider.value() == 3
    bar.brightest.click()
    assert not bar.depths.slider.isEnabled() and walk.plane.is_projection
    qtbot.waitUntil(lambda: walk.has_arrived)
