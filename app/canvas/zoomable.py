"""ZoomableWidget: a widget that looks at something large, with zoom and pan."""

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.canvas import events
from app.canvas.panning import Panning
from app.canvas.viewport import Bounds, Viewport

ARROW_STEP = 64.0  # screen px
ZOOM_STEP = 1.25


class ZoomableWidget(QWidget):
    """Wheel zooms at the cursor; Space or the middle button and a drag pan, arrow keys too.

    Everything else that the mouse does goes to pressed, moved and released. Widget coordinates are
    logical px; zoom is screen px per image px.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_empty = True
        self._viewport = Viewport(1, 1, self.width(), self.height()).fitted()
        self._panning = Panning()
        self._plain_cursor = Qt.CursorShape.ArrowCursor
        self.setMouseTracking(True)

    # Zoom

    @property
    def zoom(self) -> float:
        return self._viewport.scale

    @property
    def viewport(self) -> Viewport:
        return self._viewport

    def look(self, viewport: Viewport) -> None:
        """Show another part, or the same at another scale."""
        before, self._viewport = self._viewport, viewport
        if viewport != before:
            self.update()
        if viewport.scale != before.scale:
            self.zoom_changed.emit(viewport.scale)

    def look_at_all(self, size: tuple[int, int] | None) -> None:
        """Show something of another size as a whole; None when there is nothing to look at."""
        self._is_empty = size is None
        self.look(Viewport(*(size or (1, 1)), self.width(), self.height()).fitted())
        self.update()

    def set_zoom(self, scale: float, anchor: QPointF | None = None) -> None:
        """Zoom; the point of the widget at `anchor`, by default its centre, stays where it is."""
        self.look(self._viewport.zoomed_to(scale, events.xy(anchor) if anchor else None))

    def fit(self) -> None:
        self.look(self._viewport.fitted())

    def actual_size(self) -> None:
        """One screen px for each image px."""
        self.set_zoom(1.0)

    def zoom_in(self) -> None:
        self.look(self._viewport.zoomed(ZOOM_STEP))

    def zoom_out(self) -> None:
        self.look(self._viewport.zoomed(1 / ZOOM_STEP))

    def exposed(self, rect: QRect) -> Bounds:
        """What a rectangle of the widget shows."""
        x, y, view = rect.x(), rect.y(), self._viewport
        return (*view.to_image(x, y), *view.to_image(x + rect.width(), y + rect.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.look(self._viewport.resized(event.size().width(), event.size().height()))

    @events.caught
    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = events.wheel_notches(event)
        if not self._is_empty and notches:
            self.look(self._viewport.zoomed(ZOOM_STEP**notches, events.xy(event.position())))
            self.pointed_at(event.position())
        event.accept()

    # What the mouse does besides

    def pressed(self, event: QMouseEvent, double: bool) -> None:
        """A button went down, and not to pan."""

    def moved(self, event: QMouseEvent) -> None:
        """The mouse moved, and did not pan."""

    def released(self, event: QMouseEvent) -> None:
        """A button that did not pan went up."""

    def pointed_at(self, position: QPointF) -> None:
        """Something else may lie under the pointer now."""

    # Pan

    def end_panning(self) -> None:
        self._panning.end()
        self._update_cursor()

    def set_plain_cursor(self, shape: Qt.CursorShape) -> None:
        """The cursor while nothing is panned."""
        self._plain_cursor = shape
        self._update_cursor()

    def pan_by_arrow(self, event: QKeyEvent) -> None:
        way = events.arrow(event)
        if way and not self._is_empty:
            self.look(self._viewport.panned(way[0] * ARROW_STEP, way[1] * ARROW_STEP))

    @events.caught
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event, double=False)

    @events.caught
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._press(event, double=True)

    @events.caught
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panning.is_under_way:
            self.look(self._viewport.panned(*self._panning.step(event)))
        else:
            self.moved(event)
        self.pointed_at(event.position())

    @events.caught
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning.is_under_way:
            self.end_panning()
        else:
            self.released(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not self._is_empty:
            self._set_ready_to_pan(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._set_ready_to_pan(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._set_ready_to_pan(False)
        super().focusOutEvent(event)

    def _press(self, event: QMouseEvent, double: bool) -> None:
        held = event.buttons() & Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton and held:
            return  # a gesture is under way, which would miss its end
        if self._panning.begin(event):
            self._update_cursor()
        else:
            self.pressed(event, double)

    def _set_ready_to_pan(self, is_ready: bool) -> None:
        self._panning.is_ready = is_ready
        self._update_cursor()

    def _update_cursor(self) -> None:
        self.setCursor(self._panning.cursor(self._plain_cursor))
