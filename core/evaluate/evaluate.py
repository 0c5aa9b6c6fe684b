"""Running a network over an annotated collection and scoring what it draws."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from core.annotation.raster import label_image
from core.annotation.region import Region
from core.evaluate.matching import Match, match_labels
from core.evaluate.table import Scores, summarise
from core.image.model import Image
from core.progress import Ticket
from core.train.collection import Sample

Segment = Callable[[Image], Sequence[Region]]
OVERALL = "all images"


def score_sample(sample: Sample, segment: Segment) -> Match:
    """Match the regions that `segment` draws on one image, as polygons rasterised again."""
    image = sample.image()
    drawn = label_image(segment(image), image.height, image.width)
    return match_labels(sample.labels(), drawn)


def evaluate(samples: Sequence[Sample], segment: Segment, ticket: Ticket) -> dict[str, Scores]:
    """Scores by modality and, as the last entry, of all images together."""
    groups: dict[str, list[Match]] = defaultdict(list)
    for i, sample in enumerate(samples):
        ticket.step(i, len(samples), sample.name)
        groups[sample.modality].append(score_sample(sample, segment))
    everything = [match for group in groups.values() for match in group]
    scores = {name: summarise(groups[name]) for name in sorted(groups)}
    return scores | {OVERALL: summarise(everything)}
