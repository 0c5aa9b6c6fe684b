"""What a network was trained with, for its manifest: each stage of a run with crops of one kind."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from core.evaluate.collection import Sample
from core.train.settings import TrainSettings


class Stage(TypedDict):
    """A part of a run, up to the next one or the end; a plain dict, for the checkpoint.

    crops, seconds: those that were done when it began. source: size and origin of its crops.
    """

    crops: int
    seconds: float
    source: str
    seed: str


def stage_of(
    samples: Sequence[Sample], settings: TrainSettings, crops: int, seconds: float
) -> Stage:
    """The stage that begins with these settings after `crops` crops."""
    sets = sorted({sample.image_path.parents[1].name for sample in samples})
    drawn = f" and {settings.synthetic:.0%} synthetic scenes" if settings.synthetic else ""
    source = f"{settings.crop_size} px from {len(samples)} images ({', '.join(sets)}){drawn}"
    return Stage(crops=crops, seconds=seconds, source=source, seed=str(settings.seed))


def unrecorded_stage(settings: Mapping[str, str]) -> Stage:
    """Of a run with these settings whose checkpoint is older than these records."""
    source = f"{settings.get('crop_size', 'unknown')} px from images that are not recorded"
    return Stage(crops=0, seconds=0.0, source=source, seed=settings.get("seed", "unknown"))


def in_words(stages: Sequence[Stage], crops: int, seconds: float, origin: str) -> str:
    """A run of `crops` crops, the latest stage first.

    origin: what the weights that it started from had been trained with; empty for new ones.
    """
    ends = [*((stage["crops"], stage["seconds"]) for stage in stages[1:]), (crops, seconds)]
    parts = [
        f"{last - stage['crops']:,} crops of {stage['source']}, "
        f"{(end - stage['seconds']) / 60:.0f} minutes, seed {stage['seed']}"
        for stage, (last, end) in zip(stages, ends, strict=True)
    ]
    return "; before that ".join([*reversed(parts), *([origin] if origin else [])])
