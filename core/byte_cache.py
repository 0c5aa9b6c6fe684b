"""ByteCache: what was used last stays in memory, up to a number of bytes."""

from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Values by number; the newest always stays, however large it is."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[int, tuple[Value, int]] = OrderedDict()

    def __contains__(self, key: int) -> bool:
        return key in self._values

    def get(self, key: int) -> Value | None:
        """The value, which now counts as used last, or None."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: int, value: Value, size: int) -> list[int]:
        """Keep a value of `size` bytes; returns the keys that had to go for it."""
        self._values[key] = (value, size)
        self._values.move_to_end(key)
        gone = []
        while len(self._values) > 1 and self._used > self._limit:
            gone.append(self._values.popitem(last=False)[0])
        return gone

    def clear(self) -> None:
        self._values.clear()

    @property
    def _used(self) -> int:
        return sum(size for _, size in self._values.values())
