"""Stories in the real window: what one undo takes back, and holes from drawing to a file."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.commands.change_regions import perform
from app.dialogs.export import ExportWish
from app.panels import class_edits
from app.tasks.importing import Choice
from core.annotation.region import Region
from core.formats import codec_named
from tests.app.actions.fakes import FakeAsk
from tests.gui.window_desk import CONTROL, HOLED, LOCKED, PLAIN, WindowDesk, circle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def export(desk: WindowDesk) -> None:
    """Write the native format beside the image."""
    ask, session = desk.program.ask, desk.program.session
    path, shown = session.project_path, session.current
    assert isinstance(ask, FakeAsk) and path is not None and shown is not None
    ask.wish = ExportWish(("json",), path.parent, "this", (shown.id,))
    desk.action("export").trigger()
    desk.qtbot.waitUntil(lambda: bool(list(path.parent.glob("*.json"))))
    desk.qtbot.waitUntil(lambda: desk.window.banner.text.startswith("1 file"))
    ask.paths, ask.choice = list(path.parent.glob("*.json")), Choice(skip_known=False)


def rings(region: Region) -> list[list[list[float]]]:
    return [points.tolist() for points in region.rings]


def test_undo_after_import_rename_and_move_takes_back_the_move_only(
    window_desk: WindowDesk,
) -> None:
    desk, classes = window_desk, window_desk.document.classes
    stack = desk.document.stack
    export(desk)
    steps = stack.count()
    desk.action("import").trigger()
    desk.qtbot.waitUntil(lambda: stack.count() == steps + 1)
    imported = set(desk.document.regions) - {PLAIN, HOLED, LOCKED}
    assert len(imported) == 3
    delta = class_edits.rename(classes.all, classes.find(0), "Nucleus")
    assert delta is not None
    perform(desk.document, delta)
    assert stack.count() == steps + 2
    before = desk.hash
    desk.take("V")
    desk.selection.set([PLAIN])
    bounds = desk.region(PLAIN).bounds
    desk.key(Qt.Key.Key_Right)
    assert stack.count() == steps + 3 and desk.region(PLAIN).bounds != bounds
    desk.qtbot.waitUntil(lambda: desk.action("undo").text() == "Undo Move object")
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.hash == before and classes.find(0).name == "Nucleus"
    assert imported <= set(desk.document.regions)
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert classes.find(0).name != "Nucleus" and imported <= set(desk.document.regions)
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert set(desk.document.regions) == {PLAIN, HOLED, LOCKED} and stack.index() == steps


def test_holes_are_drawn_moved_filled_and_come_back_from_a_file(window_desk: WindowDesk) -> None:
    desk = window_desk
    desk.take("R")
    desk.drag((20, 80), (60, 100), (120, 140))
    number = desk.newest().id
    whole = desk.newest().area
    desk.take("K")
    for x in (45, 95):
        desk.drag(*circle(x, 110, 10))
    assert [len(desk.region(number).holes), desk.document.stack.undoText()] == [2, "Add hole"]

    desk.take("E")
    desk.selection.set([number])
    hole = desk.region(number).holes[0]
    x, y = hole[0].tolist()
    centre = hole.mean(axis=0)
    target = tuple((centre + 1.5 * (hole[0] - centre)).tolist())
    middle = ((x + target[0]) / 2, (y + target[1]) / 2)
    desk.drag((x, y), middle, (target[0], target[1]))
    moved = desk.region(number)
    assert desk.document.stack.undoText() == "Move vertex" and len(moved.holes) == 2
    assert np.abs(moved.holes[0] - target).sum(axis=1).min() < 1

    desk.take("K")
    desk.click((95, 110))
    filled = desk.region(number)
    assert len(filled.holes) == 1 and filled.area > moved.area and filled.area < whole
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert len(desk.region(number).holes) == 2

    export(desk)
    ask = desk.program.ask
    assert isinstance(ask, FakeAsk)
    (read,) = (
        region
        for region in codec_named("json").read(ask.paths[0]).annotations.regions
        if len(region.holes) == 2
    )
    steps = desk.document.stack.count()
    assert rings(read) == rings(moved) and read.area == moved.area
    desk.action("import").trigger()
    desk.qtbot.waitUntil(lambda: desk.document.stack.index() != steps - 1)
    twins = [r for r in desk.document.regions.values() if len(r.holes) == 2]
    assert len(twins) == 2 and rings(twins[0]) == rings(twins[1])
    assert twins[0].uid != twins[1].uid and twins[0].id != twins[1].id
