"""`cellscribe train`: train a network, calibrate it on the validation split, install it."""

import argparse
import math
import sys
import time
from functools import partial
from pathlib import Path

from app.cli.progress import printing_ticket
from core.errors import UsageError
from core.evaluate.collection import read_collection
from core.evaluate.table import format_table
from core.progress import Ticket
from core.train.publish import publish, validation_scores
from core.train.settings import TrainSettings
from core.train.trainer import Trainer
from core.weights import find_network, manifest_folders


def run(options: argparse.Namespace) -> int:
    """Train to the end (or go on from the checkpoint of an interrupted run) and publish."""
    settings = _settings(options)
    samples = read_collection(options.data, "val")
    validate = partial(validation_scores, name=settings.network, samples=samples)
    earlier = _earlier_training(settings)  # before these weights are replaced
    trainer = Trainer(settings, validate, _line_ticket())
    network = trainer.run()
    training = (
        f"{trainer.crops:,} crops of {settings.crop_size} px from {_contents(options)}, "
        f"{trainer.seconds / 60:.0f} minutes, seed {settings.seed}{earlier}"
    )
    folder = options.weights or manifest_folders()[-1]
    # Among the person's own networks it must not have the name of one that we ship.
    name = settings.network if options.weights else f"{settings.network}-mine"
    scores = publish(
        network,
        settings.network,
        name,
        samples,
        folder,
        training,
        printing_ticket(),
    )
    print(format_table(scores))
    return 0


def _settings(options: argparse.Namespace) -> TrainSettings:
    return TrainSettings(
        data=options.data,
        run=options.run or Path("runs") / options.network,
        network=options.network,
        crops=options.crops,
        minutes=options.minutes,
        batch=options.batch,
        crop_size=options.crop_size,
        synthetic=options.synthetic,
        rate=options.rate,
        validate_every=options.validate_every,
        seed=options.seed,
        start_from_weights=options.from_weights,
        variations=options.variations,
        emphasis=_emphasis(options.emphasis),
    )


def _emphasis(pairs: list[list[str]]) -> dict[str, float]:
    """Factor by modality; raises UsageError for a factor that is not a positive number."""
    try:
        factors = {modality: float(factor) for modality, factor in pairs}
    except ValueError:
        factors = {"": 0.0}
    if not all(0 < factor < math.inf for factor in factors.values()):
        raise UsageError("--emphasis takes a modality and a positive number, as in: smear 2")
    return factors


def _earlier_training(settings: TrainSettings) -> str:
    """What the weights that a run starts from were trained with, for the manifest."""
    entry = find_network(settings.network).entry if settings.start_from_weights else None
    return f"; before that {entry.training}" if entry else ""


def _contents(options: argparse.Namespace) -> str:
    """Which sets the crops come from, for the manifest."""
    samples = read_collection(options.data, "train")
    sets = sorted({sample.image_path.parents[1].name for sample in samples})
    drawn = f" and {options.synthetic:.0%} synthetic scenes" if options.synthetic else ""
    return f"{len(samples)} images ({', '.join(sets)}){drawn}"


def _line_ticket() -> Ticket:
    """Every line of the training loop with the time; reading images stays quiet."""

    def report(done: int, total: int, stage: str) -> None:
        if not stage.startswith("reading") or done == total:
            print(f"{time.strftime('%H:%M:%S')} {stage}", file=sys.stderr, flush=True)

    return Ticket(report=report)
