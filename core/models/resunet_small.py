"""ResUNet Small: a U-Net of bottleneck blocks that starts at half size; the fast one.

The stem moves 2x2 pixels into channels and a sub-pixel head brings them back, so no layer works
at full size. Skips are added, not concatenated, which halves the decoder.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from core.models.blocks import (
    AddSkip,
    SizeHead,
    SubPixelHead,
    bottleneck,
    conv_norm_relu,
    pad_to_stride,
    space_to_depth_stem,
    start_weights,
)
from core.models.spec import OUTPUTS

STRIDE = 32
WIDTHS = (48, 96, 192, 384, 512)
BLOCKS = (1, 2, 2, 2, 2)
"""Residual blocks of the encoder levels; a decoder level has one."""


def _light_block(width: int) -> nn.Module:
    return bottleneck(width, width // 2, width)


class ResUNetSmall(nn.Module):
    """(B, channels, H, W) scaled image -> (B, outputs + 1, H, W) logits and size, any H, W."""

    def __init__(self, widths: Sequence[int], channels: int, outputs: int) -> None:
        super().__init__()
        self.stem = space_to_depth_stem(channels, widths[0])
        self.first = nn.Sequential(*(_light_block(widths[0]) for _ in range(BLOCKS[0])))
        self.down = nn.ModuleList(
            nn.Sequential(
                *conv_norm_relu(fine, coarse, stride=2), *(_light_block(coarse) for _ in range(n))
            )
            for (fine, coarse), n in zip(pairwise(widths), BLOCKS[1:], strict=True)
        )
        self.up = nn.ModuleList(
            AddSkip(coarse, fine, _light_block(fine)) for fine, coarse in pairwise(widths)
        )
        self.head = SubPixelHead(widths[0], outputs, 2)
        self.size = SizeHead(widths[1:])

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        padded = pad_to_stride(x, STRIDE)
        features = [self.first(self.stem(padded))]
        for level in self.down:
            features.append(level(features[-1]))
        size = self.size(features[1:], *padded.shape[-2:])
        x = features.pop()
        for level in reversed(self.up):
            x = level(x, features.pop())
        return torch.cat([self.head(x), size], 1)[..., :height, :width]


def resunet_small(channels: int = 3, outputs: int = len(OUTPUTS)) -> ResUNetSmall:
    """ResUNet Small with fresh weights."""
    network = ResUNetSmall(WIDTHS, channels, outputs)
    start_weights(network)
    network.head.start()
    network.size.start()
    return network
