"""Running a network over an annotated collection and scoring what it draws."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.annotation.raster import label_image
from core.annotation.region import Region
from core.evaluate.collection import Sample
from core.evaluate.matching import Match, match_labels, matched_labels
from core.evaluate.reliability import (
    Bin,
    Confidence,
    cross_fitted,
    fit_confidence,
    reliability_table,
)
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
    """Compare what `segment` draws on one image with the truth."""
    return case_of(sample, segment(sample.image()))


def case_of(sample: Sample, regions: Sequence[Region]) -> Case:
    """Compare regions, as polygons rasterised again, with the truth."""
    truth = sample.labels()
    drawn = label_image(regions, *truth.shape)
    hit = np.isin([region.id for region in regions], matched_labels(truth, drawn)[1])
    return Case(sample, tuple(regions), match_labels(truth, drawn), hit)


def surer(case: Case, least: float) -> Case:
    """The case without the regions of less confidence than `least`."""
    return case_of(case.sample, [r for r in case.regions if (r.confidence or 0) >= least])


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


def calibrated_confidence(cases: Sequence[Case]) -> tuple[Confidence, tuple[Bin, ...]]:
    """The calibration fitted on all cases, and the table that shows how good it is.

    The confidence of the regions must be the mean foreground probability, not calibrated yet. In
    the table each object is judged by a calibration that knows nothing of its field of view.
    """
    judged = [
        (region.confidence, hit, case.sample.group)
        for case in cases
        for region, hit in zip(case.regions, case.hit, strict=True)
        if region.confidence is not None
    ]
    p, hits, fields = ([row[i] for row in judged] for i in range(3))
    return fit_confidence(p, hits), reliability_table(cross_fitted(p, hits, fields), hits)
