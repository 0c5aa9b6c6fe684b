"""The probability maps of the runs of this session, for sliders that need no other run."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from core.byte_cache import ByteCache
from core.engine.config import SegmentConfig
from core.engine.result import Maps

LIMIT = 256 * 2**20  # bytes


@dataclass(frozen=True)
class CachedRun:
    """Maps of an image, and the settings that hold for its regions now.

    measured: diameter of the objects in pixels, None when a person gave it.
    """

    maps: Maps
    config: SegmentConfig
    measured: float | None = None


class MapStore(QObject):
    """By image id, what was used last first; available_changed: image id, whether it is here."""

    available_changed = Signal(int, bool)

    def __init__(self, limit: int = LIMIT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: ByteCache[CachedRun] = ByteCache(limit)

    def __contains__(self, image_id: int) -> bool:
        return image_id in self._runs

    def get(self, image_id: int) -> CachedRun | None:
        return self._runs.get(image_id)

    def put(self, image_id: int, run: CachedRun) -> None:
        """Keep the maps of an image, at the cost of those that were not used for longest.

        A run over a large image has none.
        """
        if not run.maps.kept:
            return
        gone = self._runs.put(image_id, run, run.maps.nbytes)
        self.available_changed.emit(image_id, True)
        for other in gone:
            self.available_changed.emit(other, False)

    def set_config(self, image_id: int, config: SegmentConfig) -> None:
        """Other settings hold for the regions of an image, if its maps are here."""
        if run := self._runs.get(image_id):
            self._runs.put(image_id, replace(run, config=config), run.maps.nbytes)

    def clear(self) -> None:
        self._runs.clear()
