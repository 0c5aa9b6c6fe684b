"""Growing: an array that grows at its end. No Qt."""

import numpy as np
import numpy.typing as npt


class Growing:
    """Rows of one kind. What `view` gave is never overwritten by `extend`, so that another thread
    may go on reading it."""

    def __init__(self, dtype: npt.DTypeLike, *row_shape: int) -> None:
        self._data = np.empty((64, *row_shape), dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def view(self) -> np.ndarray:
        return self._data[: self._size]

    def extend(self, rows: npt.ArrayLike) -> None:
        values = np.asarray(rows, self._data.dtype)
        end = self._size + len(values)
        if end > len(self._data):
            self._grow(max(end, 2 * len(self._data)))
        self._data[self._size : end] = values
        self._size = end

    def _grow(self, capacity: int) -> None:
        larger = np.empty((capacity, *self._data.shape[1:]), self._data.dtype)
        larger[: self._size] = self.view
        self._data = larger
