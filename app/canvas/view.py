"""Canvas: the widget that shows an image with its regions, and hands the mouse to a tool."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas import events
from app.canvas.host import CanvasHost, Seen
from app.canvas.nudging import Nudge
from app.canvas.picture import PictureWidget
from app.canvas.readout import readout
from app.canvas.tools import TOOLS
from app.canvas.tools.base import Tool
from app.document.document import Document
from app.document.selection import Selection
from core.image.model import Image

PEEK_KEYS = (Qt.Key.Key_QuoteLeft, Qt.Key.Key_Dead_Grave)  # left of 1 on many keyboards


class Canvas(PictureWidget):
    """Shows one image and one document; changes go through the document's undo stack."""

    pointer_moved = Signal(object)  # Readout, None when the pointer has left
    tool_changed = Signal(str)
    menu_asked = Signal(QPoint)  # on the screen, for what is selected
    files_dropped = Signal(list)  # Path of each file or folder

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._selection = selection
        self._host: CanvasHost | None = None
        self._nudge: Nudge | None = None
        self._tools: dict[str, Tool] = {}
        self._tool_name = TOOLS[0].name
        self._dropping = False
        self._steering = False  # the minimap is being dragged in
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Image"))

    # What is shown

    def set_image(self, image: Image | None) -> None:
        """Show another image, as a whole; None shows where to drop one."""
        self.cancel_gesture()
        self.show_image(image)

    def set_document(self, document: Document | None) -> None:
        """Show and edit the regions of another document."""
        self.cancel_gesture()
        self._scene.set_document(document)
        self._host, self._nudge, self._tools = None, None, {}
        if document is not None:
            show, say = self._scene.show, self.said.emit
            store, seen = self._scene.store, self._seen
            host = CanvasHost(document, self._selection, store, seen, show, say)
            self._host, self._nudge = host, Nudge(host)
            self._tools = {spec.name: spec.build(host) for spec in TOOLS}

    def show_region(self, region_id: int) -> None:
        """Bring a region to the centre; zoom only when it would be tiny or not fit. A hidden one is
        shown again."""
        if bounds := self._scene.reveal(region_id):
            self.look(self.viewport.showing(bounds))

    # Tools

    @property
    def tool(self) -> str:
        """Name of the tool in use."""
        return self._tool_name

    def set_tool(self, name: str) -> None:
        """Take another tool; what the one before was at is dropped. KeyError for an unknown one."""
        spec = {spec.name: spec for spec in TOOLS}[name]
        if name == self._tool_name:
            return
        self.cancel_gesture()
        self._tool_name = name
        self._scene.vertices_visible = name == "vertices"
        cross, plain = Qt.CursorShape.CrossCursor, Qt.CursorShape.ArrowCursor
        self.set_plain_cursor(cross if spec.draws else plain)
        self.update()
        title = self.tr(spec.title).capitalize()
        self.said.emit(self.tr("{}: press ? to see how it works.").format(title))
        self.tool_changed.emit(name)

    def cancel_gesture(self) -> None:
        """Drop what the tool was at; nothing changes."""
        self.end_panning()
        self._steering = False
        if self._nudge:
            self._nudge.cancel()
        if tool := self._tool:
            tool.cancel()

    def _seen(self) -> Seen:
        assert self._image is not None  # without image there is no tool
        return Seen(self._image, self._scene.probability())

    @property
    def _tool(self) -> Tool | None:
        return self._tools.get(self._tool_name) if self._image is not None else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dropping:
            with QPainter(self) as painter:
                painter.setPen(QPen(self.palette().highlight(), 6))
                painter.drawRect(self.rect())

    # Mouse

    @events.caught
    def wheelEvent(self, event: QWheelEvent) -> None:
        notches, tool = events.wheel_notches(event), self._tool
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if held and tool and tool.wheel(notches):
            event.accept()
        else:
            super().wheelEvent(event)

    def pressed(self, event: QMouseEvent, double: bool) -> None:
        on_minimap = self.is_on_minimap(event.position())
        if event.buttons() == event.button():  # else a drag is under way, which goes on
            self._steering = on_minimap
        if self._steering:
            self.steer(event.position())
        elif not on_minimap and (tool := self._tool):
            tool.press(events.pointer(event, self.viewport, double))

    def moved(self, event: QMouseEvent) -> None:
        if self._steering:
            self.steer(event.position())
        elif not event.buttons() and self.is_on_minimap(event.position()):
            self._leave_picture()
        elif tool := self._tool:
            tool.move(events.pointer(event, self.viewport))

    def released(self, event: QMouseEvent) -> None:
        if self._steering:
            self._steering = bool(event.buttons())
        elif tool := self._tool:
            tool.release(events.pointer(event, self.viewport))

    def pointed_at(self, position: QPointF) -> None:
        self.move_crosshair(position)
        if self._image is not None:
            at = self.viewport.to_image(*events.xy(position))
            self.pointer_moved.emit(readout(self._image, *at))

    @events.caught
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """With the Select tool; other tools have a use of their own for the right button."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if self._host is None or self._image is None or self._tool_name != "select":
            return
        if by_mouse and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        if by_mouse:
            self._point_out(QPointF(event.pos()))
        if self._selection.ids:
            self.menu_asked.emit(event.globalPos())

    def _point_out(self, position: QPointF) -> None:
        """Select what lies there, unless it belongs to what is selected."""
        hit = 0
        if self._host and not self.is_on_minimap(position):
            hit = self._host.region_at(*self.viewport.to_image(*events.xy(position)))
        if hit not in self._selection.ids:
            self._selection.set((hit,) if hit else ())

    @events.caught
    def leaveEvent(self, event: QEvent) -> None:
        self._leave_picture()
        self.move_crosshair(None)
        self.pointer_moved.emit(None)

    def _leave_picture(self) -> None:
        """The pointer is no longer over what can be edited."""
        self._selection.hover(0)
        if tool := self._tool:
            tool.leave()

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keys that the canvas has a use for are not shortcuts while it has the focus."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._has_use_for(event):
            event.accept()
            return True
        return super().event(event)

    @events.caught
    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = events.key_name(event)
        if is_for_peeking(event):
            self.peek(True)
            return
        if name == "Escape" and self._nudge and self._nudge.is_under_way:
            self._nudge.cancel()
        elif name and (tool := self._tool) and tool.key(name):
            return
        elif self._deletes(name) and self._host and self._selection.ids:
            self._host.delete(self._selection.ids)
        elif name == "Escape" and self._selection.ids:
            self._selection.clear()
        elif (way := events.arrow(event)) and self._selection.ids:
            self._step(way, event)
        elif way:
            self.pan_by_arrow(event)
        else:
            super().keyPressEvent(event)

    @events.caught
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.peek(False)
            if events.arrow(event):
                self._end_nudge()
        super().keyReleaseEvent(event)

    @events.caught
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.peek(False)
        self._end_nudge()
        if self._tool is not None:
            self._tool.interrupt()
        super().focusOutEvent(event)

    def _deletes(self, name: str) -> bool:
        """Backspace does not where it takes back what is being drawn: once too often is easy."""
        tool = self._tool
        return name == "Delete" or (name == "Backspace" and not (tool and tool.wants(name)))

    def _step(self, way: tuple[int, int], event: QKeyEvent) -> None:
        """Nudge what is selected: only with the Select tool, as for all that moves whole objects,
        and not in the middle of a gesture; a key still held after Escape does not begin again."""
        idle = QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        nudge = self._nudge if self._tool_name == "select" and idle else None
        if nudge and (nudge.is_under_way or not event.isAutoRepeat()):
            nudge.step(-way[0], -way[1], far=events.is_shifted(event))

    def _end_nudge(self) -> None:
        if self._nudge:
            self._nudge.end()

    def _has_use_for(self, event: QKeyEvent) -> bool:
        name, tool = events.key_name(event), self._tool
        if is_for_peeking(event):
            return True
        if tool and self._scene.is_sketching and tool.wants(name):
            return True
        if name == "Escape":
            return self._scene.is_sketching or bool(self._selection.ids)
        if name in ("Delete", "Backspace"):
            return bool(self._selection.ids)
        return event.key() == Qt.Key.Key_Space or events.arrow(event) is not None

    # Files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._set_dropping(bool(events.dropped_paths(event.mimeData())))
        if self._dropping:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dropping(False)

    @events.caught
    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dropping(False)
        event.acceptProposedAction()
        self.files_dropped.emit(events.dropped_paths(event.mimeData()))

    def _set_dropping(self, dropping: bool) -> None:
        self._dropping = dropping
        self.update()


def is_for_peeking(event: QKeyEvent) -> bool:
    """The key that shows the bare image while it is held, or Shift+H where that one is dead."""
    held = event.modifiers()
    if event.key() == Qt.Key.Key_H:
        return held == Qt.KeyboardModifier.ShiftModifier
    return event.key() in PEEK_KEYS and not held & events.COMMANDS
