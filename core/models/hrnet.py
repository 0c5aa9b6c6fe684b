"""HRNetV2 (Wang et al. 2020): branches at four resolutions that keep exchanging features.

Differences from the paper: three logits (foreground, distance, border) from a sub-pixel head, so
the output has the size of the input, and interpolation without aligned corners, so that a tile and
the whole image agree.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from core.models.blocks import (
    SizeHead,
    SubPixelHead,
    basic_block,
    bottleneck,
    conv_norm,
    conv_norm_relu,
    pad_to_stride,
    start_weights,
    upsample_to,
)
from core.models.spec import OUTPUTS

STRIDE = 32
BLOCKS_PER_BRANCH = 4
MODULES_PER_STAGE = (1, 4, 3)


def _downsample(inside: int, outside: int, steps: int) -> nn.Sequential:
    """`steps` stride-2 convolutions; only the last one changes the width and has no ReLU."""
    layers: list[nn.Module] = []
    for _ in range(steps - 1):
        layers += conv_norm_relu(inside, inside, stride=2)
    return nn.Sequential(*layers, *conv_norm(inside, outside, stride=2))


def _resample(widths: Sequence[int], source: int, target: int) -> nn.Module:
    """From branch `source` to the width (and, going down, the size) of branch `target`."""
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(*conv_norm(widths[source], widths[target], 1))
    return _downsample(widths[source], widths[target], target - source)


class ExchangeModule(nn.Module):
    """Residual blocks on every branch, then every branch receives the sum of all."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*(basic_block(width) for _ in range(BLOCKS_PER_BRANCH)))
            for width in widths
        )
        branch_numbers = range(len(widths))
        self.exchange = nn.ModuleList(
            nn.ModuleList(_resample(widths, source, target) for source in branch_numbers)
            for target in branch_numbers
        )

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        features = [branch(x) for branch, x in zip(self.branches, features, strict=True)]
        return [self._receive(i, features) for i in range(len(features))]

    def _receive(self, target: int, features: list[Tensor]) -> Tensor:
        total = features[target]
        layers = cast(nn.ModuleList, self.exchange[target])
        for source, layer in enumerate(layers):
            if source != target:
                total = total + upsample_to(layer(features[source]), features[target])
        return F.relu(total)


class Stage(nn.Module):
    """Opens one more branch from the coarsest one, then exchanges `modules` times."""

    def __init__(self, incoming: Sequence[int], widths: Sequence[int], modules: int) -> None:
        super().__init__()
        self.adapt = nn.ModuleList(
            nn.Sequential(*conv_norm_relu(i, o)) if i != o else nn.Identity()
            for i, o in zip(incoming, widths, strict=False)
        )
        self.open = nn.Sequential(*conv_norm_relu(incoming[-1], widths[-1], stride=2))
        self.modules_ = nn.Sequential(*(ExchangeModule(widths) for _ in range(modules)))

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        opened = self.open(features[-1])
        kept = [layer(x) for layer, x in zip(self.adapt, features, strict=True)]
        result: list[Tensor] = self.modules_([*kept, opened])
        return result


class HRNet(nn.Module):
    """(B, channels, H, W) scaled image -> (B, outputs + 1, H, W) logits and size, any H, W."""

    def __init__(self, width: int, channels: int, outputs: int) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width, 8 * width]
        self.stem = nn.Sequential(
            *conv_norm_relu(channels, 64, stride=2), *conv_norm_relu(64, 64, stride=2)
        )
        self.first = nn.Sequential(
            bottleneck(64, 64, 256), *(bottleneck(256, 64, 256) for _ in range(3))
        )
        incoming = [[256], widths[:2], widths[:3]]
        self.stages = nn.ModuleList(
            Stage(incoming[i], widths[: i + 2], modules)
            for i, modules in enumerate(MODULES_PER_STAGE)
        )
        joined = sum(widths)
        self.join = nn.Sequential(
            nn.Conv2d(joined, joined, 1), nn.BatchNorm2d(joined), nn.ReLU(inplace=True)
        )
        self.head = SubPixelHead(joined, outputs, 4)
        self.size = SizeHead(widths)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        padded = pad_to_stride(x, STRIDE)
        features = [self.first(self.stem(padded))]
        for stage in self.stages:
            features = stage(features)
        joined = torch.cat([upsample_to(f, features[0]) for f in features], 1)
        size = self.size(features, *padded.shape[-2:])
        return torch.cat([self.head(self.join(joined)), size], 1)[..., :height, :width]


def hrnet(width: int = 18, channels: int = 3, outputs: int = len(OUTPUTS)) -> HRNet:
    """HRNetV2 with the given branch width (18, 32 or 48) and fresh weights."""
    network = HRNet(width, channels, outputs)
    start_weights(network)
    network.head.start()
    network.size.start()
    return network
