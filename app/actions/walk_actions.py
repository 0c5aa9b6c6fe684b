"""Walking from object to object, in the order of the table of objects."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication

from app.canvas.view import Canvas
from app.canvas.viewport import Bounds, Viewport
from app.messages import Messages
from app.panels.shown import Shown
from core.annotation.region import Region

IdsFromHere = Callable[[int], Iterator[int]]
SHARE = 1 / 3
"""Of the view that an object takes when one comes to it."""
CALM = (0.2, 0.5)
"""With a share between these the scale stays: objects of about one size come without a jump."""


class WalkActions:
    """Select the next object and bring it into sight; after the last one comes the first."""

    def __init__(
        self, shown: Shown, ids_from_here: IdsFromHere, canvas: Canvas, messages: Messages
    ) -> None:
        """ids_from_here: all ids in order, from the one after (1) or before (-1) the selection."""
        self._shown, self._ids_from_here = shown, ids_from_here
        self._canvas, self._messages = canvas, messages

    def next_object(self) -> None:
        self._go(1)

    def previous_object(self) -> None:
        self._go(-1)

    def next_unreviewed(self) -> None:
        """To the next object that nobody has marked as reviewed."""
        if not self._go(1, lambda region: not region.reviewed):
            self._messages.inform(_tr("All objects in the table are reviewed."))

    def _go(self, step: int, wanted: Callable[[Region], bool] = lambda region: True) -> bool:
        """Whether there was an object to go to."""
        regions = self._shown.regions
        found = (i for i in self._ids_from_here(step) if i in regions and wanted(regions[i]))
        number = next(found, 0)
        if number:
            self._canvas.cancel_gesture()
            self._shown.selection.set({number})
            self._canvas.look(looking_at(self._canvas.viewport, regions[number].bounds))
        return number != 0


def looking_at(view: Viewport, bounds: Bounds) -> Viewport:
    """Centred on an object that takes about a third of the view."""
    x0, y0, x1, y1 = bounds
    share = max((x1 - x0) / view.width, (y1 - y0) / view.height, 1e-9) * view.scale
    scale = view.scale if CALM[0] <= share <= CALM[1] else view.scale * SHARE / share
    return view.showing(bounds).zoomed_to(scale)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WalkActions", text)
