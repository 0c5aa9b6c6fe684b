import numpy as np
import pytest

from core.annotation.region import Region, ring
from core.engine.block_plan import Block, plan_blocks


def square(x: float, y: float, side: float) -> Region:
    return Region(1, ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]))


@pytest.mark.parametrize("size", [(1, 1), (100, 250), (401, 399), (4200, 2800)])
@pytest.mark.parametrize("factor", [0.7, 1, 3.3])
def test_blocks_cover_every_pixel_once(size: tuple[int, int], factor: float) -> None:
    covered = np.zeros(size, np.int8)
    for block in plan_blocks(*size, factor):
        covered[block.top : block.bottom, block.left : block.right] += 1
    assert (covered == 1).all()


def test_a_block_claims_what_is_centred_in_it() -> None:
    block = Block(100, 200, 100, 200, 50)
    assert block.claims(square(150, 150, 20))
    assert block.claims(square(180, 180, 40))  # centre on the corner
    assert not block.claims(square(190, 150, 40))


def test_only_what_reaches_a_seam_may_have_a_twin() -> None:
    block = Block(100, 200, 100, 200, 50)
    assert not block.shares(square(150, 150, 20))
    assert block.shares(square(150, 185, 20)) and block.shares(square(99, 150, 20))
