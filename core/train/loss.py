"""The training loss: foreground, distance and border, stricter where two objects nearly touch."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

GAP_WEIGHT = 3.0


COARSE_WEIGHT = 0.3
"""Of the coarse outputs (deep supervision) against the output at full size."""


def training_loss(output: Tensor | list[Tensor], targets: Tensor) -> Tensor:
    """The loss of logits, or of a list: logits, then coarser ones for averaged targets."""
    if isinstance(output, Tensor):
        return segmentation_loss(output.float(), targets)
    fine, *coarse = (logits.float() for logits in output)
    shrunk = [F.interpolate(targets, list(logits.shape[-2:]), mode="area") for logits in coarse]
    losses = [segmentation_loss(a, b) for a, b in zip(coarse, shrunk, strict=True)]
    return segmentation_loss(fine, targets) + COARSE_WEIGHT * torch.stack(losses).mean()


def segmentation_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over the batch of weighted cross-entropy and Dice.

    logits and targets: (B, 3, H, W) foreground, distance, border. The border target is also the
    weight; a network without that output learns the first two.
    """
    weight = 1 + GAP_WEIGHT * targets[:, 2:]
    outputs = logits.shape[1]
    entropy = F.binary_cross_entropy_with_logits(logits, targets[:, :outputs], weight)
    return entropy + 0.5 * dice_loss(torch.sigmoid(logits[:, 0]), targets[:, 0])


def dice_loss(probability: Tensor, truth: Tensor) -> Tensor:
    """1 - Dice, over the whole batch: empty crops do not count as failures."""
    overlap = (probability * truth).sum()
    return 1 - (2 * overlap + 1) / (probability.sum() + truth.sum() + 1)
