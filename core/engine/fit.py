"""How large the objects of an image are for a network, after the image was resized for it."""

from dataclasses import dataclass

RESIZED_BY = (0.1, 4.0)
"""Smallest and largest factor: more would invent pixels or lose the objects."""
LEAST = 8.0
"""Pixels as the network sees them: what is smaller has no shape any more."""


@dataclass(frozen=True)
class Fit:
    """diameter: of an object in pixels of the image. known: of the objects that the network knows,
    pixels as it sees them."""

    diameter: float
    known: float

    @property
    def factor(self) -> float:
        """What the image is resized by."""
        low, high = RESIZED_BY
        return min(max(self.known / self.diameter, low), high)

    @property
    def seen(self) -> float:
        """Diameter of an object as the network sees it, pixels."""
        return self.diameter * self.factor

    @property
    def warning(self) -> str:
        """A sentence for a person when resizing does not reach the known size, else ""."""
        low, high = RESIZED_BY
        if self.known / self.diameter > high:
            small = self.seen < LEAST
            how = "too small to show a shape" if small else "smaller than the network knows"
            return (
                f"{self._objects} are {how}, even enlarged {high:g} times: check the object size, "
                "or take the image at a higher magnification."
            )
        if self.known / self.diameter < low:
            return (
                f"{self._objects} stay larger than the network knows, even at {low:.0%} of their "
                "size: check the object size, or reduce the image first."
            )
        return ""

    @property
    def _objects(self) -> str:
        return f"Objects of {round(self.diameter, 1):g} px"
