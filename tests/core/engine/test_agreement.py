"""The same pixels give the same logits: in a batch, in a tile, and blended from tiles."""

from itertools import pairwise

import numpy as np
import pytest

from core.engine.memory import TILE_SIDES
from core.engine.predict import predict_in_tiles
from core.engine.tiles import GRAIN, TILE, overlap_of, spans
from core.models.registry import SPECS
from core.models.spec import Normalisation
from core.progress import Ticket
from tests.core.engine.networks import network_called, picture_strip, probability, run

MARGIN = 288
"""Pixels from a cut beyond which logits of a tile are those of the whole image but for 1e-3.

Measured on fields of 1024 x 1024 and 1388 x 1040 pixels with HRNet, whose coarsest branch looks
that far: it still differs by 0.5 at 96 pixels, by 0.03 at 192 and by 9e-4 at 256.
"""
PLAIN = Normalisation(mean=0, std=1)


@pytest.mark.parametrize("name", SPECS)
def test_a_batch_is_its_pictures_one_by_one(name: str) -> None:
    network = network_called(name)
    strip = picture_strip(96, 400)
    pictures = [strip[:, :, start : start + 128] for start in (0, 100, 272)]
    together = run(network, *pictures)
    alone = np.concatenate([run(network, picture) for picture in pictures])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_a_tile_is_the_whole_image_away_from_the_cut(name: str) -> None:
    network, strip = network_called(name), picture_strip(128, 960)
    start, stop = 4 * GRAIN, 26 * GRAIN
    whole, tile = run(network, strip), run(network, strip[:, :, start:stop])
    valid = slice(MARGIN, stop - start - MARGIN)
    there = whole[..., start:stop][..., valid]
    assert np.abs(tile[..., valid] - there).max() < 1e-3


@pytest.mark.parametrize("side", TILE_SIDES)
@pytest.mark.parametrize("length", [1089, 1388, 2048, 2560, 9000])
def test_tiles_lie_on_the_grid_of_the_network_and_share_enough(side: int, length: int) -> None:
    windows = spans(length, side)
    assert all(start % GRAIN == 0 for start, _ in windows)
    assert all(stop - start <= side for start, stop in windows)
    for (_, stop), (start, _) in pairwise(windows):
        assert stop - start >= overlap_of(side)


def test_usual_images_are_one_tile() -> None:
    assert all(len(spans(side)) == 1 for side in (256, 512, 1024, 1040))


@pytest.mark.parametrize("name", SPECS)
def test_blended_tiles_are_close_to_the_whole_image(name: str) -> None:
    network, strip = network_called(name), picture_strip(96, 1500)
    pixels = strip.transpose(1, 2, 0)
    assert len(spans(1500)) == 2
    blended = predict_in_tiles(network, pixels, PLAIN, Ticket())
    whole = predict_in_tiles(network, pixels, PLAIN, Ticket(), 2 * TILE)
    difference = np.abs(probability(blended) - probability(whole))[0]
    assert difference.max() < 0.05
    assert difference.mean() < 1e-4
