import numpy as np
import pytest

from core.annotation.region import Region, ring
from core.engine import result
from core.engine.block_plan import LONGEST, MARGIN, SIDE, Block, plan_blocks
from core.engine.fit import RESIZED_BY
from core.engine.prepare import scaled_size, size_of
from core.engine.tiles import GRAIN


def square(x: float, y: float, side: float) -> Region:
    return Region(1, ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]))


@pytest.mark.parametrize("size", [(1, 1), (100, 250), (401, 399), (4200, 2800)])
@pytest.mark.parametrize("factor", [0.7, 1, 3.3])
def test_blocks_cover_every_pixel_once(
    size: tuple[int, int], factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "MOST_PIXELS", 0)
    covered = np.zeros(size, np.int8)
    numbers = np.arange(covered.size).reshape(size)
    for block in plan_blocks(*size, factor):
        covered[block.own] += 1
        assert np.array_equal(numbers[block.seen][block.own_in_seen], numbers[block.own])
    assert (covered == 1).all()


@pytest.mark.parametrize(("side", "factor"), [(1, 1), (2500, 3), (8000, 1), (8000, 0.1)])
def test_what_is_nowhere_large_is_one_block(side: int, factor: float) -> None:
    (block,) = plan_blocks(side, side, factor)
    assert size_of(block.seen, side, side) == size_of(block.own, side, side) == (side, side)


@pytest.mark.parametrize("factor", [RESIZED_BY[0], 0.13, 0.2, 0.3, 0.5, 1, RESIZED_BY[1]])
@pytest.mark.parametrize("side", [2500, 20_000])
def test_neither_a_block_nor_what_the_network_sees_of_it_is_large(side: int, factor: float) -> None:
    for block in plan_blocks(side, side, factor):
        seen = size_of(block.seen, side, side)
        assert max(seen) <= LONGEST + 2
        assert max(scaled_size(*seen, factor)) <= max(SIDE + 2 * MARGIN + 2, 2500)


@pytest.mark.parametrize("factor", [RESIZED_BY[0], 0.13, 0.2, 0.3, 0.5, 1, RESIZED_BY[1]])
def test_blocks_lie_on_the_grid_of_the_network_and_see_whole_objects(factor: float) -> None:
    for block in plan_blocks(20_000, 20_000, factor):
        assert block.margin * factor == pytest.approx(MARGIN, abs=factor)
        for edge in (block.top, block.left):
            off = edge * factor - GRAIN * round(edge * factor / GRAIN)
            assert abs(off) <= factor / 2 + 1e-6


def test_a_block_claims_what_is_centred_in_it() -> None:
    block = Block(100, 200, 100, 200, 50)
    assert block.claims(square(150, 150, 20))
    assert block.claims(square(180, 180, 40))  # centre on the corner
    assert not block.claims(square(190, 150, 40))


def test_only_what_reaches_a_seam_may_have_a_twin() -> None:
    block = Block(100, 200, 100, 200, 50)
    assert not block.shares(square(150, 150, 20))
    assert block.shares(square(150, 185, 20)) and block.shares(square(99, 150, 20))
