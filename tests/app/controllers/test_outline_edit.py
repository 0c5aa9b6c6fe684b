"""An operation is a draft until it is made, and then one undo step."""

from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.commands.change_regions import perform
from app.controllers.outline_changes import Change, Compared, compared, each, joined
from app.controllers.outline_edit import CHANGED, LEFT, NOTHING, Ending, Operation, OutlineEdit
from app.document.document import Document
from app.tasks.runner import Runner
from core.annotation.offsets import expanded
from core.annotation.region import Region
from core.errors import InvalidGeometry
from core.project.codec import content_hash
from core.project.delta import Delta
from tests.app.canvas.samples import document, square


@pytest.fixture
def page() -> Document:
    return document({1: square(1, 10, 10, 20), 2: square(2, 50, 10, 4)})


def operation(page: Document, change: Change) -> Operation[Compared]:
    work = partial(compared, list(page.regions.values()), change, (page.width, page.height))
    return Operation("Grow", work, lambda done: f"{len(done.after)} grown.")


def grow(page: Document, pixels: float) -> Operation[Compared]:
    return operation(page, each(lambda region, _: expanded(region, pixels)))


def state(page: Document) -> str:
    return content_hash(page.regions.values())


def test_the_amount_is_shown_and_can_be_taken_back(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    before, edit = state(page), OutlineEdit(page, runner)
    with qtbot.waitSignal(edit.shown) as shown:
        edit.ask(grow(page, 2))
    changed: Compared = shown.args[0]
    assert len(changed.after) == 2 and changed.difference.deviation == pytest.approx(2, abs=0.9)
    assert page.regions[1].area > 500 and page.stack.count() == 0
    edit.drop()
    assert state(page) == before and page.stack.count() == 0


def test_making_it_is_one_step_of_the_newest_amount(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    before, edit = state(page), OutlineEdit(page, runner)
    for amount in (1.0, 3.0, 2.0):
        edit.ask(grow(page, amount))
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args == [Ending(True, "2 grown.")]
    assert page.stack.count() == 1 and page.stack.undoText() == "Grow"
    assert page.regions[1].bounds == pytest.approx((8, 8, 32, 32), abs=0.1)
    assert page.regions[1].edited
    page.stack.undo()
    assert state(page) == before


def test_what_cannot_be_done_is_said_and_the_rest_made(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit = OutlineEdit(page, runner)
    edit.ask(grow(page, -3))
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args[0].made and ended.args[0].is_problem
    assert page.regions[1].area == pytest.approx(14**2, rel=0.01) and page.regions[2].area == 16


def test_nothing_outside_the_image(page: Document, runner: Runner, qtbot: QtBot) -> None:
    edit = OutlineEdit(page, runner)
    edit.ask(grow(page, 30))
    with qtbot.waitSignal(edit.ended):
        edit.make()
    x0, y0, x1, y1 = page.regions[1].bounds
    assert min(x0, y0) >= 0 and x1 <= page.width and y1 <= page.height


def test_no_change_is_no_step(page: Document, runner: Runner, qtbot: QtBot) -> None:
    edit = OutlineEdit(page, runner)
    edit.ask(operation(page, each(lambda region, _: region)))
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args == [Ending(False, NOTHING)] and page.stack.count() == 0


def test_a_change_that_fails_leaves_everything(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    def fail(region: Region, _: object) -> Region:
        raise InvalidGeometry("It is too small.")

    edit = OutlineEdit(page, runner)
    edit.ask(operation(page, each(fail)))
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert (
        ended.args == [Ending(False, "It is too small.", is_problem=True)]
        and page.stack.count() == 0
    )


def test_a_step_of_another_ends_it_and_nothing_comes_back(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit, again = OutlineEdit(page, runner), grow(page, 3)
    with qtbot.waitSignal(edit.shown):
        edit.ask(grow(page, 2))
    with qtbot.waitSignal(edit.ended) as ended:
        perform(page, Delta("Segment", {2: page.stored[2]}, {}))
    assert ended.args == [Ending(False, CHANGED, is_problem=True)]
    edit.ask(again)
    edit.drop()
    assert sorted(page.regions) == [1] and page.regions[1].area == 400


def test_a_result_that_comes_after_another_step_is_dropped(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit = OutlineEdit(page, runner)
    edit.ask(grow(page, 2))
    edit.make()
    with qtbot.waitSignal(edit.ended) as ended:
        perform(page, Delta("Segment", {2: page.stored[2]}, {}))
    assert ended.args == [Ending(False, CHANGED, is_problem=True)]
    qtbot.waitUntil(lambda: not runner.busy)
    assert page.stack.count() == 1 and page.regions[1].area == 400


def test_who_goes_on_to_another_image_is_told_that_nothing_was_done(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit, before = OutlineEdit(page, runner), state(page)
    with qtbot.waitSignal(edit.shown):
        edit.ask(grow(page, 2))
    with qtbot.waitSignal(edit.ended) as ended:
        edit.leave()
    assert ended.args == [Ending(False, LEFT)] and state(page) == before


def test_regions_may_go(page: Document, runner: Runner, qtbot: QtBot) -> None:
    page = document({1: square(1, 10, 10, 20), 2: square(2, 30, 10, 30)})
    work = partial(joined, list(page.regions.values()), (page.width, page.height))
    edit = OutlineEdit(page, runner)
    with qtbot.waitSignal(edit.ended):
        edit.ask(Operation("Merge", work, lambda done: "Merged."))
        edit.make()
    assert sorted(page.regions) == [2] and page.regions[2].area > 900
    page.stack.undo()
    assert sorted(page.regions) == [1, 2]
