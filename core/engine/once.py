"""A cache whose values are costly to make: each is made once, whoever asks at the same time."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class HasSize(Protocol):
    @property
    def nbytes(self) -> int: ...


Value = TypeVar("Value", bound=HasSize)


class OnceCache(Generic[Value]):
    """Values by key; beyond the budget in bytes those that were used longest ago are let go."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key`; another thread that asks for it waits, one for another key does not.

        What `make` raises goes to the caller, and the next one tries again.
        """
        with self._lock:
            making = self._making[key]
        with making:
            found = self._find(key)
            return self._keep(key, make()) if found is None else found

    def _find(self, key: Hashable) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def _keep(self, key: Hashable, value: Value) -> Value:
        """The newest stays, however large it is."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > 1 and self._size() > self._budget:
                self._values.popitem(last=False)
        return value

    def _size(self) -> int:
        return sum(value.nbytes for value in self._values.values())
