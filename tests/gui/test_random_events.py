"""Random events for the real window, sensible or not: buttons that do not go up, keys and other
tools in the middle of a drag. Nothing fails, nothing bad is stored, undo and redo are exact."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.tools import TOOLS
from app.commands import edits
from app.commands.change_regions import perform
from core.annotation.geometry import clip_to_image, is_valid
from core.annotation.region import same_outline
from core.project.delta import Delta, Step
from tests.app.canvas.samples import crowd
from tests.gui.window_desk import ALT, CONTROL, HEIGHT, NO_BUTTON, NONE, SHIFT, WIDTH, WindowDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
EVENTS = 1200
BUTTONS = (Qt.MouseButton.LeftButton,) * 5 + (Qt.MouseButton.RightButton,)
HELD = (NONE,) * 6 + (SHIFT, CONTROL, ALT, SHIFT | ALT)
TOOL_KEYS = tuple(Key(ord(spec.shortcut)) for spec in TOOLS)
PLAIN_KEYS = (
    *(Key.Key_Escape, Key.Key_Return, Key.Key_Backspace, Key.Key_Delete, Key.Key_F, Key.Key_Q),
    *(Key.Key_Left, Key.Key_Down, Key.Key_BracketLeft, Key.Key_BracketRight, Key.Key_Period),
    *(Key.Key_U, Key.Key_H, Key.Key_I, Key.Key_1, Key.Key_2, Key.Key_QuoteLeft, Key.Key_Space),
)
COMMAND_KEYS = (Key.Key_Z,) * 3 + (Key.Key_Y, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_D)


class Monkey:
    """Does one thing after the other; what it holds down stays down until it lets go."""

    def __init__(self, desk: WindowDesk, seed: int) -> None:
        self.desk, self.random = desk, np.random.default_rng(seed)
        self.place = QPointF(200, 200)
        self.down, self.held = NO_BUTTON, NONE
        self.names: set[str] = set()
        desk.document.applied.connect(self._on_document_applied)

    def act(self) -> None:
        ways = (self.move, self.button, self.tool, self.key, self.command, self.wheel, self.pick)
        way = self.random.choice(len(ways), p=(0.45, 0.22, 0.08, 0.12, 0.04, 0.04, 0.05))
        if popup := QApplication.activePopupWidget():
            popup.close()
        elif not self.desk.canvas.hasFocus():
            self.desk.window.activateWindow()
            self.desk.canvas.setFocus()
            QTest.qWait(1)
        else:
            ways[way]()

    def move(self) -> None:
        step = self.random.normal(0, self.random.choice((2, 15, 80)), 2)
        x, y = np.clip(np.array(self.place.toTuple()) + step, -20, 620)
        self.place = QPointF(float(x), float(y))
        self._mouse(QEvent.Type.MouseMove, NO_BUTTON)

    def button(self) -> None:
        button = BUTTONS[self.random.integers(len(BUTTONS))]
        if self.down & button:
            self.down &= ~button
            self._mouse(QEvent.Type.MouseButtonRelease, button)
            return
        self.held = HELD[self.random.integers(len(HELD))]
        self.down |= button
        double = self.random.random() < 0.1
        press = QEvent.Type.MouseButtonPress
        self._mouse(QEvent.Type.MouseButtonDblClick if double else press, button)
        if button == Qt.MouseButton.RightButton:
            at, reason = self.place.toPoint(), QContextMenuEvent.Reason.Mouse
            self._send(QContextMenuEvent(reason, at, self.desk.canvas.mapToGlobal(at)))

    def tool(self) -> None:
        self.desk.key(TOOL_KEYS[self.random.integers(len(TOOL_KEYS))])

    def key(self) -> None:
        key = PLAIN_KEYS[self.random.integers(len(PLAIN_KEYS))]
        self.desk.key(key, SHIFT if self.random.random() < 0.2 else NONE)

    def command(self) -> None:
        self.desk.key(COMMAND_KEYS[self.random.integers(len(COMMAND_KEYS))], CONTROL)

    def wheel(self) -> None:
        """Zoom, or what the tool does with it; else the focus is lost."""
        there = QPointF(self.desk.canvas.mapToGlobal(self.place.toPoint()))
        turn, phase = QPoint(0, int(self.random.choice((-120, 120)))), Qt.ScrollPhase.NoScrollPhase
        held = CONTROL if self.random.random() < 0.5 else NONE
        event = QWheelEvent(self.place, there, QPoint(), turn, self.down, held, phase, False)
        self._send(event if self.random.random() < 0.8 else QFocusEvent(QEvent.Type.FocusOut))

    def pick(self) -> None:
        """Select some, see all of the image, and let the window live."""
        ids = sorted(self.desk.document.regions)
        count = min(int(self.random.choice((0, 1, 1, 3))), len(ids))
        self.desk.selection.set(self.random.choice(ids, count, replace=False).tolist())
        if self.random.random() < 0.3:
            self.desk.canvas.fit()
        QTest.qWait(2)

    def _mouse(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        there = QPointF(self.desk.canvas.mapToGlobal(self.place.toPoint()))
        self._send(QMouseEvent(kind, self.place, there, button, self.down, self.held))

    def _send(self, event: QEvent) -> None:
        QApplication.sendEvent(self.desk.canvas, event)

    def _on_document_applied(self, delta: Delta, step: Step) -> None:
        for region in delta.after.values():
            x0, y0, x1, y1 = region.bounds
            assert is_valid(region) and min(x0, y0) >= 0 and x1 <= WIDTH and y1 <= HEIGHT
        if step is Step.DO:
            self.names.add(delta.name.split()[0])
            locked = [region for region in delta.before.values() if region.locked]
            assert all(same_outline(region, delta.after[region.id]) for region in locked)


@pytest.mark.parametrize("seed", [0, 1])
def test_random_events_store_nothing_bad(window_desk: WindowDesk, seed: int) -> None:
    desk = window_desk
    document, stack = desk.document, desk.document.stack
    blobs = crowd(30, WIDTH, HEIGHT, seed).values()
    inside = (clip_to_image(blob, WIDTH, HEIGHT) for blob in blobs)
    regions = [replace(region, locked=region.id % 7 == 0) for region in inside]
    perform(document, edits.add(document, regions, "Draw"))
    begin, at_first = stack.index(), desk.hash
    monkey = Monkey(desk, seed)
    for _ in range(EVENTS):
        monkey.act()
        assert desk.selection.ids <= document.regions.keys()
        if stack.index() < begin:
            stack.setIndex(begin)
    desk.canvas.cancel_gesture()
    assert len(monkey.names) > 3, monkey.names
    in_the_end, end = desk.hash, stack.index()
    stack.setIndex(begin)
    assert desk.hash == at_first
    stack.setIndex(end)
    assert desk.hash == in_the_end
