"""RecordList: the images of a project in the order in which a person counts."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from core.image.source import FIRST
from core.order import natural_key
from core.project.records import ImageRecord


def order(record: ImageRecord) -> tuple[object, ...]:
    """The key to sort by: img2 before img10, then the planes of a file; no two are equal."""
    return natural_key(record.path), record.plane.order, record.id


def in_order(records: Iterable[ImageRecord]) -> list[ImageRecord]:
    return sorted(records, key=order)


class RecordList:
    """Sorted records, found by their ids; changes cost little, however many there are."""

    def __init__(self, records: Iterable[ImageRecord] = ()) -> None:
        """records: in order."""
        self.all = list(records)
        self._by_id = {record.id: record for record in self.all}
        self._planes = _planes(self.all)

    @property
    def has_planes(self) -> bool:
        """Whether any is another plane of its file than the first."""
        return self._planes > 0

    def __getitem__(self, image_id: int) -> ImageRecord:
        """Raises KeyError for an unknown id."""
        return self._by_id[image_id]

    def __contains__(self, image_id: int) -> bool:
        return image_id in self._by_id

    def put(self, record: ImageRecord) -> None:
        """Add a record, or put it in the place of its predecessor."""
        self.drop(record.id)
        self._by_id[record.id] = record
        self._planes += _planes([record])
        self.all.insert(bisect_left(self.all, order(record), key=order), record)

    def renew(self, records: Iterable[ImageRecord]) -> None:
        """Put records in the place of their predecessors, whose paths and planes they have."""
        self._by_id.update((record.id, record) for record in records)
        self.all = [self._by_id[record.id] for record in self.all]

    def put_new(self, records: Sequence[ImageRecord]) -> None:
        """Add many, in order, whose ids are not here yet."""
        new = [record for record in records if record.id not in self._by_id]
        self._by_id.update((record.id, record) for record in new)
        self._planes += _planes(new)
        self.all = merged(self.all, new)

    def drop(self, image_id: int) -> None:
        """Take a record out; an unknown id is fine."""
        if former := self._by_id.pop(image_id, None):
            self._planes -= _planes([former])
            del self.all[bisect_left(self.all, order(former), key=order)]


def _planes(records: Iterable[ImageRecord]) -> int:
    """How many are other planes of their files than the first."""
    return sum(record.plane != FIRST for record in records)


def merged(first: list[ImageRecord], second: list[ImageRecord]) -> list[ImageRecord]:
    """Two lists in order as one; quick when long stretches of each stay together."""
    result: list[ImageRecord] = []
    while first and second:
        cut = bisect_left(first, order(second[0]), key=order)
        result += first[:cut]
        first, second = second, first[cut:]
    return result + first + second
