from PySide6.QtGui import QUndoGroup
from pytestqt.qtbot import QtBot

from app.actions.facts import Facts
from app.actions.spec import Need
from app.commands import edits
from app.commands.change_regions import perform
from tests.app.panels.fakes import FakeSession, box


def test_empty_desk(facts: Facts) -> None:
    assert facts.all == {Need.IDLE}


def test_facts_follow_the_work(
    facts: Facts, session: FakeSession, undo: QUndoGroup, qtbot: QtBot
) -> None:
    document = session.add(1, [box(1)])
    session.show(1)
    undo.addStack(document.stack)
    undo.setActiveStack(document.stack)
    assert facts.all == {Need.IDLE, Need.IMAGE, Need.OBJECTS}
    session.selection.set([1])
    with qtbot.waitSignal(facts.changed):
        perform(document, edits.delete(document, [1]))
    assert Need.UNDO in facts.all and Need.OBJECTS not in facts.all
    document.stack.undo()
    assert {Need.REDO, Need.OBJECTS, Need.SELECTION} <= facts.all
    session.add(2)
    assert Need.SEVERAL_IMAGES in facts.all


def test_a_burst_is_told_once(facts: Facts, session: FakeSession, qtbot: QtBot) -> None:
    session.add(1, [box(n) for n in range(1, 50)])
    session.show(1)
    told: list[bool] = []
    facts.changed.connect(lambda: told.append(True))
    for number in range(1, 50):
        session.selection.set([number])
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(20)
    assert len(told) == 1


def test_network_and_run(facts: Facts) -> None:
    facts.set_network(True)
    facts.set_running(True)
    assert facts.all == {Need.NETWORK, Need.RUNNING}
