"""Saving a training run so that it can go on after an interruption."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.errors import UsageError
from core.files import check_writable, write_atomically

KINDS = {
    "network": str, "settings": dict, "weights": dict, "average": dict, "optimizer": dict,
    "crops": int, "seconds": float, "history": list,
}  # fmt: skip
"""What every checkpoint of ours holds; newer ones also hold `stages` and `origin`."""


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors, numbers, strings, lists, dicts) whole or not at all."""
    check_writable(path.parent, "--run")
    write_atomically(path, lambda file: torch.save(state, file))


def load_checkpoint(path: Path, network: str) -> dict[str, Any]:
    """Read a checkpoint of `network` without running code; raises UsageError if it is none."""
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # random bytes raise nearly anything
        raise unusable(path, "it is cut short or another kind of file") from error
    if not isinstance(state, dict) or not _is_ours(state):
        raise unusable(path, "another program wrote it")
    if state["network"] != network:
        raise UsageError(
            f"{path} belongs to the network {state['network']!r}; train in another --run folder."
        )
    if not all(isinstance(t, Tensor) and t.isfinite().all() for t in state["average"].values()):
        raise unusable(path, "its weights are no finite numbers")
    return state


def _is_ours(state: dict[str, Any]) -> bool:
    return all(isinstance(state.get(name), kind) for name, kind in KINDS.items())


def unusable(path: Path, why: str) -> UsageError:
    """A checkpoint with which no training can go on."""
    return UsageError(
        f"The training cannot go on from {path}: {why}; delete it or give another --run folder."
    )


def diverged(path: Path, rate: float) -> UsageError:
    """A training at this learning rate whose loss stays no finite number; `path` is kept."""
    again = f"goes on from {path}" if path.exists() else "begins anew"
    return UsageError(
        "The training ended because its loss was no finite number several times in a row; "
        f"give a --rate below {rate:g} and it {again}."
    )
