"""What a file says of one of its images."""

import math
from dataclasses import dataclass

from core.image.pixel_size import Sizes
from core.image.source import Channel


@dataclass(frozen=True)
class Told:
    """Lengths in micrometres, None when it does not say; sizes: width and height of a pixel."""

    name: str = ""
    sizes: Sizes | None = None
    z_step_um: float | None = None
    interval_s: float | None = None
    channels: tuple[Channel, ...] = ()


def positive(value: object, scale: float | None = 1.0) -> float | None:
    """A finite number above 0, scaled; None for anything else.

    What stands behind the twelfth digit comes from the scaling and is noise.
    """
    try:
        number = float(f"{float(value) * scale:.12g}")  # type: ignore[arg-type, operator]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number > 0 else None
