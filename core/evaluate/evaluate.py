"""Running a network over an annotated collection and scoring what it draws."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.annotation.raster import label_image
from core.annotation.region import Region
from core.evaluate.collection import Sample
from core.evaluate.matching import Match, match_labels, matched_labels
from core.evaluate.table import Scores, summarise
from core.image.model import Image
from core.progress import Ticket

Segment = Callable[[Image], Sequence[Region]]
OVERALL = "all images"


@dataclass(frozen=True, eq=False)
class Case:
    """One image with what was drawn on it, compared with the truth.

    hit: (regions,) bool, whether a region overlaps a true object above IoU 0.5.
    """

    sample: Sample
    regions: tuple[Region, ...]
    match: Match
    hit: np.ndarray


def draw_case(sample: Sample, segment: Segment) -> Case:
    """Compare what `segment` draws on one image, as polygons rasterised again, with the truth."""
    regions = segment(sample.image())
    truth = sample.labels()
    drawn = label_image(regions, *truth.shape)
    hit = np.isin([region.id for region in regions], matched_labels(truth, drawn)[1])
    return Case(sample, tuple(regions), match_labels(truth, drawn), hit)


def draw_cases(samples: Sequence[Sample], segment: Segment, ticket: Ticket) -> list[Case]:
    """A case for every image."""
    cases = []
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), sample.name)
        cases.append(draw_case(sample, segment))
    return cases


def scores_of(cases: Sequence[Case]) -> dict[str, Scores]:
    """Scores by modality and, as the last entry, of all images together."""
    groups: dict[str, list[Match]] = defaultdict(list)
    for case in cases:
        groups[case.sample.modality].append(case.match)
    scores = {name: summarise(groups[name]) for name in sorted(groups)}
    return scores | {OVERALL: summarise([case.match for case in cases])}


def evaluate(samples: Sequence[Sample], segment: Segment, ticket: Ticket) -> dict[str, Scores]:
    """Scores of what `segment` draws, by modality and over all images."""
    return scores_of(draw_cases(samples, segment, ticket))
