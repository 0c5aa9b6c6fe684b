"""The size of a pixel as a TIFF file states it, or None; nothing is ever assumed."""

import math
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

_MICROMETRES = {
    "m": 1e6,
    "cm": 1e4,
    "mm": 1e3,
    "um": 1.0,
    "micron": 1.0,
    "microns": 1.0,
    "micrometer": 1.0,
    "micrometre": 1.0,
    "nm": 1e-3,
    "pm": 1e-6,
    "å": 1e-4,
    "inch": 25_400.0,
    "in": 25_400.0,
}
_PLAUSIBLE = (1e-4, 1e3)  # micrometres, from electron microscopes to a picture of a plate
_PRINT_DPI = (72, 75, 96, 100, 120, 144, 150, 180, 200, 240, 300, 350, 360, 400, 600, 1200)
_SQUARE = 0.01

Sizes = tuple[float, float]  # width and height of a pixel in micrometres
Resolutions = tuple[object, object]  # pixels per unit across and down, as the tags hold them


def single_size(sizes: Sizes | None) -> tuple[float | None, tuple[str, ...]]:
    """One plausible size with no note, or None; pixels that are not square get a note."""
    if sizes is None or not all(_PLAUSIBLE[0] <= size <= _PLAUSIBLE[1] for size in sizes):
        return None, ()
    width, height = sizes
    if abs(width - height) > _SQUARE * width:
        return None, (f"Pixels are not square ({width:g} x {height:g} µm): lengths are in pixels.",)
    return width, ()


def from_imagej(metadata: Mapping[str, Any], resolutions: Resolutions) -> Sizes | None:
    """ImageJ keeps the unit in its own text and pixels per unit in the resolution tags."""
    scale = micrometres(str(metadata.get("unit", "")))
    return None if scale is None else _from_resolutions(resolutions, scale)


def from_resolution(unit: object, resolutions: Resolutions) -> Sizes | None:
    """The plain TIFF tags, with unit 2 for inch and 3 for centimetre."""
    scale = {2: 25_400.0, 3: 1e4}.get(unit) if isinstance(unit, int) else None
    return None if scale is None else _from_resolutions(resolutions, scale)


def _from_resolutions(resolutions: Resolutions, scale: float) -> Sizes | None:
    width, height = (_length(resolution, scale) for resolution in resolutions)
    return None if width is None or _is_print_size(width) else both(width, height)


def _length(resolution: object, scale: float) -> float | None:
    """Micrometres a pixel from a rational of pixels per unit."""
    try:
        per_unit = float(Fraction(*resolution))  # type: ignore[misc]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    # Rationals of the tags are rounded; six digits are what they carry.
    return float(f"{scale / per_unit:.6g}") if per_unit > 0 else None


def both(width: float | None, height: float | None) -> Sizes | None:
    """The pair, None unless both are finite numbers."""
    if width is None or height is None or not math.isfinite(width + height):
        return None
    return width, height


def _is_print_size(width: float) -> bool:
    """Whether this is a dots-per-inch default of a screen or printer: no calibration."""
    return any(math.isclose(25_400 / width, dpi, rel_tol=1e-3) for dpi in _PRINT_DPI)


def micrometres(unit: str) -> float | None:
    """Micrometres in a unit, None for an unknown one.

    The two code points of µ and its escaped spelling are one letter.
    """
    plain = unicodedata.normalize("NFKC", unit.replace("\\u00B5", "µ")).strip().lower()
    return _MICROMETRES.get(plain.replace("μ", "u"))
