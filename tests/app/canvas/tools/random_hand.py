"""A hand that does at random what a person may do with a tool, sensible or not."""

import math
from collections.abc import Callable

import numpy as np

from app.canvas.tools.base import Point, Pointer, Tool
from app.document.document import Document
from app.document.selection import Selection

REACHES = (0.5, 2.0, 6.0, 16.0)  # of zooms from 1600 % to 50 %
KEYS = ("Return", "Backspace", "Delete", "F", "[", "]")
OUTSIDE = 15.0  # px beyond the image that a pointer may be


class RandomHand:
    """Draws gestures from a generator of random numbers; positions prefer borders of regions, and
    regions that are selected."""

    def __init__(
        self,
        random: np.random.Generator,
        document: Document,
        selection: Selection,
        acted: Callable[[], None],
    ) -> None:
        """acted: called after each press with its release, and after each key."""
        self._random = random
        self._document, self._selection = document, selection
        self._acted = acted
        self._reach = 2.0
        self._held: dict[str, bool] = {}

    def gesture(self, tool: Tool) -> None:
        """One gesture, to its end: nothing of it is left open."""
        self._reach = float(self._random.choice(REACHES))
        names = ("shift", "alt", "control")
        self._held = {name: self._maybe(0.15) for name in names}
        way = self._random.choice(3, p=(0.45, 0.25, 0.3))
        (self._drag, self._loop, self._click)[way](tool)
        if self._maybe(0.2):
            self._key(tool, str(self._random.choice(KEYS)))
        if self._maybe(0.1):
            self._key(tool, "Escape")
        tool.cancel()

    def _drag(self, tool: Tool) -> None:
        start, end = np.array(self._place()), np.array(self._place())
        if self._maybe(0.3):
            end = start + self._random.normal(0, 8, 2)
        steps = int(self._random.integers(2, 12))
        along = np.linspace(0, 1, steps)[1:, None]
        wobble = self._random.normal(0, self._random.choice((0.0, 0.5, 4.0)), (steps - 1, 2))
        self._pull(tool, start, start + (end - start) * along + wobble)

    def _loop(self, tool: Tool) -> None:
        x, y = self._place()
        angle = np.linspace(0, self._random.uniform(1.7, 2.1) * math.pi, 16)
        radius = self._random.uniform(2, 25) * (1 + self._random.normal(0, 0.08, 16))
        points = np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))
        self._pull(tool, points[0], points[1:])

    def _click(self, tool: Tool) -> None:
        """Once, or corner after corner around a place."""
        corners = [self._place()]
        if self._maybe(0.7):
            x, y = corners[0]
            size = self._random.uniform(3, 25)
            turns = np.sort(self._random.uniform(0, 2 * math.pi, self._random.integers(3, 7)))
            if self._maybe(0.2):
                self._random.shuffle(turns)
            corners = [(x + size * math.cos(a), y + size * math.sin(a)) for a in turns]
        for corner in corners:
            self._pull(tool, np.array(corner), np.empty((0, 2)))
        if self._maybe(0.5):
            tool.press(self._pointer(corners[-1], "left", double=True))
            tool.release(self._pointer(corners[-1], "left"))
            self._acted()
        else:
            self._key(tool, "Return")

    def _pull(self, tool: Tool, start: np.ndarray, points: np.ndarray) -> None:
        """Press at the start, move along the points, release at the last one."""
        button = "right" if self._maybe(0.08) else "left"
        tool.move(self._pointer(start, "none"))
        tool.press(self._pointer(start, button))
        for point in points:
            tool.move(self._pointer(point, "none"))
            if self._maybe(0.04):
                self._key(tool, "F")
            if self._maybe(0.04):
                tool.wheel(float(self._random.choice((-1, 1))))
        tool.release(self._pointer(points[-1] if len(points) else start, button))
        self._acted()

    def _key(self, tool: Tool, name: str) -> None:
        tool.key(name)
        self._acted()

    def _place(self) -> Point:
        """Near a border, within a region, or anywhere, also beside the image."""
        stored, selected = self._document.regions, sorted(self._selection.ids)
        regions = [stored[i] for i in selected if i in stored and len(selected) < 9]
        if not regions or self._maybe(0.3):
            regions = list(stored.values())
        if not regions or self._maybe(0.25):
            size = np.array((self._document.width, self._document.height))
            x, y = self._random.uniform(-OUTSIDE, size + OUTSIDE)
            return float(x), float(y)
        region = regions[self._random.integers(len(regions))]
        ring = region.rings[self._random.integers(len(region.rings))]
        near = ring[self._random.integers(len(ring))]
        if self._maybe(0.3):
            near = ring.mean(axis=0)
        x, y = near + self._random.normal(0, self._random.choice((0.0, 1.0, 5.0)), 2)
        return float(x), float(y)

    def _pointer(self, at: np.ndarray | Point, button: str, double: bool = False) -> Pointer:
        x, y = at
        return Pointer(float(x), float(y), self._reach, button, double=double, **self._held)

    def _maybe(self, chance: float) -> bool:
        return bool(self._random.random() < chance)
