import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.annotation.annotation_set import RunInfo
from core.annotation.classes import LabelClass
from core.errors import ProjectError
from core.image.model import Image
from core.image.source import PROJECTION, Plane
from core.project.delta import Delta
from core.project.store import Project
from tests.core.project.samples import deltas, image, state


@pytest.fixture
def project(tmp_path: Path):
    with Project.create(tmp_path / "p.cellscribe") as project:
        yield project


def file_image(path: Path, content: bytes = b"cells") -> Image:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return image(path, hashlib.sha256(content).hexdigest())


def test_an_image_is_recorded_with_its_facts(project: Project) -> None:
    record = project.add_image(file_image(project.folder / "images" / "Ärzte µ.tif"))
    assert (record.path, record.name) == ("images/Ärzte µ.tif", "Ärzte µ.tif")
    assert (record.width, record.height, record.pixel_size_um) == (64, 48, 0.5)
    assert (record.file_size, record.status) == (5, "new")
    assert project.images() == [record] and project.image(record.id) == record


def test_the_same_image_keeps_its_record(project: Project) -> None:
    picture = file_image(project.folder / "a.tif")
    assert project.add_image(picture) == project.add_image(picture)
    untitled = project.add_image(image())
    assert project.add_image(image()) == untitled
    assert untitled.name == "untitled"
    assert project.locate_image(untitled) is None


def test_other_content_or_a_copy_elsewhere_is_another_image(project: Project) -> None:
    first = project.add_image(file_image(project.folder / "a.tif"))
    copy = project.add_image(file_image(project.folder / "copy.tif"))
    changed = project.add_image(file_image(project.folder / "a.tif", b"other"))
    assert len({first.id, copy.id, changed.id}) == 3


def test_an_image_that_was_moved_is_found_and_keeps_its_objects(project: Project) -> None:
    picture = file_image(project.folder / "a.tif")
    record = project.add_image(picture)
    delta, _ = next(deltas(1, seed=8))
    project.commit(record.id, delta)
    before = state(project, record.id)
    assert project.locate_image(record) == project.folder / "a.tif"

    moved = project.folder / "sorted" / "b.tif"
    moved.parent.mkdir()
    (project.folder / "a.tif").rename(moved)
    assert project.locate_image(record) == moved
    again = project.add_image(replace(picture, path=moved))
    assert again == replace(record, path="sorted/b.tif")
    assert state(project, again.id) == before

    moved.unlink()
    assert project.locate_image(again) is None
    assert state(project, again.id) == before


def test_each_plane_is_an_image_and_they_move_together(project: Project) -> None:
    picture = file_image(project.folder / "a.tif")
    planes = [Plane(), Plane(z=3), Plane(scene=1, t=2), Plane(z=PROJECTION)]
    records = [project.add_image(replace(picture, plane=plane)) for plane in planes]
    assert len({record.id for record in records}) == 4
    assert [record.plane for record in project.images()] == planes
    assert project.add_image(replace(picture, plane=Plane(z=3))) == records[1]
    titles = ["a.tif", "a.tif, z 4", "a.tif, scene 2, t 3", "a.tif, z max"]
    assert [record.title for record in records] == titles

    moved = (project.folder / "a.tif").rename(project.folder / "b.tif")
    assert project.add_image(replace(picture, path=moved)).id == records[0].id
    assert {record.path for record in project.images()} == {"b.tif"}


