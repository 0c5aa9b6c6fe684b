"""What a person asks of a run, before it is known on which image."""

from dataclasses import dataclass, replace

from core.engine.config import SegmentConfig
from core.errors import UsageError


@dataclass(frozen=True)
class RunSettings:
    """`config` for every image; diameter_um, micrometres, takes the place of its diameter.

    Raises UsageError for a diameter that is not above 0.
    """

    config: SegmentConfig
    diameter_um: float | None = None

    def __post_init__(self) -> None:
        if self.diameter_um is not None and not self.diameter_um > 0:
            raise UsageError(f"The diameter is {self.diameter_um} µm; it must lie above 0.")

    def for_image(self, name: str, pixel_size_um: float | None) -> SegmentConfig:
        """What the engine is asked; pixel_size_um: edge of a pixel in micrometres.

        Raises UsageError, with the name, when micrometres cannot become a sensible diameter.
        """
        if self.diameter_um is None:
            return self.config
        if pixel_size_um is None:
            raise UsageError(
                f"{name} has no pixel size, so {self.diameter_um:g} µm cannot be turned into "
                "pixels: give the object size in pixels, or have it measured (automatic)."
            )
        try:
            return replace(self.config, diameter=self.diameter_um / pixel_size_um)
        except UsageError as error:
            raise UsageError(f"{name} has pixels of {pixel_size_um:g} µm: {error}") from error
