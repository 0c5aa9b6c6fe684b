"""From a scaled picture to probability maps at its size, tile by tile."""

import numpy as np
import torch
from torch import nn

from core.engine.device import autocast_bf16
from core.engine.prepare import Normalisation, network_input
from core.engine.tiles import Blend, plan_tiles
from core.progress import Ticket


def predict(
    network: nn.Module, pixels: np.ndarray, normalisation: Normalisation, ticket: Ticket
) -> np.ndarray:
    """(H, W, 1|3) of 0..1 -> logits (C, H, W) float32; stops between tiles when asked to."""
    height, width = pixels.shape[:2]
    tiles = plan_tiles(height, width)
    blend: Blend | None = None
    for i, tile in enumerate(tiles):
        ticket.step(i, len(tiles), "segmenting")
        logits = forward(network, network_input(pixels[tile.window], normalisation))
        blend = blend or Blend(len(logits), height, width)
        blend.add(tile, logits)
    ticket.step(len(tiles), len(tiles), "segmenting")
    assert blend is not None
    return blend.result()


def forward(network: nn.Module, picture: np.ndarray) -> np.ndarray:
    """One pass: (3, H, W) -> logits (C, H, W) float32."""
    batch = torch.from_numpy(np.ascontiguousarray(picture))[None]
    with torch.inference_mode(), autocast_bf16():
        logits = network(batch.contiguous(memory_format=torch.channels_last))
    result: np.ndarray = logits[0].float().numpy()
    return result


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits, float32, without overflow."""
    result: np.ndarray = torch.sigmoid(torch.from_numpy(logits)).numpy()
    return result
