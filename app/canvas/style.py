"""How regions look on the canvas: colours, widths, opacity. No Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.canvas.colouring import BY_CLASS, Colouring
from core.annotation.classes import LabelClass
from core.annotation.region import Region

Rgb = tuple[int, int, int]

MARKED = 2**31 - 1  # stands where a paint key stands, for regions painted as selected
ACCENT = (182, 255, 46)  # lime: not in the palette of classes, bright on every stain, unlike red


def rgb(color: str) -> Rgb:
    """Red, green and blue of #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@dataclass(frozen=True)
class CanvasStyle:
    """Colours by class id, and what colours tell; widths in screen px; opacity of fills 0..1."""

    colors: Mapping[int, Rgb] = field(default_factory=dict)
    colouring: Colouring = BY_CLASS
    accent: Rgb = ACCENT
    fill_opacity: float = 0.2
    outline_width: float = 1.5

    @property
    def crowd_width(self) -> float:
        """Screen px of the outlines where there are many."""
        return self.outline_width / 1.5

    def paint(self, region: Region) -> int:
        """The key of the colour of a region."""
        return self.colouring.key(region)

    def color(self, paint: int) -> Rgb:
        """The colour of a paint key, or of what is MARKED; an unknown class gets the first one."""
        if paint == MARKED:
            return self.accent
        if self.colouring.colors:
            return rgb(self.colouring.colors[paint])
        return self.colors.get(paint) or next(iter(self.colors.values()), (86, 180, 233))

    def with_classes(self, classes: Iterable[LabelClass]) -> "CanvasStyle":
        return replace(self, colors={c.id: rgb(c.color) for c in classes})
