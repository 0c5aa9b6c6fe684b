"""What a run may be asked to do."""

import math
from pathlib import Path

import pytest

from core.errors import UnknownNetwork, UsageError
from core.train.settings import RANGES, TrainSettings


@pytest.mark.parametrize("name", RANGES)
def test_numbers_outside_their_range_are_refused(name: str) -> None:
    low, high = RANGES[name]
    for value in (low, high):
        TrainSettings(Path("d"), Path("r"), **{name: value})
    option = f"--{name.replace('_', '-')} "
    for value in (low - 1, high + 1, -1, math.nan, math.inf):
        with pytest.raises(UsageError, match=f"^{option}is .* between {low:,} and {high:,}"):
            TrainSettings(Path("d"), Path("r"), **{name: value})


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(UnknownNetwork, match="resunet_small"):
        TrainSettings(Path("d"), Path("r"), "unet")
