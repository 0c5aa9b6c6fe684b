"""What a tool is: a verb that is fed with pointer positions and asks its host for everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.annotation.region import Region


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

    line: open polyline. handles: points drawn as squares. hot: the one under the pointer. bad:
    segments (x0, y0, x1, y1) that cross, drawn in red. regions: drawn in place of the stored ones
    with the same ids. rubber: x0, y0, x1, y1 of a rectangle with x0 <= x1, y0 <= y1.
    """

    line: tuple[tuple[float, float], ...] = ()
    handles: tuple[tuple[float, float], ...] = ()
    hot: tuple[float, float] | None = None
    bad: tuple[tuple[float, float, float, float], ...] = ()
    regions: tuple[Region, ...] = ()
    rubber: tuple[float, float, float, float] | None = None


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
    def active_class(self) -> int: ...
    def region_at(self, x: float, y: float) -> int:
        """Id of the smallest visible region that contains the point, 0 for none."""
        ...

    def regions_within(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[int]:
        """Ids of the regions whose bounds lie inside the rectangle."""
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

    def delete(self, ids: frozenset[int]) -> None: ...
    def show(self, sketch: Sketch) -> None:
        """Replace what is painted live for the tool."""
        ...

    def say(self, sentence: str) -> None:
        """Tell the person something, in the status line."""
        ...


class Tool(Protocol):
    """A gesture; one instance lives per canvas and is reset by `cancel`."""

    name: str

    def press(self, at: Pointer) -> None: ...
    def move(self, at: Pointer) -> None:
        """The pointer moved, with or without a button held."""
        ...

    def release(self, at: Pointer) -> None: ...
    def key(self, name: str) -> bool:
        """A key such as "Delete", "Return" or "Backspace"; True when the tool used it."""
        ...

    def cancel(self) -> None:
        """Drop what was begun; nothing changes."""
        ...
