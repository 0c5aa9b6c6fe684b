"""Which pages of a TIFF series make up a plane."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import prod

import numpy as np
from tifffile import TiffPageSeries

from core.image.source import Plane

_PIXEL_AXES = "YXSC"


@dataclass(frozen=True)
class Layout:
    """The axes of a series: `outer` ones count pages, `inner` ones lie within each page.

    time, depth: the letters of the axes that stand for time and focus, "" for none.
    """

    outer: str
    outer_shape: tuple[int, ...]
    inner: str
    inner_shape: tuple[int, ...]
    time: str
    depth: str

    @property
    def sizes(self) -> dict[str, int]:
        return dict(zip(self.outer + self.inner, self.outer_shape + self.inner_shape, strict=True))

    @property
    def height(self) -> int:
        return self.sizes["Y"]

    @property
    def width(self) -> int:
        return self.sizes["X"]

    @property
    def samples(self) -> int:
        """Values of a pixel within one page."""
        return prod(self._inside.get(axis, 1) for axis in "SC")

    @property
    def times(self) -> int:
        return self.sizes.get(self.time, 1)

    @property
    def depths(self) -> int:
        return self.sizes.get(self.depth, 1)

    @property
    def fixed(self) -> tuple[str, ...]:
        """Axes of which only the first place can be shown."""
        return tuple(
            axis
            for axis in _odd(self.sizes, self.outer, self.inner)
            if axis not in (self.time, self.depth)
        )

    @property
    def _inside(self) -> dict[str, int]:
        return dict(zip(self.inner, self.inner_shape, strict=True))

    @property
    def pages_of_first(self) -> list[int]:
        """The pages of the first plane, as many as there are of each."""
        return self.pages(Plane())

    def pages(self, plane: Plane) -> list[int]:
        """The indices of the pages that hold the channels of a plane."""
        at = {self.time: plane.t, self.depth: plane.z}
        channel = self.outer.find("C") if not {"S", "C"} & set(self.inner) else -1
        count = self.outer_shape[channel] if channel >= 0 else 1
        place = [at.get(axis, 0) for axis in self.outer]
        indices = []
        for number in range(count):
            if channel >= 0:
                place[channel] = number
            indices.append(int(np.ravel_multi_index(place, self.outer_shape)) if place else 0)
        return indices

    def channels_last(self, samples: np.ndarray, plane: Plane) -> np.ndarray:
        """(H, W, C) from a page; of a volume within a page, the slice that the plane wants."""
        at = {self.time: plane.t, self.depth: plane.z}
        key = tuple(slice(None) if axis in _PIXEL_AXES else at.get(axis, 0) for axis in self.inner)
        samples = samples[key]
        axes = "".join(axis for axis in self.inner if axis in _PIXEL_AXES)
        order = sorted(range(len(axes)), key=lambda i: _PIXEL_AXES.index(axes[i]))
        return samples.transpose(order).reshape(*(samples.shape[i] for i in order[:2]), -1)


def layout_of(series: TiffPageSeries) -> Layout:
    """How a series is laid out; axes without a meaning count as focus, then as time."""
    page = series.keyframe
    cut = len(series.axes) - page.ndim
    outer, outer_shape = _joined(series.axes[:cut], series.shape[:cut])
    inner = series.axes[cut:]
    time = "T" if "T" in series.axes else ""
    depth = "Z" if "Z" in series.axes else ""
    sizes = dict(zip(outer + inner, outer_shape + page.shape, strict=True))
    for axis in _odd(sizes, outer, inner):
        if not depth:
            depth = axis
        elif not time:
            time = axis
    return Layout(outer, outer_shape, inner, page.shape, time, depth)


def _joined(axes: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Neighbouring axes of one letter as one: all that are unknown are called Q."""
    runs = [
        (axis, list(run)) for axis, run in groupby(zip(axes, shape, strict=True), lambda a: a[0])
    ]
    return "".join(axis for axis, _ in runs), tuple(prod(n for _, n in run) for _, run in runs)


def _odd(sizes: Mapping[str, int], outer: str, inner: str) -> list[str]:
    """Axes that count planes although their letters do not say so."""
    odd = [a for a in sizes if a not in _PIXEL_AXES + "TZ" and sizes[a] > 1]
    # Colours stored within a page are its channels; then an outer C counts other planes.
    has_colours = bool({"S", "C"} & set(inner))
    return [*odd, "C"] if "C" in outer and has_colours and sizes["C"] > 1 else odd
