"""Scratch: memory for pictures of a frame, used again and again. No Qt.

Measured: fresh memory for a picture of the screen costs more time than what is done with it.
"""

import math

import numpy as np


class Scratch:
    """Arrays by name. One is good until the next is taken under the same name."""

    def __init__(self) -> None:
        self._memory: dict[str, np.ndarray] = {}

    def take(self, name: str, *shape: int) -> np.ndarray:
        """uint8 of this shape, C-contiguous, with anything in it."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or memory.size < size:
            memory = self._memory[name] = np.empty(size, np.uint8)
        return memory[:size].reshape(shape)
