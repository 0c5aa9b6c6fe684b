"""The training loss: foreground and distance, stricter where two objects nearly touch."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

GAP_WEIGHT = 3.0


def segmentation_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over the batch of weighted cross-entropy and Dice.

    logits: (B, 2, H, W) foreground, distance. targets: (B, 3, H, W) foreground, distance, gaps.
    """
    weight = 1 + GAP_WEIGHT * targets[:, 2:]
    soft = targets[:, :2]
    entropy = F.binary_cross_entropy_with_logits(logits, soft, weight)
    return entropy + 0.5 * dice_loss(torch.sigmoid(logits[:, 0]), soft[:, 0])


def dice_loss(probability: Tensor, truth: Tensor) -> Tensor:
    """1 - Dice, over the whole batch: empty crops do not count as failures."""
    overlap = (probability * truth).sum()
    return 1 - (2 * overlap + 1) / (probability.sum() + truth.sum() + 1)
