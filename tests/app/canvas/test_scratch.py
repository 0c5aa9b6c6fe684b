import numpy as np

from app.canvas.scratch import Scratch


def test_memory_is_used_again_and_grows_when_it_must() -> None:
    scratch = Scratch()
    large = scratch.take("a", 40, 30, 4)
    assert large.shape == (40, 30, 4) and large.dtype == np.uint8
    small = scratch.take("a", 5, 7)
    assert small.flags.c_contiguous and np.shares_memory(small, large)
    assert not np.shares_memory(scratch.take("b", 5, 7), large)
    assert scratch.take("a", 90, 90).shape == (90, 90)
