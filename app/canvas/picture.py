"""PictureWidget: shows an image with its regions, and all that has to do with how it looks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from app.canvas.colouring import named
from app.canvas.display import Display
from app.canvas.fixtures import Fixture, Fixtures
from app.canvas.invitation import paint_invitation
from app.canvas.layers.crosshair import crosshair_strips
from app.canvas.layers.frame import Frame
from app.canvas.layers.minimap import looking_at
from app.canvas.scene import Scene
from app.canvas.tiles import padded
from app.canvas.viewport import Bounds
from app.canvas.zoomable import ZoomableWidget
from app.document.selection import Selection
from app.settings.schema import ColourBy
from core.image.model import Image

RIM = 16.0  # screen px that lines and handles reach beyond what they mark
BACKGROUND = 115  # percent darker than windows, so that images stand out
MOST_PARTS = 6  # rectangles that are painted one by one; two crosshairs are four
WASTE = 1.25  # how much more than two parts the rectangle around both may cover to replace them


class PictureWidget(ZoomableWidget):
    """Paints a scene and the fixtures over it."""

    said = Signal(str)  # a sentence for the status line
    display_changed = Signal()  # `display` is that of another image, or None while that is prepared

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene(selection)
        self._fixtures = Fixtures(self, self._scene)
        self._image: Image | None = None
        self._scene.changed.connect(self._on_scene_changed)
        self._scene.display_changed.connect(self.display_changed)
        self._scene.said.connect(self.said)
        self.destroyed.connect(self._scene.close)

    def show_image(self, image: Image | None) -> None:
        """Show another image, as a whole; None shows where to drop one."""
        self._image = image
        self._fixtures.pixel_size_um = image.pixel_size_um if image else None
        self._scene.set_image(image)
        self.look_at_all((image.width, image.height) if image else None)

    def calibrate(self, image: Image) -> None:
        """The image that is shown has another pixel size; nothing else changes."""
        self._image = image
        self._fixtures.pixel_size_um = image.pixel_size_um
        self.update()

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

    def set_colouring(self, by: ColourBy) -> None:
        """What the colour of an outline tells."""
        self._scene.set_style(replace(self._scene.style, colouring=named(by)))

    def set_fixture_visible(self, fixture: Fixture, visible: bool) -> None:
        others = self._fixtures.wanted - {fixture}
        self._fixtures.wanted = others | {fixture} if visible else others
        self.update()

    def set_halo_visible(self, visible: bool) -> None:
        """Show where the network was in doubt about the border, when there is a map."""
        self._scene.halo_visible = visible
        self.update()

    def set_probability_source(self, source: Callable[[], np.ndarray | None]) -> None:
        """Where tools and the halo find (H, W) of 0..1 for the shown image, None without a run."""
        self._scene.probability = source
        self.update()

    def peek(self, peeking: bool) -> None:
        """Show the bare image for a moment, or no longer."""
        if peeking != self._scene.is_peeking:
            self._scene.is_peeking = peeking
            self.update()

    # Minimap and crosshair

    def is_on_minimap(self, position: QPointF) -> bool:
        shown = self._image is not None
        return shown and self._fixtures.places(self.viewport).minimap.contains(position)

    def steer(self, position: QPointF) -> None:
        """Look at the part of the image that the minimap shows there."""
        place = self._fixtures.places(self.viewport).minimap
        if not place.isEmpty():
            self.look(looking_at(self.viewport, place, position))

    def move_crosshair(self, position: QPointF | None) -> None:
        """Put it through another point of the widget; None for away."""
        before, self._fixtures.pointer = self._fixtures.pointer, position
        if "crosshair" in self._fixtures.wanted:
            for at in (before, position):
                for strip in crosshair_strips(at, self.size()) if at else ():
                    self.update(strip)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        background = self.palette().window().color().darker(BACKGROUND)
        with QPainter(self) as painter:
            for part in painted_parts(event.region()):
                painter.fillRect(part, background)
                self._paint_part(painter, part)

    def _paint_part(self, painter: QPainter, part: QRect) -> None:
        """Everything in a rectangle of the widget."""
        if self._image is None:
            paint_invitation(painter, self)
            return
        painter.save()
        painter.setClipRect(part)
        exposed = self.exposed(part)
        self._scene.paint(painter, Frame(self.viewport, self.devicePixelRatioF(), exposed))
        self._fixtures.paint(painter, self.viewport, part)
        painter.restore()

    def _on_scene_changed(self, bounds: Bounds | None) -> None:
        if bounds is None:
            self.update()
            return
        view = self.viewport
        reach = self._scene.reach(view.scale * self.devicePixelRatioF())
        x0, y0, x1, y1 = padded(bounds, RIM / view.scale + reach)
        top_left = QPointF(*view.to_screen(x0, y0))
        bottom_right = QPointF(*view.to_screen(x1, y1))
        area = QRectF(top_left, bottom_right) & QRectF(self.rect())
        self.update(area.toAlignedRect())


def painted_parts(region: QRegion) -> list[QRect]:
    """Rectangles that cover what is to be painted: one around it all when they would be many.

    A region has the pieces of crossing strips; those of one strip are joined again.
    """
    parts: list[QRect] = []
    for piece in region:  # type: ignore[attr-defined]
        for number, part in enumerate(parts):
            if area(part | piece) <= WASTE * (area(part) + area(piece)):
                parts[number] = part | piece
                break
        else:
            parts.append(piece)
    return parts if len(parts) <= MOST_PARTS else [region.boundingRect()]


def area(rect: QRect) -> int:
    return rect.width() * rect.height()
