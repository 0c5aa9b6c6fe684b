"""Which regions lie near another one."""

from collections.abc import Sequence

import numpy as np
import shapely

from core.annotation.region import Region


class Neighbourhood:
    """An index of regions, made once for many questions."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = tuple(regions)
        bounds = np.reshape([region.bounds for region in regions], (-1, 4))
        self._tree = shapely.STRtree(shapely.box(*bounds.T))

    def near(self, region: Region, reach: float) -> list[Region]:
        """Those whose bounds come within `reach` px of the region's bounds, in their order; never
        the region itself."""
        x0, y0, x1, y1 = region.bounds
        around = shapely.box(x0 - reach, y0 - reach, x1 + reach, y1 + reach)
        found = (self._regions[i] for i in sorted(self._tree.query(around).tolist()))
        return [other for other in found if other.id != region.id]

    def around(self, regions: Sequence[Region]) -> list[Region]:
        """Those whose bounds meet the bounds of one of the regions, each once."""
        boxes = shapely.box(*np.reshape([region.bounds for region in regions], (-1, 4)).T)
        found = np.unique(self._tree.query(boxes)[1])
        return [self._regions[i] for i in found.tolist()]
