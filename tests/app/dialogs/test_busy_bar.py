"""A bar that appears only when work takes a while."""

from pytestqt.qtbot import QtBot

from app.dialogs.busy_bar import BusyBar


def test_it_comes_after_a_while_and_goes_when_the_work_is_done(qtbot: QtBot) -> None:
    bar = BusyBar()
    qtbot.addWidget(bar)
    bar.report(1, 4)
    assert bar.isHidden()
    qtbot.waitUntil(bar.isVisible)
    bar.report(3, 4)
    assert (bar.value(), bar.maximum()) == (3, 4)
    bar.rest()
    assert bar.isHidden()


def test_quick_work_shows_none(qtbot: QtBot) -> None:
    bar = BusyBar()
    qtbot.addWidget(bar)
    bar.report(0, 0)
    bar.rest()
    assert bar.isHidden() and not bar.is_waiting
