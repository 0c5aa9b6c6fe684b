"""`cellscribe evaluate`: a table of scores for each modality and for all images."""

import argparse
import json
from functools import partial

from app.cli.progress import printing_ticket
from app.cli.settings import run_settings
from app.settings.run import RunSettings
from core.annotation.region import Region
from core.engine.segment import segment
from core.evaluate.collection import check_samples, read_collection
from core.evaluate.evaluate import evaluate
from core.evaluate.table import format_table
from core.image.model import Image


def run(options: argparse.Namespace) -> int:
    """Segment every image of the split and print what was found."""
    draw = partial(_regions, settings=run_settings(options))
    samples = read_collection(options.data, options.split)
    check_samples(samples, printing_ticket())
    scores = evaluate(samples, draw, printing_ticket())
    if options.json:
        print(json.dumps({name: s.as_dict() for name, s in scores.items()}, indent=2))
    else:
        print(format_table(scores))
    return 0


def _regions(image: Image, settings: RunSettings) -> tuple[Region, ...]:
    return segment(image, settings.for_image(image.name, image.pixel_size_um)).regions
