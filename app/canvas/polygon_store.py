"""PolygonStore: the regions of a document as flat arrays, to find them and to paint them. No Qt."""

from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from app.canvas.colouring import BY_CLASS
from app.canvas.growing import Growing
from app.canvas.shapes import Shapes
from app.canvas.style import MARKED
from app.canvas.viewport import Bounds
from core.annotation.nearest import contains
from core.annotation.region import Region
from core.annotation.runs import Ints, firsts, from_first, swept

WASTE = 256  # rows of changed regions that are kept before the arrays are made anew, at least
NO_IDS = np.zeros(0, np.int64)


class PolygonStore:
    """Follows a mapping of regions: after the mapping changed, `update` with the changed ids.

    A changed region gets a new row at the end, so that shapes handed to the worker stay as they
    were. Dead rows have bounds of NaN, which no search finds.
    """

    def __init__(
        self, regions: Mapping[int, Region], paint: Callable[[Region], int] = BY_CLASS.key
    ) -> None:
        """paint: the key of the colour of a region."""
        self._regions = regions
        self._paint = paint
        self._load()

    def __len__(self) -> int:
        return len(self._row_of)

    @property
    def regions(self) -> Mapping[int, Region]:
        return self._regions

    def update(self, ids: Collection[int]) -> list[Bounds]:
        """Take over the regions with these ids; returns where they were and are."""
        rows = [row for i in ids if (row := self._row_of.get(i)) is not None]
        before = self._bounds_of(rows)
        if 2 * len(ids) + len(self._ids) - len(self._row_of) > len(self._row_of) + WASTE:
            self._load()
        else:
            self._bounds[0].view[rows] = np.nan
            for i in ids:
                self._row_of.pop(i, None)
            self._append([self._regions[i] for i in ids if i in self._regions])
        return before + self._bounds_of(self._row_of[i] for i in ids if i in self._row_of)

    def recolour(self, paint: Callable[[Region], int]) -> None:
        """Take the keys of the colours from elsewhere."""
        self._paint = paint
        keys = np.zeros(len(self._ids), np.int64)
        keys[list(self._row_of.values())] = [paint(self._regions[i]) for i in self._row_of]
        self._paints = Growing(np.int64)
        self._paints.extend(keys)

    def region_at(self, x: float, y: float) -> int:
        """Id of the smallest region that contains the point, 0 for none; a hole is outside."""
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        rows = np.flatnonzero((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1))
        for row in self.in_order(rows)[::-1]:
            region_id = int(self._ids.view[row])
            if contains(self._regions[region_id], x, y):
                return region_id
        return 0

    def regions_within(self, bounds: Bounds) -> frozenset[int]:
        """Ids of the regions that lie in the rectangle as a whole."""
        left, top, right, bottom = bounds
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        rows = (x0 >= left) & (y0 >= top) & (x1 <= right) & (y1 <= bottom)
        return frozenset(self._ids.view[rows].tolist())

    def rows_in(self, bounds: Bounds) -> Ints:
        """Rows of the regions whose bounds meet the rectangle, in no order."""
        left, top, right, bottom = bounds
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        return np.flatnonzero((x1 >= left) & (x0 <= right) & (y1 >= top) & (y0 <= bottom))

    def in_order(self, rows: Ints) -> Ints:
        """Large regions first, so that small ones on them stay visible; then by id."""
        return rows[np.lexsort((self._ids.view[rows], -self._areas.view[rows]))]

    def ids_of(self, rows: Ints) -> list[int]:
        ids: list[int] = self._ids.view[rows].tolist()
        return ids

    def shapes(
        self,
        rows: Ints,
        marked: Ints = NO_IDS,
        hidden: Ints = NO_IDS,
    ) -> Shapes:
        """What the renderer needs of some rows: marked ids as such, hidden ones left out."""
        rows = self.in_order(rows)
        if len(hidden):
            rows = rows[~np.isin(self._ids.view[rows], hidden)]
        first = self._first_ring.view[rows]
        paint = self._paints.view[rows]
        if len(marked):
            paint = np.where(np.isin(self._ids.view[rows], marked), MARKED, paint)
        x0, y0, x1, y1 = (column.view[rows] for column in self._bounds)
        return Shapes(
            points=self._points.view,
            starts=self._ring_start.view,
            sizes=self._ring_size.view,
            first=first,
            count=self._ring_count.view[rows],
            paint=paint,
            extent=x1 - x0 + y1 - y0,
            longest=self._longest.view[rows],
        )

    def _bounds_of(self, rows: Iterable[int]) -> list[Bounds]:
        chosen = list(rows)
        columns = (column.view[chosen].tolist() for column in self._bounds)
        return list(zip(*columns, strict=True))

    def _load(self) -> None:
        """All regions, without gaps."""
        self._row_of: dict[int, int] = {}
        self._ids, self._paints = Growing(np.int64), Growing(np.int64)
        self._bounds = tuple(Growing(np.float64) for _ in range(4))
        self._areas, self._longest = Growing(np.float64), Growing(np.float64)
        self._first_ring, self._ring_count = Growing(np.int64), Growing(np.int64)
        self._ring_start, self._ring_size = Growing(np.int64), Growing(np.int64)
        self._points = Growing(np.float32, 2)
        self._append(list(self._regions.values()))

    def _append(self, regions: list[Region]) -> None:
        if not regions:
            return
        counts = np.array([1 + len(r.holes) for r in regions])
        rings = [ring for region in regions for ring in region.rings]
        sizes = np.array([len(ring) for ring in rings])
        points = np.concatenate(rings, dtype=np.float32)
        first_row = len(self._ids)
        self._row_of.update((r.id, first_row + i) for i, r in enumerate(regions))
        self._ids.extend([r.id for r in regions])
        self._paints.extend([self._paint(r) for r in regions])
        self._first_ring.extend(len(self._ring_size) + firsts(counts))
        self._ring_count.extend(counts)
        self._ring_start.extend(len(self._points) + firsts(sizes))
        self._ring_size.extend(sizes)
        self._points.extend(points)
        self._measure(points, sizes, firsts(counts))

    def _measure(self, points: npt.NDArray[np.float32], sizes: Ints, shells: Ints) -> None:
        """Bounds and area of the shell, and longest edge, of each region that was appended."""
        starts = firsts(sizes)
        lowest = np.minimum.reduceat(points, starts)[shells]
        highest = np.maximum.reduceat(points, starts)[shells]
        for column, values in zip(self._bounds, (*lowest.T, *highest.T), strict=True):
            column.extend(values)
        local = from_first(points.astype(np.float64), sizes)
        self._areas.extend(np.abs(swept(local, local, sizes))[shells])
        after = np.roll(points, -1, axis=0)
        after[starts + sizes - 1] = points[starts]
        steps = after - points
        longest = np.maximum.reduceat(np.einsum("ij,ij->i", steps, steps), starts[shells])
        self._longest.extend(np.sqrt(longest))
