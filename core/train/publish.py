"""From a trained network to one that the product runs: calibrated, measured, with its manifest."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from msgspec import structs
from torch import nn

from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork, decode_weights, encode_weights, fill, ready_to_run
from core.engine.outline import regions_from_maps
from core.engine.segment import probability_maps
from core.evaluate.calibrate import calibrate
from core.evaluate.collection import Sample
from core.evaluate.evaluate import (
    OVERALL,
    draw_cases,
    evaluate,
    scores_of,
)
from core.evaluate.gallery import draw_gallery
from core.evaluate.table import Scores
from core.files import write_bytes
from core.image.model import Image
from core.models.registry import find_spec
from core.models.spec import Normalisation
from core.progress import Ticket
from core.train.augment import KNOWN_DIAMETER
from core.weights import WeightsEntry, read_manifest, write_manifest

LICENCE = "BSD-3-Clause"


def loaded_for_trial(network: nn.Module, name: str) -> LoadedNetwork:
    """A network that is not published yet, with neutral settings, ready to run.

    `network` itself is changed: its BatchNorm is folded into the convolutions.
    """
    spec = find_spec(name)
    entry = WeightsEntry(
        name=name,
        title=spec.title,
        architecture=name,
        arguments=dict(spec.arguments),  # type: ignore[arg-type]
        file=f"{name}.safetensors",
        sha256="",
        normalisation=Normalisation(),
        threshold=0.5,
        separation=0.5,
        diameter=KNOWN_DIAMETER,
        licence=LICENCE,
        training="",
        accuracy={},
    )
    return LoadedNetwork(ready_to_run(network), entry)


def draw_with(loaded: LoadedNetwork, image: Image) -> tuple[Region, ...]:
    """Regions of one image by a network at its own settings."""
    maps = probability_maps(image, loaded, SegmentConfig(), Ticket())
    return regions_from_maps(maps, SegmentConfig())


def validation_scores(network: nn.Module, name: str, samples: Sequence[Sample]) -> dict[str, float]:
    """AP at IoU 0.5 and 0.75 with neutral settings, for the curve of a training run."""
    loaded = loaded_for_trial(network, name)
    scores = evaluate(samples, partial(draw_with, loaded), Ticket())
    figures = {f"ap50 {name}": s.pooled[0] for name, s in scores.items() if name != OVERALL}
    overall = scores[OVERALL]
    return {"ap50": overall.pooled[0], "ap75": overall.pooled[1], **figures}


def publish(
    network: nn.Module,
    architecture: str,
    name: str,
    samples: Sequence[Sample],
    folder: Path,
    training: str,
    ticket: Ticket,
) -> dict[str, Scores]:
    """Write fp16 weights and the manifest entry with defaults and figures from `samples`.

    name: what a person chooses the network by, also the name of the file.
    What is calibrated and measured is the fp16 file as a user will load it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = encode_weights(network)
    spec = find_spec(architecture)
    fresh = spec.build()
    fill(fresh, decode_weights(data, "the new weights"), "the new weights")
    trial = loaded_for_trial(fresh, architecture)
    best = calibrate(trial, samples, ticket)
    entry = structs.replace(
        trial.entry,
        name=name,
        title=spec.title if name == architecture else f"{spec.title} ({name})",
        file=f"{name}.safetensors",
        sha256=hashlib.sha256(data).hexdigest(),
        threshold=best.threshold,
        separation=best.separation,
        confidence=best.confidence,
        min_confidence=best.min_confidence,
        reliability=best.reliability,
        training=training,
    )
    draw = partial(draw_with, LoadedNetwork(trial.network, entry))
    cases = draw_cases(samples, draw, ticket)
    scores = scores_of(cases)
    entry = structs.replace(entry, accuracy={k: s.as_dict() for k, s in scores.items()})
    draw_gallery(cases, folder / f"{name}_cases.jpg")
    write_bytes(folder / entry.file, data)
    others = [e for e in read_manifest(folder) if e.name != name]
    write_manifest(folder, [*others, entry])
    return scores
