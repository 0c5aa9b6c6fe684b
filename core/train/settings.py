"""What a training run is asked to do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from core.engine.config import SegmentConfig
from core.errors import UsageError
from core.models.registry import find_spec

RANGES = {
    "crops": (1, 1_000_000_000),
    "minutes": (0.01, 1_000_000),
    "batch": (1, 1024),
    "crop_size": (64, 2048),
    "synthetic": (0, 1),
    "rate": (1e-6, 1),
    "validate_every": (1, 1_000_000_000),
    "seed": (0, 1_000_000_000),
    "variations": (0, 1),
}
"""The lowest and the highest value of each setting that is a number."""


@dataclass(frozen=True)
class TrainSettings:
    """The run ends after `crops` crops or `minutes` minutes of training, whichever comes first.

    data: the folder with manifest.csv. run: the folder of checkpoint and curves.
    batch: crops in one step. crop_size: side of a crop, pixels. validate_every: crops between two
    looks at the validation images.
    synthetic: share of the crops that are cut from computed scenes instead of images.
    rate: peak of the learning rate, which follows the nearer end of the run: a short rise, then a
    cosine down to zero.
    start_from_weights: begin with the weights of `network` that are installed instead of random
    ones, and keep their BatchNorm statistics.
    variations: of light, as a share of the usual number.
    emphasis: by modality, how many times as often as otherwise its crops are drawn.

    Raises UsageError for a number outside RANGES, UnknownNetwork for a network that there is not.
    """

    data: Path
    run: Path
    network: str = SegmentConfig.model
    crops: int = 50_000
    minutes: float = 150.0
    batch: int = 4
    crop_size: int = 256
    synthetic: float = 0.15
    rate: float = 2e-3
    validate_every: int = 4_000
    seed: int = 0
    start_from_weights: bool = False
    variations: float = 1.0
    emphasis: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        find_spec(self.network)
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # also refuses NaN
                raise UsageError(
                    f"{option_of(name)} is {value}; it must lie between {low:,} and {high:,}."
                )

    def as_text(self) -> dict[str, str]:
        """What a checkpoint keeps of it, by name; the folder of the run is where that lies."""
        texts = {name: str(value) for name, value in asdict(self).items() if name != "run"}
        emphasis = ", ".join(f"{name} {factor:g}" for name, factor in self.emphasis.items())
        return texts | {"data": str(self.data.resolve()), "emphasis": emphasis or "none"}


def option_of(name: str) -> str:
    """What a setting is called on the command line."""
    return "--from-weights" if name == "start_from_weights" else f"--{name.replace('_', '-')}"
