"""What a training run is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class TrainSettings:
    """The run ends after `crops` crops or `minutes` minutes of training, whichever comes first.

    The learning rate follows the nearer end: a short rise, then a cosine down to zero.
    synthetic: share of the crops that are cut from computed scenes instead of images.
    variations: of light, as a share of the usual number.
    emphasis: by modality, how many times as often as otherwise its crops are drawn.
    """

    data: Path
    run: Path
    network: str = "hrnet"
    crops: int = 50_000
    minutes: float = 150.0
    batch: int = 4
    crop_size: int = 256
    synthetic: float = 0.15
    rate: float = 2e-3
    weight_decay: float = 1e-3
    validate_every: int = 4_000
    seed: int = 0
    start_from_weights: bool = False
    variations: float = 1.0
    emphasis: Mapping[str, float] = field(default_factory=dict)
