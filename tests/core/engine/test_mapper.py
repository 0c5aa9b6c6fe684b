"""From a network's logits to maps at image size, whole or block by block."""

import numpy as np
import pytest
import shapely
import shapely.affinity
import torch

from core.confidence import Confidence
from core.engine import block_plan
from core.engine import mapper as mapper_module
from core.engine import predict as predict_module
from core.engine import result as result_module
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork
from core.engine.mapper import Mapper, probabilities
from core.engine.outline import regions_from_maps
from core.engine.result import Maps
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket
from resources import find
from tests.core.engine.networks import network_called
from tests.entries import make_entry

SHOWN = 60
"""Side of what the network sees, pixels."""


def sample() -> Image:
    return read_image(find("samples/nuclei_small_field.png"))


def sample_maps(ticket: Ticket | None = None) -> Maps:
    """Of the sample, shown to a network as if it were of a lower magnification."""
    entry = make_entry(diameter=32.0)
    loaded = LoadedNetwork(network_called("resunet_small"), entry)
    image, config = sample(), SegmentConfig(diameter=10.0)
    return Mapper(image, loaded, config, Ticket()).maps(ticket or Ticket())


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the sample is enlarged to is large, the sample is not."""
    monkeypatch.setattr(result_module, "MOST_PIXELS", sample().pixels.size)
    monkeypatch.setattr(block_plan, "SIDE", 256)
    monkeypatch.setattr(block_plan, "MARGIN", 192)


def test_maps_of_what_is_enlarged_block_by_block_agree_with_the_whole(
    request: pytest.FixtureRequest,
) -> None:
    whole = sample_maps()
    request.getfixturevalue("in_blocks")
    parts = sample_maps()
    for a, b in ((whole.foreground, parts.foreground), (whole.cue, parts.cue)):
        assert a.shape == b.shape and not b.flags.writeable
        assert np.abs(a - b).mean() < 2e-3
    assert ((whole.foreground > 0.5) != (parts.foreground > 0.5)).mean() < 2e-3


def test_the_network_never_sees_more_than_a_block(
    in_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides: list[int] = []

    def predict(network: object, pixels: np.ndarray, *_: object) -> np.ndarray:
        sides.append(max(pixels.shape))
        return np.zeros((4, *pixels.shape[:2]), np.float32)

    monkeypatch.setattr(mapper_module, "predict", predict)
    steps: list[tuple[int, int]] = []
    maps = sample_maps(Ticket(lambda done, total, stage: steps.append((done, total))))
    assert maps.kept and (maps.foreground == 0.5).all()
    assert len(sides) > 4 and max(sides) <= 256 + 2 * 192 + 1
    assert steps == [(done, len(sides)) for done in range(len(sides) + 1)]


def test_maps_carry_what_the_network_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    def forward(network: object, picture: np.ndarray) -> np.ndarray:
        return np.zeros((4, *picture.shape[1:]), np.float32)

    monkeypatch.setattr(predict_module, "forward", forward)
    confidence = Confidence(bias=-7.0)
    entry = make_entry(threshold=0.3, separation=0.7, confidence=confidence, min_confidence=0.2)
    loaded = LoadedNetwork(torch.nn.Identity(), entry)
    maps = Mapper(sample(), loaded, SegmentConfig(diameter=20.0), Ticket()).maps(Ticket())
    assert (maps.model, maps.weights_sha256) == (entry.name, entry.sha256)
    assert (maps.default_threshold, maps.default_separation) == (0.3, 0.7)
    assert maps.confidence == confidence and maps.default_min_confidence == 0.2


def test_a_border_lowers_the_cue() -> None:
    answer = np.zeros((4, 2, 2), np.float32)
    answer[1], answer[2, 0] = np.log(3), [-30, np.log(1 / 3)]  # 0.75; 0 and 0.25
    foreground, cue = probabilities(answer, 2, 2)
    assert foreground == pytest.approx(0.5)
    assert cue[0] == pytest.approx(0.75**0.5 * np.array([1, 0.75**2]))
    assert cue[1] == pytest.approx(0.75**0.5 * 0.5**2)


@pytest.mark.parametrize("factor", [0.4, 0.75, 2.5, 4])  # image pixels to one that is seen
def test_outlines_stay_where_they_are_when_maps_are_resized(factor: float) -> None:
    x, y, radius = 30.3, 29.8, 18.0
    rows, columns = np.mgrid[:SHOWN, :SHOWN] + 0.5
    inside = radius - np.hypot(columns - x, rows - y)
    answer = np.stack([inside, inside, -9 + 0 * inside, 0 * inside]).astype(np.float32)
    side = round(SHOWN * factor)
    foreground, cue = probabilities(answer, side, side)
    maps = Maps(foreground, cue, "", "", 0.5, 0.5, 24.0)
    (region,) = regions_from_maps(maps, SegmentConfig(min_area=1, detail=0.05))
    found, true = shapely.Polygon(region.shell), shapely.Point(x, y).buffer(radius)
    true = shapely.affinity.scale(true, factor, factor, origin=(0, 0))
    assert found.centroid.distance(true.centroid) < 0.04 * factor
    assert found.intersection(true).area / found.union(true).area > 0.99
