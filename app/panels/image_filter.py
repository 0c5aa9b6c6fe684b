"""Which images of the list contain the words that a person typed."""

from collections.abc import Iterable

from core.image.source import FIRST
from core.project.records import ImageRecord


class ImageFilter:
    """All words must occur in the path, the plane or the status; upper and lower case are one."""

    def __init__(self, text: str = "") -> None:
        self.words = tuple(text.casefold().split())

    def kept(self, records: Iterable[ImageRecord]) -> list[ImageRecord]:
        """Those that contain the words, in their order."""
        found = list(records)
        for word in self.words:
            found = [record for record in found if _contains(record, word)]
        return found


def _contains(record: ImageRecord, word: str) -> bool:
    if word in record.path.casefold() or word in record.status:
        return True
    return record.plane is not FIRST and word in record.plane.label().casefold()
