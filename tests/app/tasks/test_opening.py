import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.tasks.opening import (
    Plan,
    Request,
    add_image,
    load_image,
    open_for_work,
    plan_opening,
)
from core.errors import ProjectError, UnreadableImage
from core.progress import Ticket
from core.project import locate
from core.project.records import ImageRecord
from core.project.store import Project
from tests.app.samples import Pictures
from tests.sealed import seal

TICKET = Ticket()


def plan(*paths: Path, current: Project | None = None, watched: bool = False) -> Plan:
    return plan_opening(Request(paths, watched=watched), current, TICKET)


def names(records: Iterable[ImageRecord]) -> list[str]:
    return [record.name for record in records]


def make_project(path: Path, *files: Path) -> Path:
    with Project.create(path) as project:
        for file in files:
            add_image(project, path, file, TICKET)
    return path


def test_one_image_gets_a_project_beside_it_that_is_not_made_yet(pictures: Pictures) -> None:
    path = pictures.discs("a.png")
    made = plan(path)
    assert (made.project, made.file, made.listed) == (None, path, ())
    assert made.project_path == pictures.folder / "a.cellscribe"
    assert not made.project_path.exists()


@pytest.mark.parametrize("method", ["add_files", "take", "counts"])
def test_no_lock_is_left_of_a_project_that_could_not_be_filled(
    method: str, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ProjectError("The disk is full.")

    paths = pictures.series(2)
    monkeypatch.setattr(Project, method, full)
    with pytest.raises(ProjectError, match="full"):
        if method == "take":
            add_image(None, pictures.folder / "a.cellscribe", paths[0], TICKET)
        else:
            plan(*paths)
    assert not list(pictures.folder.glob(".*"))


def test_a_folder_and_several_images_get_the_project_of_the_folder(pictures: Pictures) -> None:
    several = [pictures.discs(f"img{i}.png") for i in (1, 2, 10)]
    for paths in ([pictures.folder], several):
        made = plan(*paths)
        assert made.project and made.contents
        assert made.project.path == pictures.folder / "pictures.cellscribe"
        assert made.file is None
        assert names(made.listed) == ["img1.png", "img2.png", "img10.png"]
        assert made.contents.images.all == list(made.listed)
        assert not any(record.is_read for record in made.listed)
        made.project.close()
        made.project.path.unlink()


def test_what_may_not_be_read_is_told(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pictures.discs("a.png")
    seal(monkeypatch, pictures.folder)
    for asked in (pictures.folder, path):
        with pytest.raises(UnreadableImage, match="permission denied; c"):
            plan(asked)


def test_what_a_folder_has_already_is_not_listed_again(pictures: Pictures) -> None:
    pictures.series(2)
    first = plan(pictures.folder)
    assert first.project
    pictures.discs("img3.png")
    second = plan(pictures.folder, current=first.project)
    assert second.project is first.project
    assert (names(second.known), names(second.listed)) == (["img1.png", "img2.png"], ["img3.png"])
    assert second.contents is None
    first.project.close()


def test_a_watched_folder_adds_only_names_that_were_never_there(pictures: Pictures) -> None:
    pictures.series(2)
    path = make_project(pictures.folder / "pictures.cellscribe", pictures.folder / "img1.png")
    pictures.discs("img1.png", (1, 2, 3, 4, 5))
    with Project.open(path) as project:
        assert names(plan(pictures.folder, current=project, watched=True).listed) == ["img2.png"]
        assert names(plan(pictures.folder, current=project).listed) == ["img1.png"]


def test_the_project_of_an_image_is_continued(pictures: Pictures) -> None:
    a, b = pictures.discs("a.png"), pictures.discs("b.png")
    make_project(pictures.folder / "a.cellscribe", a)
    made = plan(a)
    assert made.project and made.project.path.name == "a.cellscribe"
    assert names(made.known) == ["a.png"]
    assert (made.file, made.listed) == (None, ())
    made.project.close()
    assert plan(b).project is None


def test_one_image_of_a_folder_that_has_a_project_goes_on_there(pictures: Pictures) -> None:
    a, b = pictures.discs("a.png"), pictures.discs("b.png")
    make_project(pictures.folder / "pictures.cellscribe", a)
    made = plan(b)
    assert made.project and made.project.path.name == "pictures.cellscribe"
    assert (made.file, made.known) == (b, ())
    made.project.close()


def test_images_go_into_the_project_that_is_open(pictures: Pictures, tmp_path: Path) -> None:
    a = pictures.discs("a.png")
    with Project.create(tmp_path / "open.cellscribe") as current:
        made = plan(a, current=current)
        assert made.project is current
        assert made.file == a


def test_a_chosen_project_is_opened_and_images_go_into_it(
    pictures: Pictures, tmp_path: Path
) -> None:
    a, b = pictures.discs("a.png"), pictures.discs("b.png")
    chosen = make_project(tmp_path / "chosen.cellscribe", a)
    with Project.create(tmp_path / "open.cellscribe") as current:
        made = plan(a, chosen, b, current=current)
        assert made.project and made.project.path == chosen
        assert names(made.known) == ["a.png"]
        assert names(made.listed) == ["b.png"]
        made.project.close()


def test_choosing_the_open_project_does_not_open_it_twice(tmp_path: Path) -> None:
    with Project.create(tmp_path / "open.cellscribe") as current:
        made = plan(tmp_path / "open.cellscribe", current=current)
        assert made.project is current
        assert made.note == ""


def test_a_file_of_another_size_is_read_again(pictures: Pictures) -> None:
    a = pictures.discs("a.png")
    project = make_project(pictures.folder / "a.cellscribe", a)
    pictures.discs("a.png", (50, 60, 70, 80, 90))
    made = plan(project, a)
    assert made.file == a
    assert made.project
    made.project.close()


def test_a_folder_that_cannot_be_written_to(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(locate, "is_writable", lambda folder: False)
    made = plan(pictures.discs("a.png"))
    assert home in made.project_path.parents
    assert made.project_path.name.startswith("a-")


def test_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="nothing to open"):
        plan()
    with pytest.raises(UnreadableImage, match="no image in"):
        plan(tmp_path)


def test_a_project_in_use_is_opened_only_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.cellscribe"
    with Project.create(path):
        project, note = open_for_work(path)
        assert project.read_only
        assert f"process {os.getpid()}" in note
        project.close()
    project, note = open_for_work(path)
    assert (project.read_only, note) == (False, "")
    project.close()


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.cellscribe"
    path.write_text("hello")
    with pytest.raises(ProjectError, match="not a Cellscribe project"):
        open_for_work(path)


def test_a_bad_image_makes_no_project(pictures: Pictures) -> None:
    path = pictures.folder / "a.png"
    path.write_text("hello")
    with pytest.raises(UnreadableImage, match=r"a\.png"):
        add_image(None, pictures.folder / "a.cellscribe", path, TICKET)
    assert list(pictures.folder.iterdir()) == [path]


def test_loading_tells_of_a_file_that_changed(pictures: Pictures) -> None:
    path = make_project(pictures.folder / "a.cellscribe", pictures.discs("a.png"))
    with Project.open(path) as project:
        record = project.images()[0]
        loaded = load_image(project, record, True, TICKET)
        assert loaded.note == ""
        assert loaded.stored and loaded.stored.next_id == 1
        pictures.discs("a.png", (1, 2, 3))
        loaded = load_image(project, record, False, TICKET)
        assert "was changed after" in loaded.note
        assert loaded.stored is None
        assert loaded.image.content_hash != record.content_hash


def test_loading_refuses_a_file_of_other_dimensions(pictures: Pictures) -> None:
    file = pictures.discs("a.png")
    path = make_project(pictures.folder / "a.cellscribe", file)
    with Project.open(path) as project:
        record = project.images()[0]
        pictures.crop("a.png", 40)
        with pytest.raises(UnreadableImage, match="is now 40 x 40 pixels and was 96 x 96"):
            load_image(project, record, True, TICKET)


def test_loading_finds_a_file_that_was_moved_and_asks_for_one_that_is_gone(
    pictures: Pictures,
) -> None:
    file = pictures.discs("a.png")
    path = make_project(pictures.folder / "a.cellscribe", file)
    with Project.open(path) as project:
        record = project.images()[0]
        (pictures.folder / "sub").mkdir()
        moved = file.rename(pictures.folder / "sub" / "other name.png")
        loaded = load_image(project, record, False, TICKET)
        assert loaded.image.path == moved
        assert loaded.record == project.images()[0]
        assert project.images()[0].path == "sub/other name.png"
        assert load_image(project, project.images()[0], False, TICKET).record is None
        moved.unlink()
        with pytest.raises(UnreadableImage, match=r"Cannot find a\.png.*its objects are kept"):
            load_image(project, record, True, TICKET)
