"""CanvasHost: what the tools may ask for, answered from a document and a selection.

Here, and nowhere else on the canvas, geometry is made fit to be stored: inside the image, valid,
and never so much repaired that it is not what the person drew.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace

import numpy as np

from app.canvas.polygon_store import PolygonStore
from app.canvas.tools.base import Sketch
from app.canvas.tools.regions import CHANGED
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.geometry import clip_to_image, is_valid, repair_parts
from core.annotation.region import Region
from core.annotation.runs import Points
from core.errors import InvalidGeometry
from core.image.model import Image
from core.project.delta import Delta

KEPT_SHARE = 0.9  # of the area that a crossing outline encloses; with less left it is refused
REPAIRED = "The outline crossed itself, so the small loop there was removed."
CROSSES = "The outline crosses itself, so nothing was changed; move the corners marked red."


@dataclass(frozen=True, eq=False)
class Seen:
    """The image, and (H, W) float32 that a pixel belongs to an object, None without a run."""

    image: Image
    probability: np.ndarray | None = None


class CanvasHost:
    """Commits for the tools, each call as one undo step."""

    def __init__(
        self,
        document: Document,
        selection: Selection,
        store: PolygonStore,
        seen: Callable[[], Seen],
        show: Callable[[Sketch], None],
        say: Callable[[str], None],
    ) -> None:
        """seen: what the tools may look at besides the regions."""
        self._document = document
        self._selection = selection
        self._store = store
        self._seen = seen
        self.show = show
        self.say = say

    @property
    def regions(self) -> Mapping[int, Region]:
        return self._document.regions

    @property
    def selected(self) -> frozenset[int]:
        """Without those that are hidden, which only the table can pick."""
        return self._selection.ids - self._document.hidden

    @property
    def image_size(self) -> tuple[int, int]:
        return self._document.width, self._document.height

    @property
    def image(self) -> Image:
        return self._seen().image

    @property
    def probability(self) -> np.ndarray | None:
        return self._seen().probability

    @property
    def active_class(self) -> int:
        return self._document.classes.active

    def region_at(self, x: float, y: float) -> int:
        return self._store.region_at(x, y)

    def regions_within(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[int]:
        return self._store.regions_within((x0, y0, x1, y1))

    def regions_met(self, line: Points) -> frozenset[int]:
        return self._store.met_by(line)

    def select(self, ids: frozenset[int]) -> None:
        self._selection.set(ids & self._document.regions.keys())

    def hover(self, region_id: int) -> None:
        self._selection.hover(region_id)

    def change(self, regions: tuple[Region, ...], name: str) -> bool:
        return self._commit(name, regions, (), frozenset()) is not None

    def add(self, regions: tuple[Region, ...], name: str) -> bool:
        return self.rearrange(name, added=regions)

    def rearrange(
        self,
        name: str,
        changed: tuple[Region, ...] = (),
        added: tuple[Region, ...] = (),
        removed: frozenset[int] = frozenset(),
    ) -> bool:
        delta = self._commit(name, changed, added, removed)
        if delta:
            self._selection.set(delta.after)
        return delta is not None

    def _commit(
        self,
        name: str,
        changed: tuple[Region, ...],
        added: tuple[Region, ...],
        removed: frozenset[int],
    ) -> Delta | None:
        """What was done; None when it could not be, and the reason is said."""
        self._document.drop_draft()  # what a slider proposes is not to become part of an edit
        if not (changed or added or removed):
            return None
        if problem := self._refusal(removed | {r.id for r in changed}):
            self.say(problem)
            return None
        try:
            edited = tuple(replace(self._fit(r), edited=True) for r in changed)
            new = tuple(map(self._fit, added))
        except InvalidGeometry as refusal:
            self.say(str(refusal))
            return None
        delta = edits.rearrange(self._document, name, edited, new, removed)
        perform(self._document, delta)
        return delta

    def _refusal(self, ids: Set[int]) -> str:
        """Why these regions may not be changed, empty when they may."""
        stored = self._document.regions
        if not ids <= stored.keys():
            return CHANGED
        locked = sorted(i for i in ids if stored[i].locked)
        return f"Object {locked[0]} is locked; unlock it to change it." if locked else ""

    def delete(self, ids: frozenset[int]) -> None:
        self._document.drop_draft()
        known = ids & self._document.regions.keys()
        delta = edits.delete(self._document, sorted(known))
        kept = len(known) - len(delta.before)
        if kept:
            what = "1 locked object was" if kept == 1 else f"{kept} locked objects were"
            self.say(f"{what} kept; unlock to delete.")
        if delta.before:
            perform(self._document, delta)

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
