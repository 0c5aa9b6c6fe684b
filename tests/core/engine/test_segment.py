"""What goes wrong in a run is called by its name."""

import numpy as np
import pytest

from core.engine import segment as segment_module
from core.engine.segment import segment
from core.errors import OutOfMemory
from core.image.model import Image


def fail_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(segment_module, "load_network", lambda name, device: None)
    monkeypatch.setattr(segment_module, "_run", fail)
    segment(Image(np.zeros((8, 8, 1), np.uint8)))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA out of memory"),
    ],
)
def test_too_little_memory_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutOfMemory, match="close other programs"):
        fail_with(error, monkeypatch)


def test_other_errors_that_speak_of_memory_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("unsupported memory format option")
    with pytest.raises(RuntimeError, match="memory format") as caught:
        fail_with(error, monkeypatch)
    assert caught.value is error and error.__cause__ is None
