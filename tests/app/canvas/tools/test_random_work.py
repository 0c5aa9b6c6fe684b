"""Random work with all tools on a real document: nothing that is stored is ever bad, a cut loses
no area, locked regions stay, and undo and redo are exact."""

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.canvas.host import CanvasHost, Seen
from app.canvas.nudging import Nudge
from app.canvas.polygon_store import PolygonStore
from app.canvas.tools import TOOLS
from app.canvas.tools.base import Sketch
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from app.document.selection import Selection
from core.annotation.geometry import clip_to_image, is_valid, to_shapely
from core.annotation.region import Region
from core.image.model import Image
from core.project.codec import content_hash
from core.project.delta import Delta, Step
from tests.app.canvas.samples import crowd, document, square
from tests.app.canvas.tools.random_hand import RandomHand

WIDTH, HEIGHT = 200, 160
GESTURES, COMMANDS = 120, 30
SEEDS = 4
ARROWS = ((1, 0), (-1, 0), (0, 1), (0, -1))


class Workplace:
    """A document with tools and commands that checks itself at each step."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.document: Document = document(_regions(seed), WIDTH, HEIGHT)
        self.selection = Selection()
        self.names: set[str] = set()
        self.sketch = Sketch()
        store = PolygonStore(self.document.regions)
        self.document.regions_changed.connect(store.update)
        self.document.applied.connect(self._on_document_applied)
        seen = Seen(_picture(seed))
        self.host = CanvasHost(
            self.document, self.selection, store, lambda: seen, self._show, lambda sentence: None
        )
        self.tools = {spec.name: spec.build(self.host) for spec in TOOLS}
        self.hand = RandomHand(self.random, self.document, self.selection, self.acted)
        self._steps = 0
        self.locked = {i: r for i, r in self.document.regions.items() if r.locked}
        self.ids_ever = set(self.document.regions)

    def _show(self, sketch: Sketch) -> None:
        self.sketch = sketch

    def _on_document_applied(self, delta: Delta, step: Step) -> None:
        """Each step, forwards or back, leaves only what may be stored."""
        for region in delta.after.values():
            check_stored(region)
        if step is not Step.DO:
            return
        self.names.add(delta.name)
        assert self.ids_ever.isdisjoint(delta.after.keys() - delta.before.keys())
        self.ids_ever |= delta.after.keys()
        if delta.name.startswith("Cut "):
            before, after = (areas(side.values()) for side in (delta.before, delta.after))
            assert after == pytest.approx(before, abs=1e-6)

    def acted(self) -> None:
        """Whatever was done is one undo step or none."""
        steps, self._steps = self._steps, self.document.stack.index()
        assert abs(self._steps - steps) <= 1

    def check(self) -> None:
        regions = self.document.regions
        assert all(number == region.id for number, region in regions.items())
        assert len({region.uid for region in regions.values()}) == len(regions)
        assert all(regions[number] is region for number, region in self.locked.items())
        assert self.selection.ids <= regions.keys()
        assert self.sketch == Sketch()

    def select(self) -> None:
        ids = sorted(self.document.regions)
        count = int(self.random.choice((0, 1, 1, 2, 5, len(ids))))
        self.selection.set(self.random.choice(ids, min(count, len(ids)), replace=False).tolist())

    def drop_gone(self) -> None:
        """As the canvas does."""
        self.selection.set(self.selection.ids & self.document.regions.keys())

    # The commands

    def nudge(self) -> None:
        nudge = Nudge(self.host)
        if self.selection.ids:
            for _ in range(int(self.random.integers(1, 5))):
                right, down = ARROWS[self.random.integers(4)]
                nudge.step(right, down, far=bool(self.random.integers(2)))
            nudge.end()

    def set_class(self) -> None:
        delta = edits.set_class(self.document, self.selection.ids, int(self.random.integers(3)))
        if delta.after:
            perform(self.document, delta)

    def command(self) -> None:
        stack = self.document.stack
        commands = (self.nudge, self.nudge, self.set_class, stack.undo, stack.undo, stack.redo)
        commands[self.random.integers(len(commands))]()
        self.acted()


def _regions(seed: int) -> dict[int, Region]:
    """Overlapping blobs within the image, and squares with holes; every third is locked."""
    blobs = [blob for blob in crowd(14, WIDTH, HEIGHT, seed).values() if blob.area < 4000]
    squares = [square(90, 20, 90, 36, hole=True), square(91, 120, 20, 30, hole=True)]
    inside = [clip_to_image(region, WIDTH, HEIGHT) for region in blobs + squares]
    return {r.id: replace(r, locked=r.id % 3 == 0) for r in inside}


def _picture(seed: int) -> Image:
    """Discs on noise, for the tools that look at the pixels."""
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 30, (HEIGHT, WIDTH), np.uint8)
    for _ in range(12):
        x, y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        cv2.circle(pixels, (int(x), int(y)), int(random.integers(4, 20)), 200, -1)
    pixels.setflags(write=False)
    return Image(pixels[..., None])


def check_stored(region: Region) -> None:
    """Valid, in one piece, within the image."""
    assert is_valid(region), region.rings
    assert to_shapely(region.rings).geom_type == "Polygon"
    x0, y0, x1, y1 = region.bounds
    assert x0 >= 0 and y0 >= 0 and x1 <= WIDTH and y1 <= HEIGHT, region.bounds


def areas(regions: Iterable[Region]) -> float:
    return sum(region.area for region in regions)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_work_stores_nothing_bad_and_undo_is_exact(seed: int) -> None:
    place = Workplace(seed)
    stack = place.document.stack
    at_first = content_hash(place.document.regions.values())
    kinds = place.random.permutation([True] * GESTURES + [False] * COMMANDS)
    for is_gesture in kinds:
        if place.random.random() < 0.5:
            place.select()
        if is_gesture:
            place.hand.gesture(place.random.choice(list(place.tools.values())))
        else:
            place.command()
        place.drop_gone()
        place.check()
    assert len(place.names) > 10, sorted(place.names)
    in_the_end = content_hash(place.document.regions.values())
    end = stack.index()
    stack.setIndex(0)
    assert content_hash(place.document.regions.values()) == at_first
    stack.setIndex(end)
    assert content_hash(place.document.regions.values()) == in_the_end
