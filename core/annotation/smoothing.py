"""Smoother outlines of the same area.

A Gaussian along the border takes out what is shorter than its width and pulls the border inwards
where it bends; moving all of it outwards by one distance gives the area back.
"""

import numpy as np
import numpy.typing as npt
import shapely

from core.annotation.geometry import Part, from_shapely, repair_parts, to_shapely
from core.annotation.one_piece import LeftOut, in_one_piece, unnoticed
from core.annotation.region import Region, Ring, ring
from core.annotation.runs import Floats
from core.annotation.simplify import simplify_ring

STEP = 0.25  # between the points that are smoothed, in units of the strength
FEWEST = 64  # points, so that small rings stay round
WIDEST = 1 / 8  # of a ring's length; a stronger filter would leave a dot
TOLERANCE = 0.1  # px
ROUNDS = 3  # of giving back area; the first leaves about 1 %

Curve = npt.NDArray[np.complex128]
"""A ring as x + iy at even distances."""


def smoothed(region: Region, strength: float, left_out: LeftOut = unnoticed) -> Region:
    """The region with bends along its border that are shorter than about `strength` px taken out.

    strength: px, the sigma of the Gaussian. Each ring keeps its area within 1 %. Raises
    InvalidGeometry when holes and shell come to cross so that it falls apart.
    """
    if strength <= 0:
        return region
    shell, *holes = (_filled(_smoothed(points, strength)) for points in region.rings)
    parts = from_shapely(shapely.difference(shell, shapely.union_all(holes)))
    return in_one_piece(region, parts, "smooth it less", left_out)


def _smoothed(points: Ring, strength: float) -> Ring:
    steps = np.abs(np.diff(points @ (1, 1j), append=points[0] @ (1, 1j)))
    length = steps.sum()
    sigma = min(strength, WIDEST * length)
    count = max(int(np.ceil(length / (STEP * sigma))), FEWEST)
    even = _evenly(points, steps, count)
    curve = _with_area(_gaussian(even, sigma / length), _area(even))
    return simplify_ring(ring(np.column_stack((curve.real, curve.imag))), TOLERANCE)


def _evenly(points: Ring, steps: Floats, count: int) -> Curve:
    """`count` points at even distances along the ring."""
    at = np.concatenate(([0.0], np.cumsum(steps)))
    closed = np.concatenate((points, points[:1])) @ (1, 1j)
    curve: Curve = np.interp(np.linspace(0, at[-1], count, endpoint=False), at, closed)
    return curve


def _gaussian(curve: Curve, sigma: float) -> Curve:
    """The curve under a periodic Gaussian; sigma in units of its length."""
    frequency = np.fft.fftfreq(len(curve), 1 / len(curve))
    gain = np.exp(-2 * (np.pi * sigma * frequency) ** 2)
    smooth: Curve = np.fft.ifft(np.fft.fft(curve) * gain)
    return smooth


def _with_area(curve: Curve, area: float) -> Curve:
    """The curve moved along its normals until it has that signed area."""
    for _ in range(ROUNDS):
        along = np.roll(curve, -1) - np.roll(curve, 1)
        length = np.abs(along).sum() / 2
        curve = (
            curve - 1j * along / np.maximum(np.abs(along), 1e-12) * (area - _area(curve)) / length
        )
    return curve


def _area(curve: Curve) -> float:
    """Signed; positive when the curve runs clockwise on the screen."""
    local = curve - curve[0]
    return float((np.conj(local) * np.roll(local, -1)).imag.sum() / 2)


def _filled(points: Ring) -> shapely.Polygon:
    """What the ring encloses; of a ring that crosses itself the largest part."""
    part: Part = repair_parts((points,))[0]
    return to_shapely((part.shell,))
