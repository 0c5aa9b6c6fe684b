from pathlib import Path

import pytest

from core.errors import CannotWrite, ProjectError
from core.project import copy as copy_module
from core.project.copy import copy_project
from core.project.store import Project
from tests.core.project.samples import deltas, image, state


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project in a folder of its own, with two images and objects."""
    folder = tmp_path / "work"
    (folder / "images").mkdir(parents=True)
    for name in ("a.png", "images/b.png"):
        (folder / name).write_bytes(name.encode())
    with Project.create(folder / "a.cellscribe") as project:
        first = project.add_image(image(folder / "a.png"))
        project.add_image(image(folder / "images" / "b.png", "another hash"))
        for delta, _ in deltas(20, seed=1):
            project.commit(first.id, delta)
        project.mark_undone(first.id)
    return folder / "a.cellscribe"


def contents(path: Path) -> tuple[str, int, int]:
    with Project.open(path) as project:
        done, undone = project.journal(1)
        return state(project, 1), len(done), len(undone)


def test_the_copy_holds_everything_and_finds_the_same_images(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "b.cellscribe"
    target.parent.mkdir()
    copy_project(source, target)
    assert contents(target) == contents(source)
    with Project.open(target) as project:
        found = [project.locate_image(record) for record in project.images()]
        assert [record.path for record in project.images()] == [
            "../work/a.png",
            "../work/images/b.png",
        ]
    assert [path.resolve() for path in found if path] == [
        source.parent / "a.png",
        source.parent / "images" / "b.png",
    ]
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_project_that_is_open_is_copied_with_its_last_step(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.cellscribe"
    with Project.open(source) as project:
        project.mark_redone(1)
        copy_project(source, target)
        now = state(project, 1)
    assert contents(target)[0] == now


def test_a_project_that_stood_there_is_replaced_whole(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.cellscribe"
    Project.create(target).close()
    target.with_name("b.cellscribe-wal").write_bytes(b"left by a crash")
    copy_project(source, target)
    assert contents(target) == contents(source)


def test_a_project_in_use_is_not_replaced(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.cellscribe"
    with Project.create(target), pytest.raises(ProjectError, match="in use"):
        copy_project(source, target)
    with Project.open(target) as project:
        assert project.images() == []


def test_onto_itself(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(ProjectError, match="this project itself"):
        copy_project(source, source.parent / "images" / ".." / source.name)
    assert source.read_bytes() == before


@pytest.mark.parametrize("step", ["relate", "replace"])
def test_a_copy_that_fails_leaves_what_was_there(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "b.cellscribe"
    Project.create(target).close()
    before = target.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "relate":
        monkeypatch.setattr(copy_module, "_relate_paths", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(CannotWrite, match=r"b\.cellscribe.*no space left"):
        copy_project(source, target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.cellscribe", "work"]


def test_a_folder_that_is_not_there(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such file"):
        copy_project(source, tmp_path / "missing" / "b.cellscribe")


def test_the_copy_may_be_read_by_those_who_may_read_a_new_file(
    source: Path, tmp_path: Path
) -> None:
    target, other = tmp_path / "b.cellscribe", tmp_path / "other"
    other.touch()
    copy_project(source, target)
    assert target.stat().st_mode == other.stat().st_mode


def test_a_folder_that_takes_no_file_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(copy_module.tempfile, "mkstemp", refuse)
    with pytest.raises(CannotWrite, match="permission denied"):
        copy_project(source, tmp_path / "b.cellscribe")
