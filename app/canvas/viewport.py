"""Viewport: which part of the image the widget shows, and how large. No Qt."""

from dataclasses import dataclass, replace

Bounds = tuple[float, float, float, float]
"""x0, y0, x1, y1 in image coordinates."""

LARGEST_SCALE = 64.0
FIT_MARGIN = 12.0  # screen px around a fitted image
SHOWN_SHARE = 0.25  # of the widget that an object takes when the view goes to it


@dataclass(frozen=True)
class Viewport:
    """An image of some size seen through a widget of some size.

    scale: screen px per image px. x, y: the image point at the widget's centre, which always lies
    on the image, so that the image cannot be lost. Screen means logical pixels of the widget.
    """

    image_width: int
    image_height: int
    width: float
    height: float
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole image is just visible."""
        room_x, room_y = (max(side - 2 * FIT_MARGIN, 1.0) for side in (self.width, self.height))
        return min(room_x / max(self.image_width, 1), room_y / max(self.image_height, 1))

    @property
    def scale_range(self) -> tuple[float, float]:
        """Smallest and largest scale; fit and 1:1 are always within."""
        fit = self.fit_scale
        return min(fit / 4, 1.0), max(LARGEST_SCALE, fit)

    @property
    def is_fitted(self) -> bool:
        return self == self.fitted()

    @property
    def visible(self) -> Bounds:
        """What the widget shows, beyond the image too."""
        return (*self.to_image(0, 0), *self.to_image(self.width, self.height))

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Image coordinates of a point of the widget."""
        return (
            self.x + (x - self.width / 2) / self.scale,
            self.y + (y - self.height / 2) / self.scale,
        )

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Widget coordinates of a point of the image."""
        return (
            (x - self.x) * self.scale + self.width / 2,
            (y - self.y) * self.scale + self.height / 2,
        )

    def fitted(self) -> "Viewport":
        """The whole image, centred."""
        return replace(self, scale=self.fit_scale, x=self.image_width / 2, y=self.image_height / 2)

    def resized(self, width: float, height: float) -> "Viewport":
        """The same picture in a widget of another size; a fitted image stays fitted."""
        other = replace(self, width=width, height=height)
        return other.fitted() if self.is_fitted else other.zoomed_to(self.scale)

    def zoomed_to(self, scale: float, at: tuple[float, float] | None = None) -> "Viewport":
        """Another scale, within range; the image point at screen point `at` stays there."""
        smallest, largest = self.scale_range
        scale = min(max(scale, smallest), largest)
        screen_x, screen_y = at or (self.width / 2, self.height / 2)
        x, y = self.to_image(screen_x, screen_y)
        return self._centred(
            x - (screen_x - self.width / 2) / scale, y - (screen_y - self.height / 2) / scale, scale
        )

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Viewport":
        """`factor` times as large."""
        return self.zoomed_to(self.scale * factor, at)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """The picture pushed by dx, dy screen px."""
        return self._centred(self.x - dx / self.scale, self.y - dy / self.scale, self.scale)

    def showing(self, bounds: Bounds) -> "Viewport":
        """Centred on an object; the scale changes only when it is tiny or does not fit."""
        x0, y0, x1, y1 = bounds
        share = max((x1 - x0) / self.width, (y1 - y0) / self.height, 1e-9) * self.scale
        scale = self.scale
        if not SHOWN_SHARE / 10 <= share <= 0.9:
            smallest, largest = self.scale_range
            scale = min(max(scale * SHOWN_SHARE / share, smallest), largest)
        return self._centred((x0 + x1) / 2, (y0 + y1) / 2, scale)

    def _centred(self, x: float, y: float, scale: float) -> "Viewport":
        x, y = min(max(x, 0.0), self.image_width), min(max(y, 0.0), self.image_height)
        return replace(self, scale=scale, x=x, y=y)