def test_a_folder_may_move_with_its_project(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with Project.create(old / "p.cellscribe") as project:
        project.add_image(file_image(old / "images" / "a.tif"))
    new = old.rename(tmp_path / "new")
    with Project.open(new / "p.cellscribe") as project:
        (record,) = project.images()
        assert project.locate_image(record) == new / "images" / "a.tif"


def test_status(project: Project) -> None:
    record = project.add_image(image())
    project.set_status(record.id, "reviewed")
    assert project.image(record.id).status == "reviewed"
    with pytest.raises(ProjectError, match="only new, segmented, edited, reviewed"):
        project.set_status(record.id, "processing")  # type: ignore[arg-type]


def test_a_pixel_size_that_a_person_said_stays_when_the_file_is_read(project: Project) -> None:
    path = project.folder / "a.tif"
    read = file_image(path)
    (listed,) = project.add_files([path], [5])
    project.set_pixel_size([listed.id], 0.11)
    assert project.take(read, listed.id).record.pixel_size_um == 0.11
    plane = project.add_image(replace(read, plane=Plane(t=1)))
    assert plane.pixel_size_um == 0.11, "all planes of a file have the same one"
    project.set_pixel_size([listed.id, plane.id], None)
    assert [record.pixel_size_um for record in project.images()] == [None, None]


def test_unknown_image(project: Project) -> None:
    with pytest.raises(ProjectError, match="no image number 5"):
        project.image(5)
    assert project.regions(5) == {}
    assert project.journal(5) == ([], [])
    assert project.mark_undone(5) is None


def test_settings_are_kept(project: Project) -> None:
    value = {"view": [1.5, 2, "fit"], "tool": None, "µ": True}
    project.set_setting("window", value)
    project.set_setting("window", {**value, "tool": "brush"})
    project.close()
    with Project.open(project.path) as again:
        assert again.setting("window") == {**value, "tool": "brush"}
        assert again.setting("missing") is None
        assert again.setting("missing", 3) == 3


def test_settings_are_found_by_their_beginning(project: Project) -> None:
    for key in ("display a", "display %", "displays", "Display b"):
        project.set_setting(key, [key])
    assert project.settings("display ") == {"a": ["display a"], "%": ["display %"]}


def test_runs_are_kept_and_the_last_one_is_exported(project: Project) -> None:
    record = project.add_image(image())
    assert project.annotations(record.id).run is None
    first, second = RunInfo("unet", 0.5, 120.5), RunInfo("hrnet", 0.25, 80.0)
    project.record_run(record.id, first, "ab" * 32, {"tile": 512})
    project.record_run(record.id, second)
    runs = project.runs(record.id)
    assert [r.info for r in runs] == [first, second]
    assert (runs[0].weights_sha256, runs[0].settings) == ("ab" * 32, {"tile": 512})
    assert runs[0].time <= runs[1].time
    assert project.annotations(record.id).run == second


def test_annotations_are_everything_about_an_image(project: Project) -> None:
    record = project.add_image(file_image(project.folder / "a.tif"))
    steps = list(deltas(20, seed=6))
    for delta, _ in steps:
        project.commit(record.id, delta)
    annotations = project.annotations(record.id)
    assert [r.id for r in annotations.regions] == sorted(steps[-1][1])
    assert annotations.classes == project.classes()
    assert (annotations.image_name, annotations.width, annotations.height) == ("a.tif", 64, 48)
    assert annotations.pixel_size_um == 0.5
    assert annotations.content_hash == record.content_hash


def test_threads_take_turns(project: Project) -> None:
    record = project.add_image(image())
    (delta, _), *_ = [d for d in deltas(20, seed=8) if len(d[0].after) and not d[0].before]
    template = next(iter(delta.after.values()))

    def work(start: int) -> None:
        for number in range(start, start + 20):
            project.commit(record.id, Delta("add", {}, {number: replace(template, id=number)}))

    threads = [threading.Thread(target=work, args=(1 + 100 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(project.regions(record.id)) == 80
    assert len(project.journal(record.id)[0]) == 80
    assert project.next_region_id(record.id) == 321


def test_the_id_of_an_undone_class_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "classes.cellscribe"
    with Project.create(path) as project:
        record = project.add_image(image())
        assert project.next_class_id() == 1
        dead = LabelClass(1, "Dead", "#000000")
        project.commit(record.id, Delta("Add class", classes_after={1: dead}))
        project.mark_undone(record.id)
    with Project.open(path) as project:
        assert len(project.classes()) == 1
        assert project.next_class_id() == 2
