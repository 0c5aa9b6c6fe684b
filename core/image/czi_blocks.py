"""The blocks of a CZI file: where its scenes lie, and which places their axes have."""

from dataclasses import dataclass, field
from typing import Any

from core.errors import UnreadableImage

AXES = "BVHIRTCZ"
CUT = "it is damaged or cut short; copy it again from its source"
MAX_BLOCKS = 2_000_000
MAX_BLOCK = 2**28  # pixels; decoders make room for a whole block
_FARTHEST = 2**30  # coordinates beyond overflow in sums of 32 bits


@dataclass
class SceneBlocks:
    """The blocks of one scene together.

    index: its number in the file, None in a file without scenes. left, top, right, bottom: the
    rectangle around them. places: first and last place of each axis. types: names of the pixel
    types by channel. halvings: how often the file has the scene at half the size.
    """

    index: int | None
    left: int = _FARTHEST
    top: int = _FARTHEST
    right: int = -_FARTHEST
    bottom: int = -_FARTHEST
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    halvings: int = 0

    @property
    def sizes(self) -> dict[str, int]:
        """Numbers of places of the axes that the file has."""
        return {a: self.places[a][1] - self.places[a][0] + 1 for a in AXES if a in self.places}

    def start(self, axis: str) -> int:
        return self.places.get(axis, (0, 0))[0]

    def add(self, block: Any, place: dict[str, int]) -> None:
        rect, stored = block.logicalRect, block.physicalSize
        if rect.w > stored.w or rect.h > stored.h:  # a smaller copy of other blocks
            shrunk = min(rect.w / stored.w, rect.h / stored.h)
            self.halvings = max(self.halvings, int(shrunk + 0.5).bit_length() - 1)
            return
        self.left, self.top = min(self.left, rect.x), min(self.top, rect.y)
        self.right = max(self.right, rect.x + rect.w)
        self.bottom = max(self.bottom, rect.y + rect.h)
        for axis, at in place.items():
            first, last = self.places.get(axis, (at, at))
            self.places[axis] = min(first, at), max(last, at)
        self.types.setdefault(place.get("C", 0), block.pixelType.name)


def list_scenes(file: Any) -> list[SceneBlocks]:
    """The scenes of an open CZI file, in the order of their numbers; no pixel is read.

    Raises UnreadableImage for a list of blocks that no microscope writes.
    """
    import _pylibCZIrw

    index = _pylibCZIrw.DimensionIndex
    axes = {axis: getattr(index, axis) for axis in AXES}
    scenes: dict[int | None, SceneBlocks] = {}
    odd: list[int] = []

    def add(number: int, block: Any) -> bool:
        if number >= MAX_BLOCKS or not _is_sound(block):
            odd.append(number)
            return False
        at = block.coordinate.try_get_position
        places = {axis: at(key) for axis, key in axes.items()}
        scene = at(index.S)
        known = {axis: place for axis, place in places.items() if place is not None}
        scenes.setdefault(scene, SceneBlocks(scene)).add(block, known)
        return True

    file.enumerate_subblocks(add)
    found = [scene for scene in scenes.values() if scene.types]
    if odd or not found:
        raise UnreadableImage(CUT)
    return sorted(found, key=lambda scene: -1 if scene.index is None else scene.index)


def _is_sound(block: Any) -> bool:
    """Whether a block has a size, and lies where coordinates do not overflow."""
    rect, stored = block.logicalRect, block.physicalSize
    sides = (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h)
    positive = min(rect.w, rect.h, stored.w, stored.h) > 0
    return bool(positive and max(map(abs, sides)) < _FARTHEST and stored.w * stored.h <= MAX_BLOCK)
