"""Settings act on cached maps: the network ran once, and every setting changes what it should."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork
from core.engine.outline import limited, regions_from_maps
from core.engine.result import Maps
from core.engine.runs import labelled, runs_of
from core.engine.segment import probability_maps
from core.image.model import Image
from core.models.spec import Normalisation
from core.progress import Ticket
from tests.entries import make_entry

SIDE = 200
DIAMETER = 24.0
BASE = SegmentConfig(threshold=0.5, separation=0.5)
PAIR = [(40, 40, 16), (68, 40, 16)]
LARGE, SMALL, HOLED, CUT = (140, 50, 30), (30, 110, 6), (100, 140, 20), (0, 160, 14)


class Counting(nn.Module):
    """Sees the foreground in the red channel and the cue in the green one; counts its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = 0
        self.look = nn.Conv2d(3, 2, 1)
        with torch.no_grad():
            self.look.weight.copy_(torch.eye(3)[:2, :, None, None] * 10)
            self.look.bias.fill_(-5)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        self.runs += 1
        foreground, cue = self.look(picture).split(1, dim=1)
        distance = torch.logit(torch.sigmoid(cue) ** 2)  # the cue is its root
        nowhere, known = torch.full_like(cue, -30), torch.zeros_like(cue)
        return torch.cat([foreground, distance, nowhere, known], 1)


ENTRY = make_entry(
    name="counting",
    normalisation=Normalisation(low=0, high=100, mean=0.0, std=1.0),
    diameter=DIAMETER,
)


