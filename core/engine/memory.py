"""Telling that memory ran out, and what may still fit."""

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from core.engine.device import CPU, device_of
from core.engine.tiles import TILE

TILE_SIDES = (TILE, TILE // 2, TILE // 4)
"""Longest sides of tiles, pixels, in the order in which they are tried."""
OUT_OF_MEMORY = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "failed to allocate",
    "insufficient memory",
    "alloc_failed",  # the libraries of CUDA
    "bad_alloc",  # C++
    "bad allocation",
)


def is_out_of_memory(error: Exception) -> bool:
    """Libraries have many words for it, and speak of memory in other errors too."""
    text = str(error).lower()
    known = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return known or any(words in text for words in OUT_OF_MEMORY)


def attempts(network: nn.Module) -> Iterator[tuple[nn.Module, int]]:
    """The network with smaller and smaller tiles, then again on the processor.

    The copy for the processor is made only when it is asked for.
    """
    for side in TILE_SIDES:
        yield network, side
    if device_of(network) != CPU:
        copied = on_processor(network)
        for side in TILE_SIDES:
            yield copied, side


def on_processor(network: nn.Module) -> nn.Module:
    """A copy in the processor's memory; takes no more of the memory of the other device."""
    known: dict[int, Any] = {
        id(weight): nn.Parameter(weight.detach().to(CPU, copy=True), requires_grad=False)
        for weight in network.parameters()
    }
    known |= {id(buffer): buffer.to(CPU, copy=True) for buffer in network.buffers()}
    return copy.deepcopy(network, known)
