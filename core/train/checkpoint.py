"""Saving a training run so that it can go on after an interruption."""

from pathlib import Path
from typing import Any

import torch

from core.errors import UsageError
from core.files import write_atomically


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, numbers, strings, lists, dicts) whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda file: torch.save(state, file))


def load_checkpoint(path: Path, network: str) -> dict[str, Any]:
    """Read a checkpoint of `network` without running code; raises UsageError if it is another's."""
    state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    if state["network"] != network:
        raise UsageError(
            f"{path} belongs to the network {state['network']!r}; train in another --run folder."
        )
    return state
