"""The public call on real weights: results, cancelling, and pictures that are hard to take."""

import threading
from pathlib import Path

import numpy as np
import pytest

import core.engine.predict as predict_module
from core.annotation.geometry import is_valid
from core.annotation.raster import region_mask
from core.engine.config import SegmentConfig
from core.engine.instances import find_objects
from core.engine.outline import regions_from_maps
from core.engine.runs import labelled
from core.engine.segment import segment
from core.engine.tiles import plan_tiles
from core.errors import Cancelled
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket
from core.weights import find_network
from resources import find

SAMPLE = Path(find("samples/nuclei_small_field.png"))


class CountedForwards:
    """Stands before the network and counts its runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._real = predict_module.forward
        monkeypatch.setattr(predict_module, "forward", self)

    def __call__(self, network: object, picture: np.ndarray) -> np.ndarray:
        self.count += 1
        return self._real(network, picture)  # type: ignore[arg-type]


def test_a_sample_gives_valid_regions_with_their_own_confidence() -> None:
    result = segment(read_image(SAMPLE))
    assert len(result.regions) > 20
    assert all(is_valid(region) for region in result.regions)
    assert len({region.confidence for region in result.regions}) > 10
    assert [region.id for region in result.regions] == list(range(1, len(result.regions) + 1))
    assert result.maps.foreground.shape == (result.height, result.width)
    assert set(result.stages) == {"load", "measure", "predict", "outline"}
    assert result.confidence is not None and 0.5 < result.confidence < 1


def test_confidence_is_the_chance_of_the_candidate_that_became_the_region() -> None:
    result = segment(read_image(SAMPLE))
    maps = result.maps
    settings = maps.default_threshold, maps.default_separation, maps.confidence
    objects, chances = find_objects(maps.foreground, maps.cue, *settings)
    labels = labelled(objects, maps.foreground.shape)
    for region in result.regions:
        mask, (y, x) = region_mask(region, result.height, result.width)
        inside = labels[y : y + mask.shape[0], x : x + mask.shape[1]][mask]
        assert region.confidence == chances[np.bincount(inside).argmax()]


def test_same_input_same_output() -> None:
    first, second = (segment(read_image(SAMPLE)) for _ in range(2))
    assert np.array_equal(first.maps.foreground, second.maps.foreground)
    for a, b in zip(first.regions, second.regions, strict=True):
        assert np.array_equal(a.shell, b.shell)


def test_other_limits_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    result = segment(read_image(SAMPLE))
    forwards = CountedForwards(monkeypatch)
    few = regions_from_maps(result.maps, SegmentConfig(threshold=0.95))
    large = regions_from_maps(result.maps, SegmentConfig(min_area=200))
    assert forwards.count == 0
    assert sum(r.area for r in few) < sum(r.area for r in result.regions)
    assert 0 < len(large) < len(result.regions)
    assert all(region.area > 190 for region in large)


@pytest.mark.parametrize("tile", [0, 1])
def test_cancel_stops_before_the_next_tile(tile: int, monkeypatch: pytest.MonkeyPatch) -> None:
    forwards = CountedForwards(monkeypatch)
    picture = Image(np.random.default_rng(0).integers(0, 255, (64, 2400, 1)).astype(np.uint8))
    assert len(plan_tiles(64, 2400)) == 3
    known = find_network("hrnet").entry
    assert known
    config = SegmentConfig(diameter=known.diameter)
    stop = threading.Event()

    def report(done: int, total: int, stage: str) -> None:
        if stage == "segmenting" and done == tile:
            stop.set()

    with pytest.raises(Cancelled):
        segment(picture, config, Ticket(report, stop))
    assert forwards.count == tile
    stop.clear()
    assert segment(picture, config).width == 2400


def test_progress_grows_to_its_end() -> None:
    seen: list[tuple[str, float]] = []
    segment(read_image(SAMPLE), ticket=Ticket(lambda d, t, s: seen.append((s, d / t))))
    for stage in {stage for stage, _ in seen}:
        shares = [share for name, share in seen if name == stage]
        assert shares == sorted(shares)
    assert seen[-1] == ("outlining", 1.0)


PICTURES = {
    "one pixel": np.full((1, 1, 1), 7, np.uint8),
    "one row": np.arange(300, dtype=np.uint16).reshape(1, 300, 1),
    "constant": np.full((50, 60, 1), 3, np.uint16),
    "not a number": np.full((40, 40, 1), np.nan, np.float32),
    "partly infinite": np.where(np.eye(48) > 0, np.inf, 1.0)[..., None],
    "colour": np.zeros((33, 35, 3), np.uint8),
    "bits": (np.indices((40, 40)).sum(0) % 9 < 4)[..., None].astype(np.uint8) * 255,
}


@pytest.mark.parametrize("name", PICTURES)
def test_hard_pictures_give_a_result(name: str) -> None:
    pixels = PICTURES[name]
    result = segment(Image(pixels, is_rgb=pixels.shape[2] == 3))
    assert (result.height, result.width) == pixels.shape[:2]
    assert np.isfinite(result.maps.foreground).all()
    if name in ("one pixel", "constant", "not a number", "colour"):
        assert result.regions == () and result.confidence is None


def test_the_diameter_is_measured_at_each_magnification() -> None:
    image = read_image(SAMPLE)
    doubled = Image(np.kron(image.pixels, np.ones((2, 2, 1), np.uint8)))
    once, twice = (
        segment(at, SegmentConfig("resunet_small")).config.diameter for at in (image, doubled)
    )
    assert once and twice
    assert twice / once == pytest.approx(2, rel=0.2)


def test_a_given_diameter_rescales_the_picture() -> None:
    image = read_image(SAMPLE)
    doubled = Image(np.kron(image.pixels, np.ones((2, 2, 1), np.uint8)))
    plain = segment(image, SegmentConfig(diameter=28.0, min_area=20))
    told = segment(doubled, SegmentConfig(diameter=56.0, min_area=80))
    assert len(plain.regions) > 20
    assert abs(len(told.regions) - len(plain.regions)) <= 2
    assert told.maps.foreground.shape == (512, 512)
