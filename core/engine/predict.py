"""From a scaled picture to probability maps at its size, tile by tile.

Tiles go through the network one by one: on a processor several at once are hardly faster (a tenth
at 256 pixels) and take the memory of all.
"""

import logging

import numpy as np
import torch
from torch import nn

from core.engine.device import autocast_bf16, device_of, free_unused
from core.engine.memory import attempts, is_out_of_memory
from core.engine.prepare import network_input
from core.engine.tiles import TILE, Blend, plan_tiles
from core.models.spec import Normalisation
from core.progress import Ticket

log = logging.getLogger(__name__)


def predict(
    network: nn.Module, pixels: np.ndarray, normalisation: Normalisation, ticket: Ticket
) -> np.ndarray:
    """(H, W, 1|3) of 0..1 -> logits (C, H, W) float32; stops between tiles when asked to.

    Out of memory: begins again with smaller tiles, then on the processor. Raises the last error
    when nothing fits.
    """
    problem: Exception | None = None
    for attempt, side in attempts(network):
        try:
            return predict_in_tiles(attempt, pixels, normalisation, ticket, side)
        except Exception as error:  # each library has its own class for it
            if not is_out_of_memory(error):
                raise
            device = device_of(attempt)
            log.warning("Memory ran out on %s with tiles of %d pixels: %s", device, side, error)
            problem = error.with_traceback(None)  # its frames would keep the tensors
        free_unused(device)
    assert problem is not None
    raise problem


def predict_in_tiles(
    network: nn.Module,
    pixels: np.ndarray,
    normalisation: Normalisation,
    ticket: Ticket,
    side: int = TILE,
) -> np.ndarray:
    """Like `predict`, with tiles of at most `side` pixels and no second attempt."""
    height, width = pixels.shape[:2]
    tiles = plan_tiles(height, width, side)
    blend: Blend | None = None
    for i, tile in enumerate(tiles):
        ticket.step(i, len(tiles), "segmenting")
        logits = forward(network, network_input(pixels[tile.window], normalisation))
        blend = blend or Blend(len(logits), height, width, side)
        blend.add(tile, logits)
    ticket.step(len(tiles), len(tiles), "segmenting")
    assert blend is not None
    return blend.result()


def forward(network: nn.Module, picture: np.ndarray) -> np.ndarray:
    """One pass: (3, H, W) -> logits (C, H, W) float32."""
    device = device_of(network)
    batch = torch.from_numpy(np.ascontiguousarray(picture))[None].to(device)
    with torch.inference_mode(), autocast_bf16(device):
        logits = network(batch.contiguous(memory_format=torch.channels_last))
    result: np.ndarray = logits[0].float().cpu().numpy()
    return result


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits, float32, without overflow."""
    result: np.ndarray = torch.sigmoid(torch.from_numpy(logits)).numpy()
    return result
