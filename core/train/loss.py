"""The training loss: foreground, distance and border, stricter where two objects nearly touch
and where they are small, and the size of the objects."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from core.train.targets import MOST_IMPORTANT

GAP_WEIGHT = 3.0
SIZE_WEIGHT = 0.3
"""Of an octave that the size is wrong by."""
COARSE_WEIGHT = 0.3
"""Of the coarse outputs (deep supervision) against the output at full size."""


def training_loss(output: Tensor | list[Tensor], targets: Tensor) -> Tensor:
    """The loss of an answer, or of a list: the answer, then coarser logits for averaged targets."""
    if isinstance(output, Tensor):
        return full_loss(output.float(), targets)
    fine, *coarse = (answer.float() for answer in output)
    shrunk = [F.interpolate(targets, list(logits.shape[-2:]), mode="area") for logits in coarse]
    losses = [segmentation_loss(a, b) for a, b in zip(coarse, shrunk, strict=True)]
    return full_loss(fine, targets) + COARSE_WEIGHT * torch.stack(losses).mean()


def full_loss(answer: Tensor, targets: Tensor) -> Tensor:
    """answer: (B, 4, H, W) foreground, distance, border and size; targets: (B, 5, H, W), with the
    importance before the size."""
    size = size_loss(answer[:, -1], targets[:, -1], targets[:, 0])
    return segmentation_loss(answer[:, :3], targets) + SIZE_WEIGHT * size


def segmentation_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over the batch of weighted cross-entropy and Dice.

    logits: (B, 3, H, W) foreground, distance, border; targets: these and the importance, they may
    have more. The border target is also a weight.
    """
    weight = (1 + GAP_WEIGHT * targets[:, 2:3]) * MOST_IMPORTANT * targets[:, 3:4]
    entropy = F.binary_cross_entropy_with_logits(logits, targets[:, :3], weight)
    dice = dice_loss(torch.sigmoid(logits[:, 0]), targets[:, 0])
    return entropy + 0.5 * dice


def size_loss(octaves: Tensor, truth: Tensor, foreground: Tensor) -> Tensor:
    """Mean error over the objects of the crops whose size counts, those where it is no NaN."""
    counts = foreground * truth.isfinite()
    error = F.smooth_l1_loss(octaves, truth.nan_to_num(), reduction="none") * counts
    return error.sum() / (counts.sum() + 1)


def dice_loss(probability: Tensor, truth: Tensor) -> Tensor:
    """1 - Dice, over the whole batch: empty crops do not count as failures."""
    overlap = (probability * truth).sum()
    return 1 - (2 * overlap + 1) / (probability.sum() + truth.sum() + 1)
