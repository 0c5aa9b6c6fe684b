"""CanvasHost: what the tools may ask for, answered from a document and a selection.

Here, and nowhere else on the canvas, geometry is made fit to be stored: inside the image, valid,
and never so much repaired that it is not what the person drew.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.canvas.polygon_store import PolygonStore
from app.canvas.tools.base import Sketch
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.geometry import clip_to_image, is_valid, repair_parts
from core.annotation.region import Region
from core.errors import InvalidGeometry

KEPT_SHARE = 0.9  # of the area that a crossing outline encloses; with less left it is refused
REPAIRED = "The outline crossed itself, so the small loop there was removed."
CROSSES = "The outline crosses itself, so nothing was changed; move the corners marked red."


class CanvasHost:
    """Commits for the tools, each call as one undo step."""

    def __init__(
        self,
        document: Document,
        selection: Selection,
        store: PolygonStore,
        show: Callable[[Sketch], None],
        say: Callable[[str], None],
    ) -> None:
        self._document = document
        self._selection = selection
        self._store = store
        self.show = show
        self.say = say

    @property
    def regions(self) -> Mapping[int, Region]:
        return self._document.regions

    @property
    def selected(self) -> frozenset[int]:
        return self._selection.ids

    @property
    def image_size(self) -> tuple[int, int]:
        return self._document.width, self._document.height

    @property
    def active_class(self) -> int:
        return self._document.classes.active

    def region_at(self, x: float, y: float) -> int:
        return self._store.region_at(x, y)

    def regions_within(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[int]:
        return self._store.regions_within((x0, y0, x1, y1))

    def select(self, ids: frozenset[int]) -> None:
        self._selection.set(ids & self._document.regions.keys())

    def hover(self, region_id: int) -> None:
        self._selection.hover(region_id)

    def change(self, regions: tuple[Region, ...], name: str) -> bool:
        self._document.drop_draft()  # what a slider proposes is not to become part of an edit
        stored = self._document.regions
        if not all(r.id in stored for r in regions):
            self.say("The region has changed meanwhile; try again.")
            return False
        locked = [r.id for r in regions if stored[r.id].locked]
        if locked:
            self.say(f"Region {locked[0]} is locked; unlock it to change it.")
            return False
        settled = self._settled(regions)
        if settled:
            edited = tuple(replace(r, edited=True) for r in settled)
            perform(self._document, edits.change(self._document, edited, name))
        return bool(settled)

    def add(self, regions: tuple[Region, ...], name: str) -> bool:
        settled = self._settled(regions)
        if settled:
            delta = edits.add(self._document, settled, name)
            perform(self._document, delta)
            self._selection.set(delta.after)
        return bool(settled)

    def delete(self, ids: frozenset[int]) -> None:
        self._document.drop_draft()
        known = ids & self._document.regions.keys()
        delta = edits.delete(self._document, sorted(known))
        kept = len(known) - len(delta.before)
        if kept:
            what = "1 locked region was" if kept == 1 else f"{kept} locked regions were"
            self.say(f"{what} kept; unlock to delete.")
        if delta.before:
            perform(self._document, delta)

    def _settled(self, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        """The regions as they can be stored; empty when one of them cannot, which is said."""
        try:
            return tuple(self._fit(region) for region in regions)
        except InvalidGeometry as problem:
            self.say(str(problem))
            return ()

    def _fit(self, region: Region) -> Region:
        """Valid and inside the image; raises InvalidGeometry when much would be lost."""
        fit = clip_to_image(region, *self.image_size)
        if fit is region:
            return region
        if not is_valid(region):
            parts = repair_parts(region.rings)
            if parts[0].area < KEPT_SHARE * sum(part.area for part in parts):
                raise InvalidGeometry(CROSSES)
            self.say(REPAIRED)
        return fit
