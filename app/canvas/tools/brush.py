"""Brush: paint what is missing onto an object, or a new object."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.canvas.tools.base import Host, Point, Pointer, Sketch, Tool, within_image
from app.canvas.tools.regions import is_free, is_stored, new_region, worked_on
from core.annotation.geometry import Part
from core.annotation.nearest import contains
from core.annotation.region import Region
from core.annotation.strokes import Stroke, begin, extend, paint, thin

STEP = 1.15  # times as large, for a notch of the wheel or a press of a key
ROUNDING = 1e-6  # square px


class BrushSize:
    """The radius in image px, 1 to 500; brush and eraser share one."""

    def __init__(self, radius: float = 10.0) -> None:
        self.radius = radius

    def change(self, steps: float) -> None:
        """Make it larger by so many steps, smaller when they are negative."""
        self.radius = min(max(self.radius * STEP**steps, 1.0), 500.0)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a stroke comes to. name: of the undo step, empty when nothing is to be changed.

    part: the outline that the region would have, None for none. sentence: said in the end.
    note: shown at the pointer meanwhile. dashed: an outline that will not be stored.
    """

    name: str
    part: Part | None = None
    sentence: str = ""
    note: str = ""
    dashed: tuple[Point, ...] = ()


class Brush(Tool):
    """Begin inside an object to add to it, a selected one if there are several; elsewhere a new
    one begins. With Shift held the selected object is added to wherever the stroke begins."""

    name = "brush"
    keys = (("[", "makes the brush smaller"), ("]", "makes the brush larger"))

    def __init__(self, host: Host, size: BrushSize) -> None:
        self._host = host
        self._size = size
        self._at: Point | None = None
        self._target: Region | None = None
        self._stroke: Stroke | None = None

    # What the eraser does otherwise

    def _aimed_at(self, at: Pointer) -> Region | None:
        """The region that a press here would act on."""
        return self._picked(at) if at.shift else self._under(at)

    def _may_begin(self, at: Pointer, target: Region | None) -> bool:
        """Whether the stroke may begin; says why not."""
        if target is not None:
            return is_free(self._host, target)
        if at.shift:
            self._host.say("Select one object to paint on it with Shift held.")
        return not at.shift

    def _outcome(self, target: Region | None, stroke: Stroke) -> Outcome:
        parts = paint(target.rings if target else (), stroke)
        if target is None:
            return Outcome("Paint object", parts[0])
        if len(parts) > 1:
            sentence = f"Paint until the stroke touches object {target.id}, to add to it."
            note = f"does not touch object {target.id}"
            return Outcome("", None, sentence, note, tuple(stroke.covered.exterior.coords))
        if parts[0].area <= target.area + ROUNDING:
            sentence = f"Paint over the outline of object {target.id}, to add to it."
            return Outcome("", parts[0], sentence)
        return Outcome("Add to object", parts[0])

    # What both do

    def press(self, at: Pointer) -> None:
        if at.button != "left":
            self.interrupt()
            return
        self._at = x, y = within_image(self._host, at)
        target = self._aimed_at(at)
        if not self._may_begin(at, target):
            return
        self._target = target
        self._stroke = begin(x, y, self._size.radius, *self._host.image_size)
        self._show()

    def move(self, at: Pointer) -> None:
        self._at = within_image(self._host, at)
        if self._stroke is None:
            target = self._aimed_at(at)
            self._host.hover(target.id if target else 0)
        self._lead_on()

    def release(self, at: Pointer) -> None:
        if self._stroke is None or at.button != "left":
            return
        self.move(at)
        stroke, target = self._stroke, self._target
        self._stroke = self._target = None
        if target is None or is_stored(self._host, target):
            self._finish(target, stroke)
        self._show()

    def key(self, name: str) -> bool:
        if name in ("[", "]"):
            return self.wheel(1 if name == "]" else -1)
        if name == "Escape" and self._stroke is not None:
            self.interrupt()
            return True
        return False

    def wheel(self, notches: float) -> bool:
        self._size.change(notches)
        self._lead_on(f"radius {self._size.radius:.3g} px")
        return True

    def leave(self) -> None:
        if self._stroke is None:
            self.cancel()

    def interrupt(self) -> None:
        self._stroke = self._target = None
        self._show()

    def cancel(self) -> None:
        self._at = self._target = self._stroke = None
        self._host.show(Sketch())

    def _lead_on(self, note: str = "") -> None:
        """Take the stroke to where the pointer is, with a brush of the present size."""
        if self._stroke is not None and self._at is not None:
            self._stroke = extend(self._stroke, *self._at, self._size.radius)
        self._show(note)

    def _show(self, note: str = "") -> None:
        """The circle at the pointer, and what the stroke has come to."""
        if self._at is None:
            return
        outcome = self._outcome(self._target, self._stroke) if self._stroke else Outcome("")
        note = note or outcome.note
        self._host.show(
            Sketch(
                dashed=outcome.dashed,
                regions=(self._with(self._target, outcome.part),) if outcome.part else (),
                circle=(*self._at, self._size.radius),
                note=(*self._at, note) if note else None,
            )
        )

    def _finish(self, target: Region | None, stroke: Stroke) -> None:
        """Store what the stroke has come to, as one undo step, and say what there is to say."""
        outcome = self._outcome(target, stroke)
        part = outcome.part and thin(outcome.part, stroke)
        stored = not outcome.name or self._store(outcome.name, target, part)
        if stored and outcome.sentence:
            self._host.say(outcome.sentence)

    def _store(self, name: str, target: Region | None, part: Part | None) -> bool:
        gone = frozenset((target.id,)) if target and part is None else frozenset[int]()
        regions = (self._with(target, part),) if part else ()
        if target is None:
            return self._host.add(regions, name)
        return self._host.rearrange(name, changed=regions, removed=gone)

    def _with(self, target: Region | None, part: Part) -> Region:
        """The region with another outline, or a new one."""
        if target is not None:
            return replace(target, shell=part.shell, holes=part.holes)
        return new_region(self._host, *part)

    def _under(self, at: Pointer) -> Region | None:
        """The region under the pointer, a selected one if there is one."""
        selected = _smallest(r for r in worked_on(self._host, at) if contains(r, at.x, at.y))
        return selected or self._host.regions.get(self._host.region_at(at.x, at.y))

    def _picked(self, at: Pointer) -> Region | None:
        """The selected region; of several the one under the pointer."""
        found = worked_on(self._host, at)
        if len(found) > 1:
            found = [region for region in found if contains(region, at.x, at.y)]
        return _smallest(found)


def _smallest(regions: Iterable[Region]) -> Region | None:
    return min(regions, key=lambda region: region.area, default=None)
