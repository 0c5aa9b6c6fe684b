"""What rendering needs to know of a label image: depth, sizes, centres; values for every cell."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from core.train.synthetic.fields import FLOAT, blurred
from core.train.synthetic.outlines import blobs
from core.train.synthetic.placing import paint


@dataclass(frozen=True, eq=False)
class Cells:
    """labels: (S, S) int32, 0 background, 1..N objects."""

    labels: np.ndarray

    @property
    def size(self) -> int:
        return len(self.labels)

    @property
    def count(self) -> int:
        return len(self.areas) - 1

    @cached_property
    def inside(self) -> np.ndarray:
        """(S, S) float32: 1 on objects, else 0."""
        return np.asarray(self.labels > 0, FLOAT)

    @cached_property
    def areas(self) -> np.ndarray:
        """(N + 1,) pixels of every label, the background first."""
        return np.asarray(np.bincount(self.labels.ravel()))

    @cached_property
    def radii(self) -> np.ndarray:
        """(N + 1,) pixels: of the circle with the same area."""
        return np.asarray(np.sqrt(np.maximum(self.areas, 1) / np.pi), FLOAT)

    @cached_property
    def centres(self) -> np.ndarray:
        """(N, 2) x and y of the objects."""
        y, x = np.indices(self.labels.shape)
        flat = self.labels.ravel()
        sums = [np.bincount(flat, v.ravel())[1:] for v in (x, y)]
        return np.asarray(np.stack(sums, 1) / self.areas[1:, None])

    @cached_property
    def depth(self) -> np.ndarray:
        """(S, S) float32: distance to the nearest border between two labels, on both sides."""
        edge = np.zeros(self.labels.shape, np.uint8)
        across = self.labels[:, 1:] != self.labels[:, :-1]
        down = self.labels[1:] != self.labels[:-1]
        edge[:, 1:] |= across
        edge[:, :-1] |= across
        edge[1:] |= down
        edge[:-1] |= down
        far = cv2.distanceTransform(1 - edge, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        far = np.sqrt(np.rint(far * far))  # its own roots differ in the last digit now and then
        return np.asarray(np.minimum(far, FLOAT(self.size)) + FLOAT(0.5))

    @cached_property
    def signed(self) -> np.ndarray:
        """As `depth`, negative outside of the objects."""
        return np.where(self.labels > 0, self.depth, -self.depth)

    def each(self, values: np.ndarray) -> np.ndarray:
        """(S, S) float32 with the value (N,) of every object, 0 outside."""
        table = np.asarray([0.0, *values], FLOAT)
        return np.asarray(table[self.labels])

    def varied(self, rng: np.random.Generator, spread: float) -> np.ndarray:
        """(S, S): a positive factor for every object, around 1; 0 outside."""
        return self.each(np.exp(rng.normal(0, spread, self.count)))

    @cached_property
    def half_widths(self) -> np.ndarray:
        """(N + 1,) pixels: the greatest depth of every object."""
        deepest = np.ones(self.count + 1, FLOAT)
        np.maximum.at(deepest, self.labels.ravel(), self.depth.ravel())
        return deepest

    def body(self, steepness: float) -> np.ndarray:
        """(S, S) 0..1 rising from the border inwards: 1 a cone, 2 a dome, 6 a flat plate."""
        reach = np.minimum(self.depth / self.half_widths[self.labels], 1)
        height = (1 - (1 - reach) ** FLOAT(steepness)) * self.inside
        return blurred(height, float(np.clip(0.1 * self.half_widths.mean(), 0.3, 3)))

    def roundness(self) -> np.ndarray:
        """(S, S) 0..1: the cell's greatest depth against that of a disc; thin where it is low."""
        return np.asarray(np.minimum(self.half_widths / self.radii, 1)[self.labels] * self.inside)

    def rim(self, offset: float, width: float) -> np.ndarray:
        """(S, S) 0..1: a line along all borders, `offset` pixels inwards."""
        return np.asarray(np.exp(-(((self.signed - FLOAT(offset)) / FLOAT(width)) ** 2)))

    def nuclei(self, rng: np.random.Generator, share: float) -> np.ndarray:
        """Labels (S, S) of a blob in every cell, `share` of its radius wide, with its number."""
        if self.count == 0:
            return np.zeros_like(self.labels)
        radii = self.radii[1:] * share * np.exp(rng.normal(0, 0.12, self.count))
        shift = rng.normal(0, 0.12, (self.count, 2)) * self.radii[1:, None]
        drawn = paint(blobs(radii, rng), self.centres + shift, self.size)
        return np.where((drawn > 0) & (self.depth > 1.5), self.labels, 0)
