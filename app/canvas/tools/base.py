"""What a tool is: a verb that is fed with pointer positions and asks its host for everything."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.annotation.region import Region
from core.annotation.runs import Points
from core.image.model import Image

Point = tuple[float, float]
Segment = tuple[float, float, float, float]
EVERYWHERE: Segment = (-math.inf, -math.inf, math.inf, math.inf)


@dataclass(frozen=True)
class Pointer:
    """A pointer event in image coordinates; `reach` is 8 screen pixels, in image pixels."""

    x: float
    y: float
    reach: float
    button: str = "left"
    shift: bool = False
    control: bool = False
    alt: bool = False
    double: bool = False


@dataclass(frozen=True)
class Sketch:
    """What a tool shows while it works, in image coordinates; painted live by the canvas.

    line: open polyline. dashed: another one, for what is not chosen. handles: points drawn as
    squares. hot: the one under the pointer. marked: those that are chosen. bad: segments (x0, y0,
    x1, y1) that cross, drawn in red. regions: drawn in place of the stored ones with the same ids;
    id 0 is a new one. rubber: x0, y0, x1, y1 of a rectangle with x0 <= x1, y0 <= y1. circle: x, y
    and radius. note: a short text, and where it points to.
    """

    line: tuple[Point, ...] = ()
    dashed: tuple[Point, ...] = ()
    handles: tuple[Point, ...] = ()
    hot: Point | None = None
    marked: tuple[Point, ...] = ()
    bad: tuple[Segment, ...] = ()
    regions: tuple[Region, ...] = ()
    rubber: Segment | None = None
    circle: tuple[float, float, float] | None = None
    note: tuple[float, float, str] | None = None


class Host(Protocol):
    """What tools may ask for; the canvas implements it, tests use a small fake."""

    @property
    def regions(self) -> Mapping[int, Region]: ...
    @property
    def selected(self) -> frozenset[int]: ...
    @property
    def image_size(self) -> tuple[int, int]:
        """Width, height in pixels."""
        ...

    @property
    def image(self) -> Image: ...
    @property
    def probability(self) -> np.ndarray | None:
        """(H, W) float32 of 0..1, that a pixel belongs to an object; None without a model run."""
        ...

    @property
    def active_class(self) -> int: ...
    def region_at(self, x: float, y: float) -> int:
        """Id of the smallest visible region that contains the point, 0 for none."""
        ...

    def regions_within(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[int]:
        """Ids of the regions whose bounds lie inside the rectangle."""
        ...

    def regions_met(self, line: Points) -> frozenset[int]:
        """Ids of the visible regions whose bounds meet a polyline (n, 2), n >= 2."""
        ...

    def select(self, ids: frozenset[int]) -> None: ...
    def hover(self, region_id: int) -> None: ...
    def change(self, regions: tuple[Region, ...], name: str) -> bool:
        """Commit changed regions as one undo step; False when they are refused, which is said."""
        ...

    def add(self, regions: tuple[Region, ...], name: str) -> bool:
        """Commit new regions (their id is ignored) as one undo step and select them; False when
        they are refused, which is said."""
        ...

    def rearrange(
        self,
        name: str,
        changed: tuple[Region, ...] = (),
        added: tuple[Region, ...] = (),
        removed: frozenset[int] = frozenset(),
    ) -> bool:
        """Commit regions that take each other's place (cut, merged) as one undo step and select
        what was changed and added; False when it is refused, which is said.

        changed: in place of the stored ones with the same ids. added: their id is ignored.
        """
        ...

    def delete(self, ids: frozenset[int]) -> None: ...
    def show(self, sketch: Sketch) -> None:
        """Replace what is painted live for the tool."""
        ...

    def say(self, sentence: str) -> None:
        """Tell the person something, in the status line."""
        ...


class Tool(Protocol):
    """A gesture; one instance lives per canvas and is reset by `cancel`.

    keys: what it answers to besides Escape, and what that does, for the help: "Return", "[", "F".
    While the tool shows something these are no shortcuts.
    """

    name: str
    keys: tuple[tuple[str, str], ...] = ()

    def press(self, at: Pointer) -> None: ...
    def move(self, at: Pointer) -> None:
        """The pointer moved, with or without a button held."""
        ...

    def release(self, at: Pointer) -> None: ...
    def key(self, name: str) -> bool:
        """A key such as "Delete", "Return" or "F"; True when the tool used it."""
        return False

    def wants(self, name: str) -> bool:
        """Whether the key is for the tool now, when it is a shortcut as well."""
        return any(name == key for key, _ in self.keys)

    def wheel(self, notches: float) -> bool:
        """The wheel was turned with Ctrl held, away from the hand: > 0; True when it was used."""
        return False

    def leave(self) -> None:
        """The pointer has left the canvas: show nothing that only follows it."""
        return

    def interrupt(self) -> None:
        """The button that is held will not be heard of again, or another one went down as well:
        drop the drag. What was clicked before stays."""
        ...

    def cancel(self) -> None:
        """Drop what was begun; nothing changes."""
        ...


def within_image(host: Host, at: Pointer) -> Point:
    """The point of the image that is nearest to the pointer."""
    width, height = host.image_size
    return min(max(at.x, 0.0), width), min(max(at.y, 0.0), height)
