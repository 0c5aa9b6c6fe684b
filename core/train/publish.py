"""From a trained network to one that the product runs: calibrated, measured, with its manifest."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from msgspec import structs
from torch import nn

from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.loader import LoadedNetwork, decode_weights, encode_weights, fill, ready_to_run
from core.engine.outline import regions_from_maps
from core.engine.segment import probability_maps
from core.evaluate.calibrate import Setting, calibrate
from core.evaluate.collection import Sample
from core.evaluate.evaluate import OVERALL, Case, draw_cases, evaluate, scores_of
from core.evaluate.gallery import draw_gallery
from core.evaluate.table import Scores
from core.files import check_writable, write_bytes
from core.image.model import Image
from core.models.registry import find_spec
from core.models.spec import Normalisation
from core.progress import Ticket
from core.train.augment import KNOWN_DIAMETER
from core.weights import SHIPPED, WeightsEntry, read_manifest, write_manifest

LICENCE = "BSD-3-Clause"
"""Of the networks that we ship; who trained another one chooses its licence."""


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
    curves: Path | None = None,
) -> dict[str, Scores]:
    """Write fp16 weights and the manifest entry with defaults and figures from `samples`.

    name: what a person chooses the network by. folder: only a network that is written into the
    one that we ship has our licence and title. curves: the picture of the training, if there is
    one, to lie beside the weights. What is calibrated and measured is the fp16 file as a user will
    load it. Raises WeightsUnavailable when the manifest of `folder` is damaged, CannotWrite; until
    all is written, the network that was there stays.
    """
    entries_to_join(folder)
    data = encode_weights(network)
    trial = _as_loaded(data, architecture)
    ours = folder.resolve() == SHIPPED.resolve()
    entry = _calibrated(trial.entry, name, ours, calibrate(trial, samples, ticket))
    cases = draw_cases(samples, partial(draw_with, replace(trial, entry=entry)), ticket)
    scores = scores_of(cases)
    accuracy = {group: s.as_dict() for group, s in scores.items()}
    _install(folder, structs.replace(entry, training=training, accuracy=accuracy), data)
    _add_pictures(folder, name, cases, curves)
    return scores


def entries_to_join(folder: Path) -> list[WeightsEntry]:
    """The networks in a folder, made if it is missing, that another one can be added to.

    Raises WeightsUnavailable when its manifest is damaged and CannotWrite: before hours of work.
    """
    check_writable(folder)
    return read_manifest(folder)


def _as_loaded(data: bytes, architecture: str) -> LoadedNetwork:
    """The network that a user gets from these bytes."""
    fresh = find_spec(architecture).build()
    fill(fresh, decode_weights(data, "the new weights"), "the new weights")
    return loaded_for_trial(fresh, architecture)


def _calibrated(entry: WeightsEntry, name: str, ours: bool, best: Setting) -> WeightsEntry:
    """The entry under its name with what was found best."""
    return structs.replace(
        entry,
        name=name,
        title=entry.title if ours else f"{entry.title} ({name})",
        licence=LICENCE if ours else "",
        threshold=best.threshold,
        separation=best.separation,
        confidence=best.confidence,
        min_confidence=best.min_confidence,
        reliability=best.reliability,
    )


def _install(folder: Path, entry: WeightsEntry, data: bytes) -> None:
    """Put a network in the place of the one of its name.

    Its file has a name that is free, so that the manifest and the files agree at every moment.
    """
    digest = hashlib.sha256(data).hexdigest()
    file = f"{entry.name}.safetensors"
    before = read_manifest(folder)
    if file in {e.file for e in before}:
        file = f"{entry.name}-{digest[:8]}.safetensors"
    entry = structs.replace(entry, file=file, sha256=digest)
    after = [e for e in before if e.name != entry.name] + [entry]
    write_bytes(folder / file, data)
    write_manifest(folder, after)
    for old in {e.file for e in before} - {e.file for e in after}:
        with suppress(OSError):  # it only takes room
            (folder / old).unlink()


def _add_pictures(folder: Path, name: str, cases: Sequence[Case], curves: Path | None) -> None:
    """What the model card shows, beside the weights; nothing of the network that was there."""
    draw_gallery(cases, folder / f"{name}_cases.jpg")
    drawn = folder / f"{name}_curves.png"
    if curves is not None and curves.exists():
        write_bytes(drawn, curves.read_bytes())
    else:
        drawn.unlink(missing_ok=True)
