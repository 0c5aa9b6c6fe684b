import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.session import Session
from app.tasks import writer as writer_module
from app.tasks.runner import Outcome, Runner
from core.annotation.annotation_set import RunInfo
from core.annotation.classes import LabelClass
from core.errors import ProjectError
from core.image.read import read_image
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.store import Project
from tests.app.samples import MODEL, Pictures, open_all, opened, square


def state(document: Document) -> str:
    return content_hash(document.regions.values(), document.classes.all)


def draw(document: Document, x: float = 5) -> None:
    perform(document, edits.add(document, [square(x, 5)], "Draw"))


def stored(path: Path, image_id: int = 1) -> str:
    """The content hash of what a project holds, seen by another reader."""
    with Project.open(path, read_only=True) as project:
        return content_hash(project.regions(image_id).values(), project.classes())


def shown_document(session: Session) -> Document:
    assert session.document
    return session.document


def names_shown(session: Session) -> list[str]:
    """A list that grows with every image that is shown from now on."""
    names: list[str] = []
    session.shown_changed.connect(lambda image: names.append(image.name) if image else None)
    return names


# Opening


def test_opening_an_image_makes_a_project_and_shows_it(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    news: list[str] = []
    session.project_changed.connect(lambda: news.append("project"))
    session.loading.connect(lambda record: news.append(f"loading {record.name}"))
    session.shown_changed.connect(
        lambda image: news.append(f"shown {image.name}" if image else "nothing shown")
    )
    opened(session, qtbot, pictures.discs("a.png"))
    assert news == ["nothing shown", "project", "loading a.png", "shown a.png"]
    assert session.project_path == pictures.folder / "a.cellscribe"
    assert session.current and session.image
    assert session.current.content_hash == session.image.content_hash
    assert shown_document(session).image_id == session.current.id
    assert [record.name for record in session.records] == ["a.png"]


def test_a_folder_is_opened_in_the_order_in_which_people_count(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.series(11)
    steps: list[tuple[int, int]] = []
    waits: list[bool] = []
    session.adding.connect(lambda *step: steps.append(step))
    session.opening.connect(waits.append)
    opened(session, qtbot, pictures.folder)
    qtbot.waitUntil(lambda: len(session.records) == 11)
    assert [r.name for r in session.records] == [f"img{i}.png" for i in range(1, 12)]
    assert session.current and session.current.name == "img1.png"
    assert (steps[0], steps[-1]) == ((0, 11), (11, 11)) and waits == [True, False]


def test_one_bad_image_does_not_stop_the_others(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    paths = pictures.series(4)
    for bad in (0, 2):
        paths[bad].write_text("hello")
    with qtbot.waitSignal(session.problem) as problem:
        session.open_paths(paths)
    assert "img1.png" in problem.args[0]
    ids = [record.id for record in session.records]
    assert len(ids) == 4 and session.current is None
    assert "img1.png" in session.why_unreadable(ids[0])
    shown = names_shown(session)
    session.show_next()
    qtbot.waitUntil(lambda: shown == ["img2.png"])
    with qtbot.waitSignal(session.problem):
        session.show_next()
    session.show_next()
    qtbot.waitUntil(lambda: shown == ["img2.png", "img4.png"])
    with qtbot.waitSignal(session.problem):
        session.show_previous()
    session.show_previous()
    assert shown[-1] == "img2.png"


def test_a_failed_open_leaves_what_was_there(
    session: Session, pictures: Pictures, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    draw(shown_document(session))
    document, bad = session.document, tmp_path / "bad.cellscribe"
    bad.write_text("hello")
    for path in (bad, tmp_path / "missing.png", tmp_path / "missing.cellscribe"):
        with qtbot.waitSignal(session.problem) as problem:
            session.open_paths([path])
        assert path.name in problem.args[0]
    assert session.document is document
    assert len(shown_document(session).regions) == 1
    assert session.project_path == pictures.folder / "a.cellscribe"


def test_more_images_go_into_the_open_project(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    a, b = pictures.discs("a.png"), pictures.discs("b.png", (90,))
    opened(session, qtbot, a)
    document = session.document
    opened(session, qtbot, b)
    assert session.current and session.current.name == "b.png"
    assert session.project_path == pictures.folder / "a.cellscribe"
    assert document and session.document_of(document.image_id) is document
    opened(session, qtbot, a)
    assert session.document is document
    assert len(session.records) == 2


def test_requests_follow_each_other(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    a, b = pictures.discs("a.png"), pictures.discs("b.png", (90,))
    problems: list[str] = []
    session.problem.connect(problems.append)
    for path in (a, b, a, b):
        session.open_paths([path])
    qtbot.waitUntil(lambda: len(session.records) == 2 and not session._opener.busy)
    qtbot.waitUntil(lambda: session.current is not None and session.current.name == "b.png")
    assert problems == []
    assert [path.name for path in pictures.folder.glob("*.cellscribe")] == ["a.cellscribe"]


def test_opening_can_be_cancelled(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    paths = pictures.series(3)
    session.open_paths(paths)
    session.open_paths(paths)
    session.cancel_opening()
    qtbot.waitUntil(lambda: not session._opener.busy)
    assert len(session.records) == 0 and session.project is None
    opened(session, qtbot, *paths)
    assert len(session.records) == 3


def test_an_image_that_is_being_opened_can_be_cancelled(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    a = pictures.discs("a.png")
    session._opener.planned.connect(lambda *_: session.cancel_opening())
    session.open_paths([a])
    qtbot.waitUntil(lambda: not session._opener.busy)
    assert session.project is None and list(pictures.folder.iterdir()) == [a]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("is_made", [True, False])
def test_a_window_that_closes_while_a_project_is_made_leaves_no_lock(
    runner: Runner,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    is_made: bool,
) -> None:
    """is_made: before it closes; it takes no more outcomes from then on."""
    begun, go_on = threading.Event(), threading.Event()
    create = Project.create

    def slow_create(path: Path) -> Project:
        begun.set()
        go_on.wait(10)
        return create(path)

    monkeypatch.setattr(Project, "create", slow_create)
    session.open_paths(pictures.series(count))
    qtbot.waitUntil(begun.is_set)
    if is_made:
        go_on.set()
        assert runner._pool.waitForDone(10_000)
    session.close()
    go_on.set()
    assert runner.shutdown(10.0)
    (project,) = pictures.folder.glob("*.cellscribe")
    assert {path.suffix for path in pictures.folder.iterdir()} == {".png", ".cellscribe"}
    with Project.open(project) as opened:
        assert len(opened.images()) == count, "what was made is whole"


def test_another_project_takes_the_place_of_the_first(
    session: Session, pictures: Pictures, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    draw(shown_document(session))
    session.selection.set([1])
    other = tmp_path / "other.cellscribe"
    with Project.create(other) as project:
        project.commit(
            project.add_image(read_image(pictures.discs("b.png", (90,)))).id,
            Delta("x", {}, {}, {}, {5: LabelClass(5, "Nucleus", "#123456")}),
        )
    left: list[int] = []
    session.project_left.connect(lambda: left.append(len(session.documents)))
    with qtbot.waitSignal(session.shown_changed, check_params_cb=lambda image: image is not None):
        session.open_project(other)
    assert left == [1]
    assert session.project_path == other
    assert [record.name for record in session.records] == ["b.png"]
    assert [c.name for c in session.classes.all] == ["Cell", "Nucleus"]
    assert session.selection.ids == frozenset()
    assert dict(shown_document(session).regions) == {}
    with Project.open(pictures.folder / "a.cellscribe") as first:
        assert len(first.regions(1)) == 1


def test_a_project_in_use_is_shown_and_told(
    session: Session, pictures: Pictures, qtbot: QtBot, runner: Runner
) -> None:
    other = Session(runner)
    opened(other, qtbot, pictures.discs("a.png"))
    with qtbot.waitSignal(session.problem) as problem:
        session.open_paths([pictures.folder / "a.cellscribe"])
    told = problem.args[0]
    assert f"only for reading: a.cellscribe is in use by process {os.getpid()}" in told
    qtbot.waitUntil(lambda: session.current is not None)
    with qtbot.waitSignal(session.problem) as refused:
        draw(shown_document(session))
    assert "save the project in another place" in refused.args[0]
    assert session.saving
    target = pictures.folder / "mine.cellscribe"
    with qtbot.waitSignal(session.saved):
        session.save_project_as(target)
    assert session.flush()
    assert stored(target) == state(shown_document(session))
    other.close()


# Showing


def test_the_last_wish_is_shown_and_no_other(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    ids = open_all(session, qtbot, *pictures.series(6))
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    shown = names_shown(session)
    for image_id in [*random.Random(1).choices(ids, k=20), ids[4]]:
        session.show(image_id)
    qtbot.waitUntil(lambda: shown[-1:] == ["img5.png"])
    qtbot.wait(50)
    assert shown[-1] == "img5.png"
    assert session.current and session.current.id == ids[4] == shown_document(session).image_id


def test_show_from_a_slot_makes_no_loop(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    """A list that selects the row of what is wanted, and shows the row that is selected."""
    first, second, _ = open_all(session, qtbot, *pictures.series(3))
    shown = names_shown(session)

    def select_row() -> None:
        if session.wanted:
            session.show(session.wanted)

    session.shown_changed.connect(select_row)
    session.images_changed.connect(select_row)
    session.show(second)
    qtbot.waitUntil(lambda: bool(shown))
    session.set_status(second, "reviewed")
    qtbot.wait(50)
    session.show(second)
    assert shown == ["img2.png"]
    session.show(first)
    assert shown == ["img2.png", "img1.png"], "pixels in memory are shown at once"


def test_going_back_while_another_image_is_read_stays_there(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    first, second, _ = open_all(session, qtbot, *pictures.series(3))
    session._images.clear()
    session._images.put(first, session.image, 1)
    session.show(second)
    session.show(first)
    qtbot.wait(100)
    assert session.current and session.current.id == first


def test_next_and_previous_end_at_the_ends(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    open_all(session, qtbot, *pictures.series(3))
    seen: list[str] = []

    def after(step: str) -> str:
        getattr(session, step)()
        qtbot.waitUntil(
            lambda: session.current is not None and session._wanted == session.current.id
        )
        assert session.current
        seen.append(session.current.name)
        return seen[-1]

    assert after("show_previous") == "img1.png"
    assert after("show_next") == "img2.png"
    assert after("show_next") == "img3.png"
    assert after("show_next") == "img3.png"
    assert after("show_previous") == "img2.png"


def test_nothing_to_go_to(session: Session) -> None:
    session.show_next()
    session.show_previous()
    session.show(7)
    assert session.current is None and session.wanted == 0


def test_an_image_that_is_gone_is_told_and_the_shown_one_stays(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    first, second = open_all(session, qtbot, *pictures.series(2))
    session.close()
    (pictures.folder / "img2.png").unlink()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    for _ in range(2):
        with qtbot.waitSignal(session.problem) as problem:
            session.show(second)
        assert "Cannot find img2.png" in problem.args[0]
    assert session.current and session.current.id == first
    assert session.record(second).name == "img2.png"
    assert dict(session.document_of(second).regions) == {}


def test_the_selection_is_of_the_shown_image(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    _, second = open_all(session, qtbot, *pictures.series(2))
    draw(shown_document(session))
    session.selection.set([1])
    session.selection.hover(1)
    session.show(second)
    qtbot.waitUntil(lambda: session.document is not None and session.document.image_id == second)
    assert (session.selection.ids, session.selection.hovered) == (frozenset(), 0)


def test_reopening_shows_where_the_work_stopped(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    *_, last = open_all(session, qtbot, *pictures.series(3))
    with qtbot.waitSignal(session.shown_changed):
        session.show(last)
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    assert session.current and session.current.id == last


def test_opening_the_folder_again_shows_where_the_work_stopped(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.series(3)
    opened(session, qtbot, pictures.folder)
    qtbot.waitUntil(lambda: len(session.records) == 3)
    last = session.records[-1].id
    with qtbot.waitSignal(session.shown_changed):
        session.show(last)
    session.close()
    opened(session, qtbot, pictures.folder)
    assert session.current and session.current.id == last


# Saving


def test_every_step_is_on_the_disk(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    path = pictures.folder / "a.cellscribe"
    for walk in (draw, draw, lambda d: d.stack.undo(), lambda d: d.stack.redo(), draw):
        walk(document)
        assert session.flush()
        assert stored(path) == state(document)


def test_saved_is_said_once_the_disk_has_it(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    session.flush()
    qtbot.wait(10)
    with qtbot.waitSignal(session.saved):
        draw(document)
    assert not session.saving


def edit(document: Document, chance: random.Random) -> None:
    """One edit of any kind that a person can make."""
    ids = sorted(document.regions)
    some = chance.sample(ids, min(len(ids), chance.randint(1, 3)))
    kind = chance.choice(["add", "add", "change", "delete", "class", "lock", "recolour"])
    if kind == "add" or not some:
        new = [square(chance.uniform(0, 80), chance.uniform(0, 80)) for _ in range(2)]
        perform(document, edits.add(document, new, "Draw"))
    elif kind == "change":
        moved = [replace(square(chance.uniform(0, 80), 3), id=i, edited=True) for i in some]
        perform(document, edits.change(document, moved, "Move"))
    elif kind == "delete":
        perform(document, edits.delete(document, some[:1]))
    elif kind == "class":
        perform(document, edits.set_class(document, some, chance.randint(0, 3)))
    elif kind == "lock":
        locked = [replace(document.regions[i], locked=True) for i in some]
        perform(document, edits.change(document, locked, "Lock"))
    else:
        old = document.classes.find(0)
        new_class = replace(old, name=f"Cell {chance.randint(0, 99)}")
        perform(document, Delta("Rename class", {}, {}, {0: old}, {0: new_class}))


def walk_at_random(document: Document, steps: int, chance: random.Random) -> None:
    for _ in range(steps):
        way = chance.random()
        if way < 0.8:
            edit(document, chance)
        elif way < 0.9:
            document.stack.undo()
        else:
            document.stack.redo()


def test_undo_and_redo_are_exact_also_after_a_restart(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    """500 random edits with undo and redo between them, and three restarts at random places."""
    chance = random.Random(7)
    opened(session, qtbot, pictures.discs())
    first = state(shown_document(session))
    for steps in (130, 170, 90, 110):
        document = shown_document(session)
        walk_at_random(document, steps, chance)
        before, place = state(document), (document.stack.index(), document.stack.count())
        names = [document.stack.text(i) for i in range(document.stack.count())]
        assert session.close(30)
        opened(session, qtbot, pictures.folder / "a.cellscribe")
        document = shown_document(session)
        assert state(document) == before
        assert (document.stack.index(), document.stack.count()) == place
        assert [document.stack.text(i) for i in range(document.stack.count())] == names
    stack = shown_document(session).stack
    stack.setIndex(stack.count())
    last = state(shown_document(session))
    stack.setIndex(0)
    assert state(shown_document(session)) == first
    assert session.close(30)
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    stack = shown_document(session).stack
    assert state(shown_document(session)) == first
    stack.setIndex(stack.count())
    assert stack.count() > 100
    assert state(shown_document(session)) == last
    assert session.flush(30)
    assert stored(pictures.folder / "a.cellscribe") == last


def test_ids_are_never_used_again_after_a_restart(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    for _ in range(3):
        draw(document)
    perform(document, edits.delete(document, [2, 3]))
    session.close()
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    draw(shown_document(session))
    assert sorted(shown_document(session).regions) == [1, 4]


def test_steps_of_several_images_stay_apart(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    ids = open_all(session, qtbot, *pictures.series(3))
    for turn in range(9):
        draw(session.document_of(ids[turn % 3]), x=turn)
    session.document_of(ids[1]).stack.undo()
    hashes = [state(session.document_of(i)) for i in ids]
    counts = [session.document_of(i).stack.count() for i in ids]
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    assert [state(session.document_of(i)) for i in ids] == hashes
    assert [session.document_of(i).stack.count() for i in ids] == counts == [3, 3, 3]
    assert [session.document_of(i).stack.index() for i in ids] == [3, 2, 3]


def test_a_write_that_fails_is_told_once_and_kept(
    session: Session, pictures: Pictures, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "RETRY_EVERY", 0.02)
    document = shown_document(opened(session, qtbot, pictures.discs()))
    session.flush()
    problems: list[str] = []
    session.problem.connect(problems.append)
    full, commit, tries = threading.Event(), Project.commit, list[int]()
    full.set()

    def failing(project: Project, image_id: int, delta: Delta) -> None:
        tries.append(image_id)
        if full.is_set():
            raise ProjectError("Cannot use the project: the disk is full.")
        commit(project, image_id, delta)

    monkeypatch.setattr(Project, "commit", failing)
    for x in range(5):
        draw(document, x)
    document.stack.undo()
    qtbot.waitUntil(lambda: len(tries) > 3)
    assert len(problems) == 1
    assert problems[0].startswith("Not saved yet: Cannot use the project: the disk is full.")
    assert session.saving
    assert not session.flush()
    assert len(document.regions) == 4
    with qtbot.waitSignal(session.saved):
        full.clear()
    assert stored(pictures.folder / "a.cellscribe") == state(document)
    assert len(problems) == 1


def test_a_project_that_cannot_be_saved_is_not_left_for_another(
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    session.flush()
    Project.create(tmp_path / "other.cellscribe").close()

    def failing(project: Project, image_id: int, delta: Delta) -> None:
        raise ProjectError("Cannot use the project: the disk is full.")

    problems: list[str] = []
    session.problem.connect(problems.append)
    with monkeypatch.context() as patch:
        patch.setattr(Project, "commit", failing)
        draw(document)
        qtbot.waitUntil(lambda: len(problems) == 1)
        session.open_project(tmp_path / "other.cellscribe")
        qtbot.waitUntil(lambda: len(problems) == 2)
        assert "stays open because its changes could not be saved" in problems[1]
        assert session.document is document
    Project.open(tmp_path / "other.cellscribe").close()
    target = tmp_path / "rescued.cellscribe"
    with qtbot.waitSignal(session.saved):
        session.save_project_as(target)
    assert stored(target) == state(document)


def test_save_as_goes_on_in_the_new_place(
    session: Session, pictures: Pictures, qtbot: QtBot, tmp_path: Path
) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs("a.png")))
    draw(document)
    session.flush()
    before = state(document)
    target = tmp_path / "elsewhere.cellscribe"
    with qtbot.waitSignal(session.project_changed):
        session.save_project_as(target)
    assert session.project_path == target
    assert session.document is document
    draw(document, 40)
    assert session.current and session.current.path == "pictures/a.png"
    assert session.close()
    assert stored(pictures.folder / "a.cellscribe") == before
    assert stored(target) == state(document)
    opened(session, qtbot, target)
    assert session.image and session.image.name == "a.png"
    assert shown_document(session).stack.count() == 2


def test_save_as_waits_for_images_that_are_added(
    session: Session, pictures: Pictures, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(session, qtbot, pictures.discs("a.png"))
    qtbot.waitUntil(lambda: not session._opener.busy)
    path = session.project_path
    session.open_paths([pictures.discs("b.png", (99,))])
    with qtbot.waitSignal(session.problem) as problem:
        session.save_project_as(tmp_path / "copy.cellscribe")
    assert "still being added" in problem.args[0]
    qtbot.waitUntil(lambda: len(session.records) == 2)
    qtbot.wait(50)
    assert session.project_path == path and not (tmp_path / "copy.cellscribe").exists()


def test_save_as_that_fails_changes_nothing(
    session: Session, pictures: Pictures, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(session.problem) as problem:
        session.save_project_as(tmp_path / "a.cellscribe")
    assert "no project" in problem.args[0]
    opened(session, qtbot, pictures.discs("a.png"))
    path = session.project_path
    for target in (tmp_path / "missing" / "a.cellscribe", path):
        assert target
        with qtbot.waitSignal(session.problem) as problem:
            session.save_project_as(target)
        assert target.name in problem.args[0]
    assert session.project_path == path
    draw(shown_document(session))
    assert session.flush()


def test_close_saves_and_lets_go(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    for x in range(30):
        draw(document, x)
    expected = state(document)
    assert session.close()
    assert (session.current, session.document, session.image) == (None, None, None)
    assert (session.project_path, session.records, session.saving) == (None, [], False)
    with Project.open(pictures.folder / "a.cellscribe") as project:
        assert content_hash(project.regions(1).values(), project.classes()) == expected
    assert session.close()


@pytest.mark.parametrize("wait", [0, 1, 5, 20, 60])
def test_close_while_files_are_opened(
    session: Session, pictures: Pictures, qtbot: QtBot, wait: int
) -> None:
    session.open_paths(pictures.series(20))
    qtbot.wait(wait)
    assert session.close()
    qtbot.waitUntil(lambda: not session._opener.busy)
    assert session.project is None
    for path in pictures.folder.glob("*.cellscribe"):
        Project.open(path).close()


# Status


def test_the_status_only_rises_by_work(session: Session, pictures: Pictures, qtbot: QtBot) -> None:
    document = shown_document(opened(session, qtbot, pictures.discs()))
    seen: list[str] = []
    session.images_changed.connect(lambda: seen.extend(r.status for r in session.records))
    perform(document, edits.add(document, [square(5, 5, origin=MODEL)], "Segment"))
    perform(document, edits.add(document, [square(30, 5, origin=MODEL)], "Segment"))
    perform(document, edits.delete(document, [1]))
    document.stack.undo()
    draw(document)
    session.set_status(1, "reviewed")
    draw(document)
    session.record_run(1, RunInfo("hrnet", 0.5, 12.0), "ab", {"min_area": 3})
    assert seen == ["segmented", "edited", "reviewed"]
    session.set_status(1, "edited")
    session.close()
    assert seen == ["segmented", "edited", "reviewed", "edited"]
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    assert session.current and session.current.status == "edited"
    assert session.project
    run = session.project.runs(1)[0]
    assert (run.info, run.weights_sha256) == (RunInfo("hrnet", 0.5, 12.0), "ab")
    assert run.settings == {"min_area": 3}


def test_fetch_reads_an_image_that_is_not_shown(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    ids = open_all(session, qtbot, *pictures.series(3))
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    outcomes: list[Outcome] = []
    job = session.fetch(ids[2], outcomes.append)
    assert job and outcomes == []
    qtbot.waitUntil(lambda: bool(outcomes))
    assert outcomes[0].value.image.name == "img3.png"
    assert ids[2] in session.documents
    assert session.fetch(ids[2], outcomes.append) == 0
    assert outcomes[1].value.image is outcomes[0].value.image
    assert session.current and session.current.name == "img1.png"


# A program that is killed

CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.commands import edits
from app.commands.change_regions import perform
from app.session import Session
from app.tasks.runner import Runner
from tests.app.samples import square

app = QCoreApplication([])
session = Session(Runner())
session.shown_changed.connect(lambda image: image and app.quit())
session.open_paths([Path(sys.argv[1])])
app.exec()
document = session.document
while True:
    number = len(document.regions) + 1
    perform(document, edits.add(document, [square(number, 0)], f"Draw {number}"))
    print(number, flush=True)
    session.flush()
"""


def test_kill_minus_nine_loses_the_last_step_at_most(
    session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    image, chance = pictures.discs("a.png"), random.Random(3)
    last = 0
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(image)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as child:
            assert child.stdout
            child.stdout.readline()
            qtbot.wait(chance.randint(0, 150))
            child.kill()
            made = [line for line in child.stdout.read().splitlines() if line]
        opened(session, qtbot, pictures.folder / "a.cellscribe")
        document = shown_document(session)
        count = len(document.regions)
        assert count >= max(int(made[-1]) if made else 0, last + 1) - 1
        assert sorted(document.regions) == list(range(1, count + 1))
        assert [document.regions[i].shell[0, 0] for i in sorted(document.regions)] == list(
            range(1, count + 1)
        )
        assert document.stack.undoText() == (f"Draw {count}" if count else "")
        assert document.stack.index() == document.stack.count() == count
        last = count
        assert session.close()
    assert last > 3


def test_importing_the_session_is_cheap() -> None:
    code = (
        "import sys, app.session, app.tasks.engine_worker, app.controllers.segmentation;"
        "heavy = ('torch', 'scipy', 'skimage', 'tifffile', 'cv2', 'shapely', 'PIL');"
        "print([name for name in heavy if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout.strip() == "[]"
