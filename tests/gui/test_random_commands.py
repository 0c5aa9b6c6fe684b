"""Random commands of the Edit and Outline menus in the real window: what is stored is never bad,
undo and redo are exact, and the project file holds what the window shows."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QProgressDialog,
    QRadioButton,
    QSlider,
)

from app.actions.catalog_outline import OUTLINE
from app.commands import edits
from app.commands.change_regions import perform
from core.annotation.geometry import clip_to_image, is_valid
from core.annotation.region import same_outline
from core.project.codec import content_hash
from core.project.delta import Delta, Step
from core.project.store import Project
from tests.app.canvas.samples import crowd
from tests.gui.window_desk import HEIGHT, SHIFT, WIDTH, WindowDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
EDITS = ("delete", "cut_objects", "paste", "duplicate", "lock", "review", "class_1", "class_2")
COMMANDS = (*(action.name for action in OUTLINE), *EDITS, *("undo",) * 4, *("redo",) * 2, "nudge")
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
COUNT = 90
PATIENCE = 60_000  # ms
AT_ONCE = 12  # regions; with many more, commands take long


class Clerk:
    """Gives the commands, and answers the dialogs that they open."""

    def __init__(self, desk: WindowDesk, seed: int) -> None:
        self.desk, self.random = desk, np.random.default_rng(seed)
        self.ids_ever = set(desk.document.regions)
        self.names: set[str] = set()
        desk.document.applied.connect(self._on_document_applied)

    def command(self) -> None:
        """One command to its end, on a random selection."""
        steps = self.desk.document.stack.index()
        self._select()
        name = str(self.random.choice(COMMANDS))
        if name == "nudge":
            self.desk.key(ARROWS[self.random.integers(4)], SHIFT)
        else:
            QGuiApplication.processEvents()  # actions learn a moment later what is selected
            self.desk.action(name).trigger()
        self._settle()
        assert abs(self.desk.document.stack.index() - steps) <= 1, name

    def _on_document_applied(self, delta: Delta, step: Step) -> None:
        for region in delta.after.values():
            x0, y0, x1, y1 = region.bounds
            assert is_valid(region) and min(x0, y0) >= 0 and x1 <= WIDTH and y1 <= HEIGHT
        if step is Step.DO:
            self.names.add(delta.name)
            locked = [region for region in delta.before.values() if region.locked]
            assert all(same_outline(region, delta.after[region.id]) for region in locked)
            assert self.ids_ever.isdisjoint(delta.after.keys() - delta.before.keys())
            self.ids_ever |= delta.after.keys()

    def _select(self) -> None:
        ids = sorted(self.desk.document.regions)
        count = min(int(self.random.choice((1, 2, 4, AT_ONCE))), len(ids))
        self.desk.selection.set(self.random.choice(ids, count, replace=False).tolist())

    def _settle(self) -> None:
        self.desk.qtbot.waitUntil(self._is_settled, timeout=PATIENCE)
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and not isinstance(dialog, QProgressDialog):
            self._answer(dialog)
        self.desk.qtbot.waitUntil(self._is_settled, timeout=PATIENCE)

    def _is_settled(self) -> bool:
        return not self.desk.program.runner.busy

    def _answer(self, dialog: QDialog) -> None:
        for slider in dialog.findChildren(QSlider):
            low, high = slider.minimum(), slider.maximum()
            slider.setValue(low + round((high - low) * self.random.uniform(0, 0.7)))
        for button in dialog.findChildren(QRadioButton):
            button.setChecked(bool(self.random.integers(2)))
        self.desk.qtbot.waitUntil(self._is_settled, timeout=PATIENCE)
        (box,) = dialog.findChildren(QDialogButtonBox)
        ok = box.button(QDialogButtonBox.StandardButton.Ok)
        if ok.isEnabled() and self.random.random() < 0.8:
            ok.click()
        else:
            dialog.reject()


@pytest.mark.parametrize("seed", [0, 1])
def test_random_commands_store_nothing_bad(window_desk: WindowDesk, seed: int) -> None:
    desk = window_desk
    document, stack = desk.document, desk.document.stack
    blobs = [b for b in crowd(16, WIDTH, HEIGHT, seed).values() if b.area < 4000]
    inside = (clip_to_image(blob, WIDTH, HEIGHT) for blob in blobs)
    regions = [replace(region, locked=region.id % 5 == 0) for region in inside]
    perform(document, edits.add(document, regions, "Draw"))
    begin, at_first = stack.index(), desk.hash
    clerk = Clerk(desk, seed)
    for number in range(COUNT):
        clerk.command()
        uids = {region.uid for region in document.regions.values()}
        assert len(uids) == len(document.regions)
        if stack.index() < begin:
            stack.setIndex(begin)
        if number % 10 == 0:
            assert on_disk(desk) == desk.hash
    assert len(clerk.names) > 8, sorted(clerk.names)
    in_the_end, end = desk.hash, stack.index()
    assert on_disk(desk) == in_the_end
    stack.setIndex(begin)
    assert desk.hash == at_first == on_disk(desk)
    stack.setIndex(end)
    assert desk.hash == in_the_end == on_disk(desk)


def on_disk(desk: WindowDesk) -> str:
    """The content hash of what the project file holds once all is saved."""
    assert desk.program.session.flush()
    path = desk.program.session.project_path
    assert path is not None
    with Project.open(path, read_only=True) as project:
        return content_hash(project.regions(desk.document.image_id).values())
