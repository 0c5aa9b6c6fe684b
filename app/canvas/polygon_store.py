"""PolygonStore: the regions of a document as flat arrays, to find them and to paint them. No Qt."""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from app.canvas.colouring import BY_CLASS
from app.canvas.growing import Growing
from app.canvas.shapes import Shapes
from app.canvas.style import MARKED
from app.canvas.viewport import Bounds
from core.annotation.nearest import contains
from core.annotation.region import Region
from core.annotation.runs import Ints, Points, firsts

WASTE = 256  # rows of changed regions that are kept before the arrays are made anew, at least
PIECE = 10_000  # regions that are loaded at once, in some 20 ms
MANY = 64  # changed regions whose places nobody wants to know one by one
NO_IDS = np.zeros(0, np.int64)


class PolygonStore:
    """Follows a mapping of regions: after the mapping changed, `update` with the changed ids. The
    hidden ones are left out, as if they were not there.

    A changed region gets a new row at the end, so that shapes handed to the worker stay as they
    were. Dead rows have bounds of NaN, which no search finds. Many regions are loaded in pieces,
    by `load_more`; who searches before they are all there waits for them.
    """

    def __init__(
        self,
        regions: Mapping[int, Region],
        paint: Callable[[Region], int] = BY_CLASS.key,
        hidden: Set[int] = frozenset(),
    ) -> None:
        """paint: the key of the colour of a region. hidden: ids, changed like the mapping."""
        self._regions = regions
        self._hidden = hidden
        self._paint = paint
        self._waiting: list[int] = []  # ids that are not loaded yet
        self._load()

    def __len__(self) -> int:
        self._finish()
        return len(self._row_of)

    @property
    def is_loaded(self) -> bool:
        """Whether all regions are there, so that nothing takes long."""
        return not self._waiting

    def load_more(self) -> None:
        """Take over another piece of the regions that wait."""
        piece, self._waiting = self._waiting[:PIECE], self._waiting[PIECE:]
        self._append(self.shown(i for i in piece if i not in self._row_of))

    @property
    def regions(self) -> Mapping[int, Region]:
        return self._regions

    def shown(self, ids: Iterable[int]) -> list[Region]:
        """The regions with these ids, as far as they are there and not hidden."""
        regions, hidden = self._regions, self._hidden
        return [regions[i] for i in ids if i in regions and i not in hidden]

    def update(self, ids: Collection[int]) -> list[Bounds] | None:
        """Take over the regions with these ids; returns where they were and are, None for many."""
        rows = [row for i in ids if (row := self._row_of.get(i)) is not None]
        before = self._bounds_of(rows) if len(ids) <= MANY else []
        if 2 * len(ids) + len(self._ids) - len(self._row_of) > len(self._row_of) + WASTE:
            self._load()
        else:
            self._bounds[0].view[rows] = np.nan
            for i in ids:
                self._row_of.pop(i, None)
            self._append(self.shown(ids))
        if len(ids) > MANY:
            return None
        return before + self._bounds_of(self._row_of[i] for i in ids if i in self._row_of)

    def recolour(self, paint: Callable[[Region], int]) -> None:
        """Take the keys of the colours from elsewhere."""
        self._finish()
        self._paint = paint
        keys = np.zeros(len(self._ids), np.int64)
        keys[list(self._row_of.values())] = [paint(self._regions[i]) for i in self._row_of]
        self._paints = Growing(np.int64)
        self._paints.extend(keys)

    def region_at(self, x: float, y: float) -> int:
        """Id of the smallest region that contains the point, 0 for none; a hole is outside."""
        self._finish()
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        rows = np.flatnonzero((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1))
        for row in self.in_order(rows)[::-1]:
            region_id = int(self._ids.view[row])
            if contains(self._regions[region_id], x, y):
                return region_id
        return 0

    def regions_within(self, bounds: Bounds) -> frozenset[int]:
        """Ids of the regions that lie in the rectangle as a whole."""
        self._finish()
        left, top, right, bottom = bounds
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        rows = (x0 >= left) & (y0 >= top) & (x1 <= right) & (y1 <= bottom)
        return frozenset(self._ids.view[rows].tolist())

    def met_by(self, line: Points) -> frozenset[int]:
        """Ids of the regions whose bounds meet a polyline (n, 2), n >= 2."""
        self._finish()
        x0, y0, x1, y1 = (column.view for column in self._bounds)
        across, down = (x1 - x0) / 2, (y1 - y0) / 2
        met = np.zeros(len(self._ids), np.bool_)
        for start, end in pairwise(line):
            (x, y), (dx, dy) = (start + end) / 2, (end - start) / 2
            x, y = x - (x0 + x1) / 2, y - (y0 + y1) / 2
            near = (np.abs(x) <= across + abs(dx)) & (np.abs(y) <= down + abs(dy))
            met |= near & (np.abs(dx * y - dy * x) <= across * abs(dy) + down * abs(dx))
        return frozenset(self._ids.view[met].tolist())

    def rows_in(self, bounds: Bounds) -> Ints:
        """Rows of the regions whose bounds meet the rectangle, in no order."""
        self._finish()
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
        lifted: Ints = NO_IDS,
    ) -> Shapes:
        """What the renderer needs of some rows: marked ids as such, lifted ones left out."""
        rows = self.in_order(rows)
        if len(lifted):
            rows = rows[~np.isin(self._ids.view[rows], lifted)]
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

    def _finish(self) -> None:
        while self._waiting:
            self.load_more()

    def _load(self) -> None:
        """All regions without gaps, of many only the first piece."""
        self._waiting = list(self._regions)
        self._row_of: dict[int, int] = {}
        self._ids, self._paints = Growing(np.int64), Growing(np.int64)
        self._bounds = tuple(Growing(np.float64) for _ in range(4))
        self._areas, self._longest = Growing(np.float64), Growing(np.float64)
        self._first_ring, self._ring_count = Growing(np.int64), Growing(np.int64)
        self._ring_start, self._ring_size = Growing(np.int64), Growing(np.int64)
        self._points = Growing(np.float32, 2)
        self.load_more()

    def _append(self, regions: list[Region]) -> None:
        if not regions:
            return
        counts = np.array([1 + len(r.holes) for r in regions])
        rings = [ring for r in regions for ring in (r.shell, *r.holes)]
        sizes = np.fromiter(map(len, rings), np.int64, len(rings))
        points = np.concatenate(rings, dtype=np.float32)
        ids = [r.id for r in regions]
        self._row_of.update(zip(ids, count(len(self._ids)), strict=False))
        self._ids.extend(ids)
        self._paints.extend(list(map(self._paint, regions)))
        self._first_ring.extend(len(self._ring_size) + firsts(counts))
        self._ring_count.extend(counts)
        self._ring_start.extend(len(self._points) + firsts(sizes))
        self._ring_size.extend(sizes)
        self._points.extend(points)
        self._measure(points, sizes, firsts(counts))

    def _measure(self, points: npt.NDArray[np.float32], sizes: Ints, shells: Ints) -> None:
        """Bounds and area of the shell, and longest edge, of each region that was appended."""
        x, y = np.ascontiguousarray(points.T)  # each by itself is three times as fast
        starts = firsts(sizes)
        extremes = (reach.reduceat(v, starts) for reach in (np.minimum, np.maximum) for v in (x, y))
        for column, values in zip(self._bounds, extremes, strict=True):
            column.extend(values[shells])
        dx, dy = _edges(x, starts, sizes), _edges(y, starts, sizes)
        x, y = (v.astype(np.float64) - np.repeat(v[starts], sizes) for v in (x, y))  # keeps digits
        self._areas.extend(np.abs(np.add.reduceat(x * dy - y * dx, starts))[shells] / 2)
        longest = np.maximum.reduceat(dx * dx + dy * dy, starts[shells])
        self._longest.extend(np.sqrt(longest))


def _edges(along: npt.NDArray[np.float32], starts: Ints, sizes: Ints) -> npt.NDArray[np.float32]:
    """From each vertex of rings to the next one, in one direction."""
    edges = np.empty_like(along)
    np.subtract(along[1:], along[:-1], out=edges[:-1])
    last = starts + sizes - 1
    edges[last] = along[starts] - along[last]
    return edges
