"""Cases: what was drawn on images whose truth is known."""

from pathlib import Path

import numpy as np
import pytest

from core.annotation.raster import label_image, regions_from_labels
from core.annotation.region import Region
from core.evaluate.collection import Sample, read_collection
from core.evaluate.evaluate import (
    OVERALL,
    Case,
    draw_case,
    draw_cases,
    scores_of,
)
from core.image.model import Image
from core.progress import Ticket
from tests.core.train.collection import draw_collection


@pytest.fixture
def samples(tmp_path: Path) -> list[Sample]:
    return read_collection(draw_collection(tmp_path / "data", train=1, val=4), "val")


def regions_of(labels: np.ndarray, confidence: float = 0.9) -> tuple[Region, ...]:
    outlines = regions_from_labels(labels)
    return tuple(
        Region(i, o.shell, o.holes, confidence=confidence) for i, o in enumerate(outlines, 1)
    )


def shifted(sample: Sample, seed: int) -> tuple[Region, ...]:
    """The true objects, each moved by a few pixels, some left out."""
    rng = np.random.default_rng(seed)
    moved = []
    for region in regions_of(sample.labels()):
        if rng.random() < 0.8:
            shell = region.shell + rng.integers(-9, 10, 2)
            moved.append(Region(region.id, shell, confidence=float(rng.random())))
    return tuple(moved)


def hits_by_loops(sample: Sample, regions: tuple[Region, ...]) -> list[bool]:
    """From the definition, one pair of masks after the other."""
    truth = sample.labels()
    drawn = label_image(regions, *truth.shape)

    def best(region: Region) -> float:
        found = drawn == region.id
        pairs = (truth == i for i in range(1, truth.max() + 1))
        return max(float((found & true).sum() / (found | true).sum()) for true in pairs)

    return [best(region) > 0.5 for region in regions]


@pytest.mark.parametrize("seed", range(8))
def test_hits_of_each_region_follow_the_definition(samples: list[Sample], seed: int) -> None:
    regions = shifted(samples[0], seed)
    case = draw_case(samples[0], lambda image: regions)
    assert case.hit.tolist() == hits_by_loops(samples[0], regions)
    assert case.hit.sum() == case.match.hits[0]
    assert len(case.hit) == case.match.found == len(regions)


def test_an_image_where_nothing_is_found(samples: list[Sample]) -> None:
    case = draw_case(samples[0], lambda image: ())
    assert case.hit.shape == (0,) and case.match.found == 0 and case.match.true > 0


def test_a_region_outside_the_image_is_no_hit(samples: list[Sample]) -> None:
    outside = Region(1, np.array([[-30.0, -30], [-20, -30], [-20, -20]]), confidence=0.9)
    assert draw_case(samples[0], lambda image: (outside,)).hit.tolist() == [False]


def perfect(samples: list[Sample]) -> list[Case]:
    truths = {sample.image().name: sample.labels() for sample in samples}

    def segment(image: Image) -> tuple[Region, ...]:
        return regions_of(truths[image.name])

    return draw_cases(samples, segment, Ticket())


def test_scores_are_grouped_by_modality(samples: list[Sample]) -> None:
    scores = scores_of(perfect(samples))
    assert list(scores) == ["colour", "grey", OVERALL]
    assert [s.images for s in scores.values()] == [2, 2, 4]
    assert all(s.pooled == (1, 1, 1) for s in scores.values())
