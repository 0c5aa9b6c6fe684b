"""An operation is a draft until it is made, and then one undo step."""

import pytest
from pytestqt.qtbot import QtBot

from app.commands.change_regions import perform
from app.controllers.outline_edit import CHANGED, NOTHING, Changed, Operation, OutlineEdit, each
from app.document.document import Document
from app.tasks.runner import Runner
from core.annotation.offsets import expanded
from core.annotation.region import Region
from core.errors import InvalidGeometry
from core.project.codec import content_hash
from core.project.delta import Delta
from tests.app.canvas.samples import document, square

GROW = Operation("Grow", each(expanded))


@pytest.fixture
def page() -> Document:
    return document({1: square(1, 10, 10, 20), 2: square(2, 50, 10, 4)})


def begun(page: Document, runner: Runner, operation: Operation = GROW) -> OutlineEdit:
    return OutlineEdit(page, list(page.regions.values()), operation, runner)


def state(page: Document) -> str:
    return content_hash(page.regions.values())


def test_the_amount_is_shown_and_can_be_taken_back(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    before, edit = state(page), begun(page, runner)
    with qtbot.waitSignal(edit.shown) as shown:
        edit.ask(2)
    changed: Changed = shown.args[0]
    assert len(changed.after) == 2 and changed.difference.deviation == pytest.approx(2, abs=0.9)
    assert page.regions[1].area > 500 and page.stack.count() == 0
    edit.drop()
    assert state(page) == before and page.stack.count() == 0


def test_making_it_is_one_step_of_the_newest_amount(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    before, edit = state(page), begun(page, runner)
    for amount in (1.0, 3.0, 2.0):
        edit.ask(amount)
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args == [True, ""]
    assert page.stack.count() == 1 and page.stack.undoText() == "Grow"
    assert page.regions[1].bounds == pytest.approx((8, 8, 32, 32), abs=0.1)
    assert page.regions[1].edited
    page.stack.undo()
    assert state(page) == before


def test_what_cannot_be_done_is_said_and_the_rest_made(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit = begun(page, runner)
    edit.ask(-3)
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args[0] and ended.args[1]
    assert page.regions[1].area == pytest.approx(14**2, rel=0.01) and page.regions[2].area == 16


def test_nothing_outside_the_image(page: Document, runner: Runner, qtbot: QtBot) -> None:
    edit = begun(page, runner)
    edit.ask(30)
    with qtbot.waitSignal(edit.ended):
        edit.make()
    x0, y0, x1, y1 = page.regions[1].bounds
    assert min(x0, y0) >= 0 and x1 <= page.width and y1 <= page.height


def test_no_change_is_no_step(page: Document, runner: Runner, qtbot: QtBot) -> None:
    edit = begun(page, runner, Operation("Nothing", each(lambda region, _: region)))
    edit.ask(0)
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args == [False, NOTHING] and page.stack.count() == 0


def test_a_change_that_fails_leaves_everything(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    def fail(region: Region, _: float) -> Region:
        raise InvalidGeometry("It is too small.")

    edit = begun(page, runner, Operation("Fail", each(fail)))
    edit.ask(0)
    with qtbot.waitSignal(edit.ended) as ended:
        edit.make()
    assert ended.args == [False, "It is too small."] and page.stack.count() == 0


def test_a_step_of_another_ends_it_and_nothing_comes_back(
    page: Document, runner: Runner, qtbot: QtBot
) -> None:
    edit = begun(page, runner)
    with qtbot.waitSignal(edit.shown):
        edit.ask(2)
    with qtbot.waitSignal(edit.ended) as ended:
        perform(page, Delta("Segment", {2: page.stored[2]}, {}))
    assert ended.args == [False, CHANGED]
    edit.ask(3)
    edit.drop()
    assert sorted(page.regions) == [1] and page.regions[1].area == 400
