"""`cellscribe evaluate`: a table of scores for each modality and for all images."""

import argparse
import json
from functools import partial

from app.cli.progress import printing_ticket
from app.cli.settings import segment_config
from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.segment import segment
from core.evaluate.evaluate import evaluate
from core.evaluate.table import format_table
from core.image.model import Image
from core.train.collection import read_collection


def run(options: argparse.Namespace) -> int:
    """Segment every image of the split and print what was found."""
    samples = read_collection(options.data, options.split)
    draw = partial(_regions, config=segment_config(options))
    scores = evaluate(samples, draw, printing_ticket())
    if options.json:
        print(json.dumps({name: s.as_dict() for name, s in scores.items()}, indent=2))
    else:
        print(format_table(scores))
    return 0


def _regions(image: Image, config: SegmentConfig) -> tuple[Region, ...]:
    return segment(image, config).regions
