from dataclasses import replace
from pathlib import Path

import pytest

from app.steps import status_after, write_of
from core.annotation.classes import LabelClass
from core.annotation.region import Region
from core.project.delta import Delta, Step
from core.project.store import Project
from tests.app.samples import MODEL, square
from tests.core.project.samples import image

PROPOSAL = square(0, 0, origin=MODEL)


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (PROPOSAL, "segmented"),
        (replace(PROPOSAL, edited=True), "edited"),
        (replace(PROPOSAL, reviewed=True), "edited"),
        (square(0, 0), "edited"),
        (None, "edited"),
    ],
)
def test_the_status_after_a_step(after: Region | None, status: str) -> None:
    delta = Delta("step", {1: PROPOSAL}, {1: after} if after else {})
    assert status_after(delta) == status


@pytest.mark.parametrize("fact", ["locked", "reviewed"])
def test_what_a_person_takes_back_is_an_edit(fact: str) -> None:
    before = replace(PROPOSAL, **{fact: True})
    assert status_after(Delta("step", {1: before}, {1: PROPOSAL})) == "edited"


def test_classes_say_nothing_about_an_image() -> None:
    cell = LabelClass(5, "Cell", "#ff0000")
    assert status_after(Delta("Add class", classes_after={5: cell})) == "new"


def test_steps_in_the_project_are_those_of_the_document(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a.cellscribe") as project:
        number = project.add_image(image()).id
        first, second = Delta("first", {}, {1: PROPOSAL}), Delta("second", {1: PROPOSAL}, {})
        for delta, step in (
            (first, Step.DO),
            (second, Step.DO),
            (second.inverse(), Step.UNDO),
            (first.inverse(), Step.UNDO),
            (first, Step.REDO),
        ):
            write_of(number, delta, step)(project)
        assert list(project.regions(number)) == [1]
        done, undone = project.journal(number)
        assert ([d.name for d in done], [d.name for d in undone]) == (["first"], ["second"])
