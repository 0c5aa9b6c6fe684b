"""The preview shows what the network gets, to the last value."""

import numpy as np
import pytest
import torch

from core.engine import block_plan
from core.engine import predict as predict_module
from core.engine import result as result_module
from core.engine import segment as segment_module
from core.engine.config import SegmentConfig
from core.engine.fit import Fit
from core.engine.loader import LoadedNetwork
from core.engine.prepare import network_input
from core.engine.preview import network_input_tile
from core.engine.segment import segment
from core.image.model import Image
from tests.entries import make_entry

ENTRY = make_entry()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What the network was shown, tile by tile: it finds nothing."""
    tiles: list[np.ndarray] = []

    def forward(network: object, picture: np.ndarray) -> np.ndarray:
        tiles.append(picture)
        return np.full((4, *picture.shape[1:]), -9, np.float32)

    monkeypatch.setattr(predict_module, "forward", forward)
    loaded = LoadedNetwork(torch.nn.Conv2d(1, 1, 1), ENTRY)
    monkeypatch.setattr(segment_module, "load_network", lambda name, device: loaded)
    return tiles


def picture(height: int, width: int, channels: int) -> Image:
    values = np.random.default_rng(3).integers(200, 4095, (height, width, channels))
    return Image(values.astype(np.uint16), is_rgb=channels == 3)


def check(image: Image, config: SegmentConfig, shown: list[np.ndarray]) -> None:
    """Each tile of the preview is the one that the network got."""
    segment(image, config)
    assert config.diameter
    for index, got in enumerate(shown):
        tile = network_input_tile(
            image, ENTRY.normalisation, config.channels, Fit(config.diameter, ENTRY.diameter), index
        )
        assert (tile.index, tile.count) == (index, len(shown))
        assert np.array_equal(network_input(tile.pixels, ENTRY.normalisation), got)


@pytest.mark.parametrize("diameter", [ENTRY.diameter, 7.3, 60])
@pytest.mark.parametrize(
    ("depth", "channels"), [(1, ()), (2, (1,)), (2, (0, 1)), (3, ()), (3, (2,))]
)
def test_the_preview_is_what_the_network_gets(
    depth: int, channels: tuple[int, ...], diameter: float, shown: list[np.ndarray]
) -> None:
    config = SegmentConfig(diameter=diameter, channels=channels)
    check(picture(150, 210, depth), config, shown)
    assert len(shown) == 1


def test_each_tile_of_several(shown: list[np.ndarray]) -> None:
    check(picture(60, 1500, 1), SegmentConfig(diameter=ENTRY.diameter / 2), shown)
    assert len(shown) > 2


@pytest.mark.parametrize("most", [0, 300 * 500])  # large; large once it is enlarged
def test_each_tile_of_each_block_of_a_large_image(
    most: int, shown: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_module, "MOST_PIXELS", most)
    monkeypatch.setattr(block_plan, "SIDE", 256)
    monkeypatch.setattr(block_plan, "MARGIN", 64)
    check(picture(300, 500, 1), SegmentConfig(diameter=ENTRY.diameter / 1.3), shown)
    assert len(shown) == 6


def test_a_number_beyond_the_last_gives_the_last() -> None:
    tile = network_input_tile(picture(50, 60, 1), ENTRY.normalisation, (), Fit(24, 24), 7)
    assert (tile.index, tile.count) == (0, 1)
