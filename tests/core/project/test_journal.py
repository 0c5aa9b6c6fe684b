from pathlib import Path

import pytest

from core.errors import ProjectError
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.store import Project
from tests.core.project.samples import deltas, image, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.cellscribe"
    with Project.create(path) as project:
        project.add_image(image())
        project.add_image(image(content_hash="another"))
    return path


def test_500_steps_undone_and_redone_through_a_restart(path: Path) -> None:
    with Project.open(path) as project:
        hashes = [state(project, 1)]
        for delta, regions in deltas(500, seed=0):
            project.commit(1, delta)
            expected = content_hash(regions.values(), project.classes())
            hashes.append(expected)
            if len(hashes) % 50 == 0:
                assert state(project, 1) == expected
        last_id = project.next_region_id(1)
        for _ in range(250):
            project.mark_undone(1)
        assert state(project, 1) == hashes[250]
    with Project.open(path) as project:
        assert [len(part) for part in project.journal(1)] == [250, 250]
        while project.mark_undone(1):
            pass
        assert state(project, 1) == hashes[0]
        for _ in range(100):
            project.mark_redone(1)
    with Project.open(path) as project:
        assert state(project, 1) == hashes[100]
        while project.mark_redone(1):
            pass
        assert state(project, 1) == hashes[-1]
        assert project.next_region_id(1) == last_id


def test_the_journal_replays_to_the_stored_objects(path: Path) -> None:
    with Project.open(path) as project:
        for delta, _ in deltas(60, seed=4):
            project.commit(1, delta)
        regions = {}
        for delta in project.journal(1)[0]:
            regions = {i: r for i, r in regions.items() if i not in delta.before} | dict(
                delta.after
            )
        assert content_hash(regions.values()) == content_hash(project.regions(1).values())


def test_what_undo_and_redo_return_is_what_they_applied(path: Path) -> None:
    steps = [delta for delta, _ in deltas(5, seed=5)]
    with Project.open(path) as project:
        for step in steps:
            project.commit(1, step)
        undone = [project.mark_undone(1) for _ in range(6)]
        assert undone[-1] is None
        assert [d.name for d in undone if d] == [s.name for s in reversed(steps)]
        assert undone[0] and undone[0].after.keys() == steps[-1].before.keys()
        assert [d.name for d in project.journal(1)[1]] == [s.name for s in steps]
        redone = [project.mark_redone(1) for _ in range(6)]
        assert redone[-1] is None
        assert [d.name for d in redone if d] == [s.name for s in steps]


def test_a_new_step_forgets_what_was_undone_but_not_its_numbers(path: Path) -> None:
    first, _ = next(deltas(1, seed=8))
    with Project.open(path) as project:
        project.commit(1, first)
        used = project.next_region_id(1)
        project.mark_undone(1)
        assert project.next_region_id(1) == used
        project.commit(1, Delta("nothing"))
        done, undone = project.journal(1)
        assert [d.name for d in done] == ["nothing"] and undone == []
        assert project.mark_redone(1) is None
        assert project.next_region_id(1) == used


def test_images_have_journals_of_their_own(path: Path) -> None:
    with Project.open(path) as project:
        for delta, _ in deltas(10, seed=1):
            project.commit(1, delta)
        before = state(project, 1)
        for delta, _ in deltas(10, seed=2):
            project.commit(2, delta)
        assert state(project, 1) != state(project, 2)
        while project.mark_undone(2):
            pass
        assert project.regions(2) == {}
        assert content_hash(project.regions(1).values()) != content_hash([])
        while project.mark_redone(2):
            pass
        assert [len(part) for part in project.journal(1)] == [10, 0]
        while project.mark_undone(2):
            pass
        assert state(project, 1) == before


def test_a_step_that_does_not_fit_is_refused_whole(path: Path) -> None:
    step = next(delta for delta, _ in deltas(20, seed=3) if len(delta.after) > 1)
    with Project.open(path) as project:
        project.commit(1, step)
        before = state(project, 1)
        unknown = {999: next(iter(step.after.values()))}
        for wrong in (
            Delta("again", {}, step.after),
            Delta("drop", unknown),
            Delta("x", unknown, unknown),
        ):
            with pytest.raises(ProjectError, match=f"'{wrong.name}' does not fit"):
                project.commit(1, wrong)
        with pytest.raises(ProjectError):
            project.commit(77, step)
        assert state(project, 1) == before
        assert len(project.journal(1)[0]) == 1
