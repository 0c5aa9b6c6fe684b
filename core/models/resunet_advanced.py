"""ResUNet Advanced: a deep residual encoder, attention-gated skips, deep supervision in training.

Encoder levels of 64, 128, 256 and 512 features at 1/4 to 1/32 of the input (He et al. 2016);
every skip passes a gate that the coarser level steers (Oktay et al. 2018). The features of the
half-size stem join last, so that fine outlines do not depend on the coarse levels alone.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from core.models.blocks import (
    AddSkip,
    Residual,
    SizeHead,
    SubPixelHead,
    basic_block,
    conv_norm,
    conv_norm_relu,
    pad_to_stride,
    space_to_depth_stem,
    start_weights,
    upsample_to,
)
from core.models.spec import OUTPUTS

STRIDE = 32
WIDTHS = (64, 128, 256, 512)
STEM = 32
BLOCKS = 2
"""Residual blocks per encoder level."""


class AttentionGate(nn.Module):
    """Multiplies a skip by 0..1 at every place, from the skip and the coarser features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.of_skip = nn.Sequential(*conv_norm(width, width // 2, 1))
        self.of_coarse = nn.Sequential(*conv_norm(width, width // 2, 1))
        self.weigh = nn.Conv2d(width // 2, 1, 1)

    def forward(self, skip: Tensor, coarse: Tensor) -> Tensor:
        weight = self.weigh(F.relu(self.of_skip(skip) + self.of_coarse(coarse)))
        return skip * torch.sigmoid(weight)


class GatedUp(nn.Module):
    """One decoder level: upsample, gate the skip, join, a residual block."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.reduce = nn.Sequential(*conv_norm_relu(coarse, fine, 1))
        self.gate = AttentionGate(fine)
        self.join = nn.Sequential(*conv_norm_relu(2 * fine, fine))
        self.block = basic_block(fine)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = upsample_to(self.reduce(x), skip)
        result: Tensor = self.block(self.join(torch.cat([x, self.gate(skip, x)], 1)))
        return result


class ResUNetAdvanced(nn.Module):
    """(B, channels, H, W) scaled image -> (B, outputs + 1, H, W) logits and size, for any H and W.

    In training mode a list: that, then the logits of the coarser decoder levels at their sizes.
    """

    def __init__(self, widths: Sequence[int], channels: int, outputs: int) -> None:
        super().__init__()
        self.stem = space_to_depth_stem(channels, STEM)
        self.down = nn.ModuleList(
            nn.Sequential(
                *conv_norm_relu(fine, coarse, stride=2),
                *(basic_block(coarse) for _ in range(BLOCKS)),
            )
            for fine, coarse in pairwise([STEM, *widths])
        )
        self.up = nn.ModuleList(GatedUp(coarse, fine) for fine, coarse in pairwise(widths))
        self.coarse_heads = nn.ModuleList(nn.Conv2d(w, outputs, 1) for w in widths[:-1])
        self.last = AddSkip(widths[0], STEM, Residual(conv_norm(STEM, STEM), STEM, STEM))
        self.head = SubPixelHead(STEM, outputs, 2)
        self.size = SizeHead(widths)

    def forward(self, x: Tensor) -> Tensor | list[Tensor]:
        height, width = x.shape[-2:]
        padded = pad_to_stride(x, STRIDE)
        stem = self.stem(padded)
        features = self._encode(stem)
        decoded = self._decode(features)
        logits = self.head(self.last(decoded[-1], stem))
        size = self.size(features, *padded.shape[-2:])
        answer = torch.cat([logits, size], 1)[..., :height, :width]
        if not self.training:
            return answer
        heads = zip(reversed(self.coarse_heads), decoded, strict=True)
        return [answer, *(head(x) for head, x in heads)]

    def _encode(self, x: Tensor) -> list[Tensor]:
        """Features from fine to coarse."""
        features = []
        for level in self.down:
            x = level(x)
            features.append(x)
        return features

    def _decode(self, features: list[Tensor]) -> list[Tensor]:
        """Features of the decoder from coarse to fine."""
        x, decoded = features[-1], []
        for level, skip in zip(reversed(self.up), reversed(features[:-1]), strict=True):
            x = level(x, skip)
            decoded.append(x)
        return decoded


def resunet_advanced(channels: int = 3, outputs: int = len(OUTPUTS)) -> ResUNetAdvanced:
    """ResUNet Advanced with fresh weights."""
    network = ResUNetAdvanced(WIDTHS, channels, outputs)
    start_weights(network)
    network.head.start()
    network.size.start()
    return network
