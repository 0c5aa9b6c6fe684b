"""Canvas: the widget that shows an image with its regions, and hands the mouse to a tool."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas import events
from app.canvas.display import Display
from app.canvas.host import CanvasHost, Seen
from app.canvas.invitation import paint_invitation
from app.canvas.layers.frame import Frame
from app.canvas.readout import readout
from app.canvas.scene import Scene
from app.canvas.style import rgb
from app.canvas.tiles import padded
from app.canvas.tools import TOOLS
from app.canvas.tools.base import Tool
from app.canvas.viewport import Bounds
from app.canvas.zoomable import ZoomableWidget
from app.document.document import Document
from app.document.selection import Selection
from core.image.model import Image

RIM = 16.0  # screen px that lines and handles reach beyond what they mark
BACKGROUND = 115  # percent darker than windows, so that images stand out


class Canvas(ZoomableWidget):
    """Shows one image and one document; changes go through the document's undo stack."""

    pointer_moved = Signal(object)  # Readout, None when the pointer has left
    said = Signal(str)  # a sentence for the status line
    tool_changed = Signal(str)
    display_changed = Signal()  # `display` is that of another image, or None while that is prepared
    files_dropped = Signal(list)  # Path of each file or folder

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._scene = Scene(selection)
        self._scene.changed.connect(self._on_scene_changed)
        self._scene.display_changed.connect(self.display_changed)
        self._scene.said.connect(self.said)
        self._image: Image | None = None
        self._probability: Callable[[], np.ndarray | None] = lambda: None
        self._host: CanvasHost | None = None
        self._tools: dict[str, Tool] = {}
        self._tool_name = TOOLS[0].name
        self._dropping = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Image"))
        self.destroyed.connect(self._scene.close)

    # What is shown

    def set_image(self, image: Image | None) -> None:
        """Show another image, as a whole; None shows where to drop one."""
        self.cancel_gesture()
        self._image = image
        self._scene.set_image(image)
        self.look_at_all((image.width, image.height) if image else None)

    def set_document(self, document: Document | None) -> None:
        """Show and edit the regions of another document."""
        self.cancel_gesture()
        self._scene.set_document(document)
        self._host, self._tools = None, {}
        if document is not None:
            show, say = self._scene.show, self.said.emit
            store, seen = self._scene.store, self._seen
            host = CanvasHost(document, self._selection, store, seen, show, say)
            self._host, self._tools = host, {spec.name: spec.build(host) for spec in TOOLS}

    def show_region(self, region_id: int) -> None:
        """Bring a region to the centre; zoom only when it would be tiny or not fit."""
        region = self._scene.store.regions.get(region_id)
        if region is not None:
            self.look(self.viewport.showing(region.bounds))

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is to be painted is still being made."""
        return self._scene.is_settled

    def shutdown(self) -> None:
        """End the thread that makes tiles; call before the window goes."""
        self._scene.close()

    # How it looks

    @property
    def display(self) -> Display | None:
        """Contrast and colours of the channels; None without image or while it is prepared."""
        return self._scene.display

    def set_display(self, display: Display) -> None:
        self._scene.set_display(display)

    def set_overlay_visible(self, visible: bool) -> None:
        self._scene.overlay_visible = visible
        self.update()

    def set_numbers_visible(self, visible: bool) -> None:
        """Show the number of each region, where there is room."""
        self._scene.numbers_visible = visible
        self.update()

    def set_fill_opacity(self, opacity: float) -> None:
        """0 for outlines only, 1 for regions that hide the image."""
        self._scene.set_style(replace(self._scene.style, fill_opacity=min(max(opacity, 0.0), 1.0)))

    def set_outline_width(self, width: float) -> None:
        """Screen px."""
        self._scene.set_style(replace(self._scene.style, outline_width=max(width, 0.5)))

    def set_accent(self, color: str) -> None:
        """#rrggbb of the selection."""
        self._scene.set_style(replace(self._scene.style, accent=rgb(color)))

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
        self.tool_changed.emit(name)

    def cancel_gesture(self) -> None:
        """Drop what the tool was at; nothing changes."""
        self.end_panning()
        if tool := self._tool:
            tool.cancel()

    def set_probability_source(self, source: Callable[[], np.ndarray | None]) -> None:
        """Where tools find (H, W) of 0..1 for the shown image, None without a model run."""
        self._probability = source

    def _seen(self) -> Seen:
        assert self._image is not None  # without image there is no tool
        return Seen(self._image, self._probability())

    @property
    def _tool(self) -> Tool | None:
        return self._tools.get(self._tool_name) if self._image is not None else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            background = self.palette().window().color().darker(BACKGROUND)
            painter.fillRect(event.rect(), background)
            if self._image is None:
                paint_invitation(painter, self)
            else:
                exposed = self.exposed(event.rect())
                self._scene.paint(painter, Frame(self.viewport, self.devicePixelRatioF(), exposed))
            if self._dropping:
                painter.setPen(QPen(self.palette().highlight(), 6))
                painter.drawRect(self.rect())

    def _on_scene_changed(self, bounds: Bounds | None) -> None:
        if bounds is None:
            self.update()
            return
        x0, y0, x1, y1 = padded(bounds, RIM / self.viewport.scale)
        top_left = QPointF(*self.viewport.to_screen(x0, y0))
        bottom_right = QPointF(*self.viewport.to_screen(x1, y1))
        area = QRectF(top_left, bottom_right) & QRectF(self.rect())
        self.update(area.toAlignedRect())

    # Mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches, tool = events.wheel_notches(event), self._tool
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if held and tool and tool.wheel(notches):
            event.accept()
        else:
            super().wheelEvent(event)

    def pressed(self, event: QMouseEvent, double: bool) -> None:
        if tool := self._tool:
            tool.press(events.pointer(event, self.viewport, double))

    def moved(self, event: QMouseEvent) -> None:
        if tool := self._tool:
            tool.move(events.pointer(event, self.viewport))

    def released(self, event: QMouseEvent) -> None:
        if tool := self._tool:
            tool.release(events.pointer(event, self.viewport))

    def pointed_at(self, position: QPointF) -> None:
        if self._image is not None:
            at = self.viewport.to_image(*events.xy(position))
            self.pointer_moved.emit(readout(self._image, *at))

    def leaveEvent(self, event: QEvent) -> None:
        self._selection.hover(0)
        self.pointer_moved.emit(None)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keys that the canvas has a use for are not shortcuts while it has the focus."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._has_use_for(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = events.key_name(event)
        if name and (tool := self._tool) and tool.key(name):
            return
        if name in ("Delete", "Backspace") and self._host and self._selection.ids:
            self._host.delete(self._selection.ids)
        elif name == "Escape" and self._selection.ids:
            self._selection.clear()
        elif events.arrow(event) and not self._selection.ids:
            self.pan_by_arrow(event)
        else:
            super().keyPressEvent(event)

    def _has_use_for(self, event: QKeyEvent) -> bool:
        name, tool = events.key_name(event), self._tool
        if tool and self._scene.is_sketching and name in {key for key, _ in tool.keys}:
            return True
        if name == "Escape":
            return self._scene.is_sketching or bool(self._selection.ids)
        if name in ("Delete", "Backspace"):
            return bool(self._selection.ids)
        is_plain_arrow = events.arrow(event) is not None and not event.modifiers()
        return event.key() == Qt.Key.Key_Space or (is_plain_arrow and not self._selection.ids)

    # Files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._set_dropping(bool(events.dropped_paths(event.mimeData())))
        if self._dropping:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dropping(False)
        event.acceptProposedAction()
        self.files_dropped.emit(events.dropped_paths(event.mimeData()))

    def _set_dropping(self, dropping: bool) -> None:
        self._dropping = dropping
        self.update()