def picture() -> Image:
    """A touching pair, a large object, a small one, one with a hole and one that the edge cuts."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    height = np.full((SIDE, SIDE), -np.inf)
    for x, y, r in (*PAIR, LARGE, SMALL, HOLED, CUT):
        height = np.maximum(height, r - np.hypot(columns - x, rows - y))
    hole = 3 - np.hypot(columns - HOLED[0], rows - HOLED[1])
    height = np.minimum(height, -hole)
    red, green = np.clip(0.5 + height / 8, 0, 1), np.clip(height / 12, 0, 1)
    pixels = np.stack((red, green, np.zeros_like(red)), axis=2)
    return Image(np.round(255 * pixels).astype(np.uint8), is_rgb=True)


@pytest.fixture(scope="module")
def network() -> Counting:
    return Counting().eval()


@pytest.fixture(scope="module")
def maps(network: Counting) -> Maps:
    loaded = LoadedNetwork(network, ENTRY)
    return probability_maps(picture(), loaded, SegmentConfig(diameter=DIAMETER), Ticket())


def area(regions: tuple[Region, ...]) -> float:
    return sum(region.area for region in regions)


def at(regions: tuple[Region, ...], disc: tuple[float, float, float]) -> list[Region]:
    """The regions whose bounding box holds the middle of the disc."""
    x, y, _ = disc
    boxes = [(region, *region.bounds) for region in regions]
    return [r for r, x0, y0, x1, y1 in boxes if x0 <= x <= x1 and y0 <= y <= y1]


def vertices(regions: tuple[Region, ...]) -> int:
    return sum(len(ring) for region in regions for ring in region.rings)


def test_no_setting_runs_the_network_again(network: Counting, maps: Maps) -> None:
    runs = network.runs
    assert runs == 1
    changes: list[dict[str, float]] = [
        {"threshold": 0.7},
        {"separation": 0.02},
        {"min_confidence": 0.95},
        {"min_area": 200},
        {"max_area": 1500},
        {"fill_holes": 100},
        {"detail": 2.0},
        {"exclude_border": True},
    ]
    before = regions_from_maps(maps, BASE)
    for change in changes:
        after = regions_from_maps(maps, SegmentConfig(**{**BASE.__dict__, **change}))
        alike = len(after) == len(before) and vertices(after) == vertices(before)
        assert not alike or abs(area(after) - area(before)) > 1, change
    assert network.runs == runs


def test_a_higher_threshold_shrinks_objects_evenly(maps: Maps) -> None:
    """The edge of the picture is a ramp of 8 px, steeper after the network: known radii."""
    for threshold in (0.3, 0.5, 0.7):
        regions = regions_from_maps(maps, SegmentConfig(threshold=threshold, separation=0.5))
        red = 0.5 + np.log(threshold / (1 - threshold)) / 10
        radius = LARGE[2] - 8 * (red - 0.5)
        assert at(regions, LARGE)[0].area == pytest.approx(np.pi * radius**2, rel=0.005)


def test_separation_splits_and_joins_the_pair(maps: Maps) -> None:
    joined = regions_from_maps(maps, SegmentConfig(threshold=0.5, separation=0.0))
    split = regions_from_maps(maps, BASE)
    assert len(split) == len(joined) + 1
    assert at(joined, PAIR[0]) == at(joined, PAIR[1])
    left, right = at(split, PAIR[0]), at(split, PAIR[1])
    assert len(left) == len(right) == 1 and left != right
    assert left[0].area == pytest.approx(right[0].area, rel=0.02)
    assert area(split) == pytest.approx(area(joined), rel=0.001)


def test_more_separation_loses_nothing(maps: Maps) -> None:
    sure = replace(maps, default_min_confidence=0.7)
    usual, more, less = (
        regions_from_maps(sure, SegmentConfig(threshold=0.5, separation=s)) for s in (0.5, 1.0, 0.0)
    )
    assert len(less) < len(usual) < len(more)
    assert area(more) == pytest.approx(area(usual), rel=0.002)
    assert area(less) == pytest.approx(area(usual), rel=0.002)


def test_sizes_drop_the_small_and_the_large(maps: Maps) -> None:
    both = regions_from_maps(maps, BASE)
    assert at(both, SMALL) and at(both, LARGE)
    without_small = regions_from_maps(maps, SegmentConfig(threshold=0.5, min_area=150))
    assert not at(without_small, SMALL) and len(without_small) == len(both) - 1
    without_large = regions_from_maps(maps, SegmentConfig(threshold=0.5, max_area=2000))
    assert not at(without_large, LARGE) and len(without_large) == len(both) - 1
    assert [region.id for region in without_large] == list(range(1, len(without_large) + 1))


def test_objects_of_little_confidence_are_left_out(maps: Maps) -> None:
    everything = regions_from_maps(maps, BASE)
    sure = sorted(region.confidence or 0 for region in everything)
    least = (sure[2] + sure[3]) / 2
    kept = regions_from_maps(maps, replace(BASE, min_confidence=least))
    assert [r.confidence for r in kept] == [
        r.confidence for r in everything if (r.confidence or 0) >= least
    ]
    assert len(kept) == len(everything) - 3
    own = replace(maps, default_min_confidence=least)
    assert len(regions_from_maps(own, BASE)) == len(kept)
    assert len(regions_from_maps(own, replace(BASE, min_confidence=0.0))) == len(everything)


@pytest.mark.parametrize(("largest", "holes"), [(0, 1), (10, 1), (60, 0)])
def test_holes_are_filled_up_to_a_size(maps: Maps, largest: float, holes: int) -> None:
    regions = regions_from_maps(maps, SegmentConfig(threshold=0.5, fill_holes=largest))
    assert len(at(regions, HOLED)[0].holes) == holes


def test_detail_is_the_number_of_vertices(maps: Maps) -> None:
    fine, usual, coarse = (
        regions_from_maps(maps, SegmentConfig(threshold=0.5, detail=detail))
        for detail in (0.0, 0.35, 2.0)
    )
    assert vertices(fine) > 2 * vertices(usual) > 2 * vertices(coarse)
    assert area(coarse) == pytest.approx(area(fine), rel=0.01)


def test_objects_at_the_edge_of_the_image_can_be_left_out(maps: Maps) -> None:
    all_of_them = regions_from_maps(maps, BASE)
    inner = regions_from_maps(maps, SegmentConfig(threshold=0.5, exclude_border=True))
    assert at(all_of_them, CUT) and not at(inner, CUT)
    assert len(inner) == len(all_of_them) - 1


def through(labels: np.ndarray, config: SegmentConfig) -> np.ndarray:
    """The labels that the settings let through."""
    return labelled(limited(runs_of(labels), labels.shape, config), labels.shape)


def test_a_speck_in_a_hole_does_not_keep_it_open() -> None:
    labels = np.zeros((40, 40), np.int32)
    labels[5:30, 5:30] = 1
    labels[10:16, 10:16] = 0
    labels[12, 12] = 2
    assert (through(labels, SegmentConfig(fill_holes=50))[5:30, 5:30] == 1).all()


def test_the_upper_limit_counts_filled_holes() -> None:
    labels = np.zeros((40, 40), np.int32)
    labels[5:15, 5:15] = 1
    labels[8:11, 8:11] = 0
    assert through(labels, SegmentConfig(fill_holes=9, max_area=95)).max() == 0
    assert through(labels, SegmentConfig(fill_holes=0, max_area=95)).max() == 1
