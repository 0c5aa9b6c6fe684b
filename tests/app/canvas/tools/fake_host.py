"""A host without a canvas: regions in a dict, everything said and shown written down. Like the
real one it refuses what is not valid."""

from dataclasses import dataclass, field, replace

import numpy as np

from app.canvas.polygon_store import PolygonStore
from app.canvas.tools.base import Pointer, Sketch, Tool
from core.annotation.geometry import is_valid
from core.annotation.region import Region
from core.annotation.runs import Points
from core.image.model import Image


@dataclass
class FakeHost:
    regions: dict[int, Region] = field(default_factory=dict)
    selected: frozenset[int] = frozenset()
    image_size: tuple[int, int] = (100, 80)
    active_class: int = 2
    image: Image = field(default_factory=lambda: Image(np.zeros((80, 100, 1), np.uint8)))
    probability: np.ndarray | None = None
    refuses: bool = False
    sketch: Sketch = field(default_factory=Sketch)
    hovered: int = 0
    said: list[str] = field(default_factory=list)
    commits: list[tuple[str, tuple[Region, ...]]] = field(default_factory=list)

    def region_at(self, x: float, y: float) -> int:
        return PolygonStore(self.regions).region_at(x, y)

    def regions_within(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[int]:
        return PolygonStore(self.regions).regions_within((x0, y0, x1, y1))

    def regions_met(self, line: Points) -> frozenset[int]:
        return PolygonStore(self.regions).met_by(line)

    def select(self, ids: frozenset[int]) -> None:
        self.selected = ids

    def hover(self, region_id: int) -> None:
        self.hovered = region_id

    def change(self, regions: tuple[Region, ...], name: str) -> bool:
        if self.refuses or not all(map(is_valid, regions)):
            return False
        self.regions.update({r.id: r for r in regions})
        self.commits.append((name, regions))
        return True

    def add(self, regions: tuple[Region, ...], name: str) -> bool:
        return self.rearrange(name, added=regions)

    def rearrange(
        self,
        name: str,
        changed: tuple[Region, ...] = (),
        added: tuple[Region, ...] = (),
        removed: frozenset[int] = frozenset(),
    ) -> bool:
        number = max(self.regions, default=0) + 1
        new = tuple(replace(r, id=number + i) for i, r in enumerate(added))
        if not self.change((*changed, *new), name):
            return False
        for i in removed:
            del self.regions[i]
        self.selected = frozenset(r.id for r in (*changed, *new))
        return True

    def delete(self, ids: frozenset[int]) -> None:
        self.commits.append(("Delete", tuple(self.regions.pop(i) for i in sorted(ids))))

    def show(self, sketch: Sketch) -> None:
        self.sketch = sketch

    def say(self, sentence: str) -> None:
        self.said.append(sentence)


class Mouse:
    """Moves over the image at a zoom of `scale` screen px per image px."""

    def __init__(self, tool: Tool, scale: float = 4.0) -> None:
        self._tool = tool
        self._reach = 8.0 / scale

    def at(self, x: float, y: float, button: str = "left", **held: bool) -> Pointer:
        return Pointer(x, y, self._reach, button, **held)

    def move(self, x: float, y: float) -> None:
        self._tool.move(self.at(x, y, "none"))

    def press(self, x: float, y: float, button: str = "left", **held: bool) -> None:
        self._tool.press(self.at(x, y, button, **held))

    def release(self, x: float, y: float, button: str = "left", **held: bool) -> None:
        self._tool.release(self.at(x, y, button, **held))

    def click(self, x: float, y: float, button: str = "left", **held: bool) -> None:
        self.move(x, y)
        self.press(x, y, button, **held)
        self.release(x, y, button, **held)

    def double_click(self, x: float, y: float) -> None:
        """As Qt tells it: press, release, double press, release."""
        self.click(x, y)
        self.press(x, y, double=True)
        self.release(x, y)

    def drag(self, *points: tuple[float, float], **held: bool) -> None:
        self.move(*points[0])
        self.press(*points[0], **held)
        for point in points[1:]:
            self.move(*point)
        self.release(*points[-1], **held)
