"""Scene: what is on the canvas. It listens to document and selection, and paints the layers."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from app.canvas.differences import changed_bounds
from app.canvas.display import Display, auto_display
from app.canvas.image_reader import ImageReader
from app.canvas.layers import live
from app.canvas.layers.frame import Frame
from app.canvas.layers.halo import HaloLayer, halo_reach
from app.canvas.layers.image import ImageLayer
from app.canvas.layers.overlay import OverlayLayer
from app.canvas.layers.sketch import paint_sketch, sketch_bounds
from app.canvas.polygon_store import NO_IDS, PolygonStore
from app.canvas.pyramid import QUICK_PIXELS, Pyramid, build_pyramid
from app.canvas.style import CanvasStyle
from app.canvas.tile_worker import Made, TileWorker
from app.canvas.tiles import joined, padded
from app.canvas.tools.base import Sketch
from app.canvas.viewport import Bounds
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.region import Region
from core.annotation.runs import Ints
from core.image.model import Image

LIVE = 400  # regions painted live in one frame: more would drop frames
LIVE_SELECTED = 40  # regions painted as selected in one frame; more are marked in the crowd
FEW = 64  # changed regions whose surroundings are worth working out
IMAGE_KEY = "image"
NOT_PREPARED = (
    "The image could not be prepared for the screen (the log in Help > About says why); close "
    "other programs and open it again."
)
NOT_READ = (
    "A part of the image could not be read (the log in Help > About says why); check that its file "
    "is still there, and copy it again from its source if it is damaged."
)


class Scene(QObject):
    """Image, regions and sketch.

    changed: the bounds to be painted anew, None for all. display_changed: `display` is that of
    another image, or None while that is prepared. said: a sentence.
    """

    changed = Signal(object)
    display_changed = Signal()
    said = Signal(str)

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self.store = PolygonStore({})
        self.style = CanvasStyle()
        self.overlay_visible = True
        self.numbers_visible = False
        self.vertices_visible = False
        self.halo_visible = False
        self.is_peeking = False  # the bare image is shown for a moment
        self.probability: Callable[[], np.ndarray | None] = lambda: None
        self._selection = selection
        self._document: Document | None = None
        self._sketch = Sketch()
        self._selected: frozenset[int] = frozenset()
        self._marked: frozenset[int] = frozenset()  # the selected ones when they are many
        self._hovered = 0
        self._worker = TileWorker()
        self._loading = QTimer(self, interval=0)
        self._loading.timeout.connect(self._on_loading)
        self._image: Image | None = None
        self._image_ticket = 0
        self._image_worker = TileWorker()  # packed files take their time: regions do not wait
        self._image_worker.made.connect(self._on_image_made)
        self._reader = ImageReader(self._image_worker)
        self._reader.changed.connect(self.changed)
        self._reader.failed.connect(self._on_reader_failed)
        self._image_layer, self._halo = ImageLayer(self._reader), HaloLayer()
        self._overlay = OverlayLayer(self._worker, self.changed.emit)
        selection.selection_changed.connect(self._on_selection_changed)
        selection.hover_changed.connect(self._on_hover_changed)

    @property
    def is_settled(self) -> bool:
        """Whether everything is painted as it should be, with nothing under way."""
        return self._overlay.is_settled and self._reader.is_settled and not self._image_ticket

    @property
    def is_sketching(self) -> bool:
        """Whether a tool shows something of its own."""
        return self._sketch != Sketch()

    @property
    def is_overlay_shown(self) -> bool:
        return self.overlay_visible and not self.is_peeking

    @property
    def display(self) -> Display | None:
        return None if self._image_ticket else self._image_layer.display

    def thumbnail(self, width: int, height: int) -> QImage | None:
        """The whole image in this size, None while it is prepared."""
        return self._image_layer.thumbnail(width, height)

    def reach(self, scale: float) -> float:
        """Image px beyond a region that change with it, at so many device px per image px."""
        return halo_reach(scale) if self.halo_visible else 0.0

    def close(self) -> None:
        """End the workers."""
        self._worker.close()
        self._image_worker.close()

    def values_at(self, column: int, row: int) -> tuple[float, ...] | None:
        """The values of a pixel, None while they are not known; `changed` tells when they are."""
        return None if self._image_ticket else self._image_layer.values_at(column, row)

    def set_image(self, image: Image | None) -> None:
        """Show another image; a large one appears when the worker has prepared it. Until then there
        is nothing, or the plane of the same file that was shown."""
        if not _is_same_file(self._image, image):
            self._image_layer.clear()
        self._image, self._image_ticket = image, 0
        self._image_worker.forget((IMAGE_KEY,))
        if image is not None and image.pixels.size <= QUICK_PIXELS and not image.is_lazy:
            self._image_layer.show(*prepared(image))
        elif image is not None:
            self._image_ticket = self._image_worker.request(IMAGE_KEY, lambda: prepared(image))
        self.changed.emit(None)
        self.display_changed.emit()

    def set_display(self, display: Display) -> None:
        self._image_layer.set_display(display)
        self.changed.emit(None)

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.regions_changed.disconnect(self._on_document_regions_changed)
            self._document.classes.classes_changed.disconnect(self._on_classes_changed)
        self._document = document
        self.store = self._store_of(document)
        self._sketch = Sketch()
        self._overlay.show(self.store)
        self._load()
        self._selection.clear()
        self._selection.hover(0)
        if document is not None:
            document.regions_changed.connect(self._on_document_regions_changed)
            document.classes.classes_changed.connect(self._on_classes_changed)
            self._on_classes_changed()
        self.changed.emit(None)

    def reveal(self, region_id: int) -> Bounds | None:
        """Where a region lies, None for an unknown one; a hidden one is shown again."""
        if self._document is not None:
            self._document.reveal((region_id,))
        return next(iter(self._bounds_of((region_id,))), None)

    def set_style(self, style: CanvasStyle) -> None:
        if style != self.style:
            if style.colouring is not self.style.colouring:
                self.store.recolour(style.colouring.key)
            self.style = style
            self._overlay.set_style(style)
            self.changed.emit(None)

    def show(self, sketch: Sketch) -> None:
        """Replace what the tool shows."""
        if sketch == self._sketch:
            return
        before, self._sketch = self._sketch, sketch
        self._overlay.lift(frozenset(region.id for region in sketch.regions))
        if before.note or sketch.note or len(sketch.regions) > FEW:
            self.changed.emit(None)  # how large a note is shows only when it is painted
            return
        bare = (replace(s, regions=()) for s in (before, sketch))
        bounds = [b for s in bare if (b := sketch_bounds(s))]
        begun_or_ended = {r.id for r in before.regions} ^ {r.id for r in sketch.regions}
        bounds += changed_bounds(before.regions, sketch.regions)
        self._announce([*bounds, *self._bounds_of(begun_or_ended)])

    def paint(self, painter: QPainter, frame: Frame) -> None:
        self._image_layer.paint(painter, frame)
        if self.is_peeking:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_ready = self.overlay_visible and self.store.is_loaded
        shown = self._rows(frame.viewport.visible, frame) if is_ready else NO_IDS
        if is_ready:
            self._paint_halo(painter, frame, len(shown))
            self._paint_crowd(painter, frame, len(shown))
        elif self.overlay_visible:
            self._overlay.paint(painter, frame)
        self._paint_special(painter, frame)
        if self.numbers_visible and len(shown) <= LIVE:
            live.paint_numbers(painter, frame, self._regions_of(shown))
        paint_sketch(painter, frame, self._sketch, self.style)

    def _paint_halo(self, painter: QPainter, frame: Frame, shown: int) -> None:
        """Doubtful borders: of all regions while few are visible, else of the special ones."""
        probability = self.probability() if self.halo_visible else None
        size = (frame.viewport.image_height, frame.viewport.image_width)
        if probability is None or probability.shape != size:
            return
        if shown <= LIVE:
            regions = self._crowd(
                self.store.rows_in(padded(frame.exposed, halo_reach(frame.scale)))
            )
        else:
            picked = frozenset() if self._marked else self._selected
            regions = self.store.shown((picked | {self._hovered}) - self._overlay.lifted)
        self._halo.paint(painter, frame, probability, (*regions, *self._sketch.regions))

    def _paint_crowd(self, painter: QPainter, frame: Frame, shown: int) -> None:
        """All regions as if nothing were special about them; `shown` is how many are visible."""
        if frame.viewport.scale > 1 and shown <= LIVE:
            crowd = self._crowd(self._rows(frame.exposed, frame))
            bold = shown <= live.BOLD_UP_TO
            live.paint_crowd(painter, frame, crowd, self.style, self._marked, bold)
        else:
            self._overlay.paint(painter, frame)

    def _paint_special(self, painter: QPainter, frame: Frame) -> None:
        """The hovered region, those that a tool moves, and the selected ones unless marked."""
        moving, picked = self._sketch.regions, []
        if self.overlay_visible:
            lifted = self._overlay.lifted
            picked = self.store.shown(() if self._marked else sorted(self._selected - lifted))
            for region in self.store.shown({self._hovered} - self._selected - lifted):
                live.paint_hovered(painter, frame, region, self.style)
        if len(moving) > LIVE_SELECTED:
            ids = {region.id for region in moving}
            live.paint_crowd(painter, frame, moving, self.style, ids, bold=False)
            moving = ()
        for region in (*picked, *moving):
            live.paint_selected(painter, frame, region, self.style)
        if self.vertices_visible:
            for region in (*picked, *moving):
                live.paint_vertices(painter, frame, region, self.style)

    def _store_of(self, document: Document | None) -> PolygonStore:
        if document is None:
            return PolygonStore({})
        return PolygonStore(document.regions, self.style.colouring.key, document.hidden)

    def _rows(self, bounds: Bounds, frame: Frame) -> Ints:
        """The regions that have a part in a rectangle, the width of outlines included."""
        return self.store.rows_in(
            padded(bounds, (self.style.outline_width + 1) / frame.viewport.scale)
        )

    def _crowd(self, rows: Ints) -> list[Region]:
        regions = self._regions_of(self.store.in_order(rows))
        return [r for r in regions if r.id not in self._overlay.lifted]

    def _regions_of(self, rows: Ints) -> list[Region]:
        return [self.store.regions[i] for i in self.store.ids_of(rows)]

    def _bounds_of(self, ids: Iterable[int]) -> list[Bounds]:
        return [region.bounds for region in self.store.shown(ids)]

    def _announce(self, bounds: list[Bounds] | None) -> None:
        """Have some rectangles painted anew, or everything when there are many or it is None."""
        if bounds is None:
            self.changed.emit(None)
        elif bounds:
            together = len(bounds) <= FEW and not self.numbers_visible
            self.changed.emit(joined(*bounds) if together else None)

    def _announce_regions(self, ids: Collection[int]) -> None:
        """Have the surroundings of some regions painted anew."""
        if len(ids) <= FEW:
            self._announce(self._bounds_of(ids))
        else:
            self.changed.emit(None)

    def _on_document_regions_changed(self, ids: frozenset[int]) -> None:
        changed = self.store.update(ids)
        self._load()
        self._overlay.refresh(changed)
        regions, selected = self.store.regions, self._selection.ids
        if gone := [i for i in ids & selected if i not in regions]:
            self._selection.set(selected.difference(gone))
        if not self.store.shown((self._hovered,)):
            self._selection.hover(0)
        self._announce(changed)

    def _on_classes_changed(self) -> None:
        if self._document is not None:
            self.set_style(self.style.with_classes(self._document.classes.all))

    def _on_selection_changed(self, ids: frozenset[int]) -> None:
        marked = ids if len(ids) > LIVE_SELECTED else frozenset()
        changed = (ids ^ self._selected) | (marked ^ self._marked)
        self._selected, self._marked = ids, marked
        self._overlay.mark(marked)
        self._announce_regions(changed)

    def _on_hover_changed(self, region_id: int) -> None:
        changed = (self._hovered, region_id)
        self._hovered = region_id
        self._announce_regions(changed)

    def _load(self) -> None:
        """Have the store load what it put off, between one event and the next."""
        if not self.store.is_loaded:
            self._loading.start()

    def _on_loading(self) -> None:
        self.store.load_more()
        if self.store.is_loaded:
            self._loading.stop()
            self.changed.emit(None)

    def _on_reader_failed(self) -> None:
        self.said.emit(NOT_READ)

    def _on_image_made(self, made: Made) -> None:
        if made.key == IMAGE_KEY and made.ticket == self._image_ticket:
            self._image_ticket = 0
            if isinstance(made.value, tuple):
                self._image_layer.show(*made.value)
            else:
                self._image_layer.clear()
                self.said.emit(NOT_PREPARED)
            self.changed.emit(None)
            self.display_changed.emit()


def prepared(image: Image) -> tuple[Pyramid, Display]:
    """What it takes to show an image, of a large one a sketch first."""
    pyramid = build_pyramid(image.pixels, image.levels)
    if pyramid.filling:
        pyramid.filling.sketch(image.sample)
    return pyramid, auto_display(image)


def _is_same_file(one: Image | None, other: Image | None) -> bool:
    """Whether these are planes of one file that lie over each other."""
    if one is None or other is None or one.path is None:
        return False
    return one.path == other.path and (one.width, one.height) == (other.width, other.height)
