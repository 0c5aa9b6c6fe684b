"""`cellscribe train`: train a network, calibrate it on the validation split, install it."""

import argparse
import math
import sys
import time
from functools import partial
from pathlib import Path

from app.cli.progress import printing_ticket
from core.errors import UsageError
from core.evaluate.collection import Sample, check_samples, read_collection
from core.evaluate.evaluate import OVERALL
from core.evaluate.table import Scores, format_table
from core.progress import Ticket
from core.train.publish import entries_to_join, publish, validation_scores
from core.train.settings import TrainSettings
from core.train.trainer import Trainer
from core.weights import WeightsEntry, manifest_folders

LEAST_CROPS = 2_000
"""New weights that have seen fewer outline nothing well."""
BETWEEN_LINES = 20.0
"""Seconds between two lines while images are read."""


def run(options: argparse.Namespace) -> int:
    """Train to the end (or go on from the checkpoint of an interrupted run) and publish."""
    settings = _settings(options)
    folder, name = _destination(options)
    replaced = {entry.name: entry for entry in entries_to_join(folder)}.get(name)
    _checked(options.data, "train")
    val = _checked(options.data, "val")
    validate = partial(validation_scores, name=settings.network, samples=val)
    lines = Ticket(report=lambda done, total, text: _say(text))
    trainer = Trainer(settings, validate, lines, _reading_ticket())
    network = trainer.run()
    _say(_seen(trainer))
    scores = publish(
        network,
        settings.network,
        name,
        val,
        folder,
        trainer.training,
        printing_ticket(),
        settings.run / "curves.png",
    )
    print(format_table(scores))
    print(_outcome(scores[OVERALL], replaced))
    print(_use(folder, name, is_installed=not options.weights))
    return 0


def _checked(data: Path, split: str) -> list[Sample]:
    samples = read_collection(data, split)
    check_samples(samples, _reading_ticket())
    return samples


def _destination(options: argparse.Namespace) -> tuple[Path, str]:
    """Folder and name of the result: a person's own must not have the name of one that we ship."""
    if options.weights:
        return options.weights, options.network
    return manifest_folders()[-1], f"{options.network}-mine"


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


def _seen(trainer: Trainer) -> str:
    """What the network learnt from, and whether that is enough."""
    text = f"{trainer.crops:,} crops seen in {trainer.seconds / 60:.0f} min"
    if trainer.crops < LEAST_CROPS and not trainer.settings.start_from_weights:
        text += (
            f"; that is too little for a usable network: train with {LEAST_CROPS:,} or more, or "
            "--from-weights with another --run"
        )
    return f"{text}; now the network is calibrated on the validation images"


def _outcome(scores: Scores, replaced: WeightsEntry | None) -> str:
    """The new accuracy, and that of the network in whose place the new one comes."""
    text = f"AP50 on the validation images {scores.pooled[0]:.3f}"
    before = replaced.accuracy.get(OVERALL, {}) if replaced else {}
    if "ap50" not in before:
        return text
    if (before.get("images"), before.get("true")) != (scores.images, scores.true):
        return f"{text}; the network that it replaces was measured on other images"
    return f"{text}; the network that it replaces had {before['ap50']:.3f}"


def _use(folder: Path, name: str, is_installed: bool) -> str:
    if not is_installed:
        return f"{name} is written to {folder}"
    return (
        f"{name} is installed: cellscribe segment IMAGE_OR_FOLDER --out DIR --model {name}, or "
        "choose it in the window"
    )


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _reading_ticket() -> Ticket:
    """A line in 20 seconds and the last one."""
    last = [time.monotonic()]

    def report(done: int, total: int, stage: str) -> None:
        if done < total and time.monotonic() - last[0] < BETWEEN_LINES:
            return
        last[0] = time.monotonic()
        _say(f"{stage}: {done} of {total}")

    return Ticket(report=report)
