"""Layers that the networks share."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (the field's name for it)


def conv_norm(inside: int, outside: int, size: int = 3, stride: int = 1) -> list[nn.Module]:
    """Convolution without bias, then BatchNorm: fused into one layer for inference."""
    convolution = nn.Conv2d(inside, outside, size, stride, size // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outside)]


def conv_norm_relu(inside: int, outside: int, size: int = 3, stride: int = 1) -> list[nn.Module]:
    """`conv_norm` followed by ReLU."""
    return [*conv_norm(inside, outside, size, stride), nn.ReLU(inplace=True)]


class Residual(nn.Module):
    """relu(body(x) + skip(x)); the skip is a 1x1 convolution where the widths differ."""

    def __init__(self, body: Sequence[nn.Module], inside: int, outside: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*body)
        same = inside == outside
        self.skip = nn.Identity() if same else nn.Sequential(*conv_norm(inside, outside, 1))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.skip(x), inplace=True)


def basic_block(width: int) -> Residual:
    """Two 3x3 convolutions (He et al. 2016)."""
    return Residual([*conv_norm_relu(width, width), *conv_norm(width, width)], width, width)


def bottleneck(inside: int, width: int, outside: int) -> Residual:
    """1x1 down, 3x3, 1x1 up (He et al. 2016)."""
    body = [
        *conv_norm_relu(inside, width, 1),
        *conv_norm_relu(width, width),
        *conv_norm(width, outside, 1),
    ]
    return Residual(body, inside, outside)


def pad_to_stride(x: Tensor, stride: int) -> Tensor:
    """(B, C, H, W) with the last rows and columns repeated up to multiples of `stride`."""
    height, width = x.shape[-2:]
    return F.pad(x, (0, -width % stride, 0, -height % stride), mode="replicate")


def upsample_to(x: Tensor, like: Tensor) -> Tensor:
    """`x` at the height and width of `like`; corners not aligned, so that tiles agree."""
    if x.shape[-2:] == like.shape[-2:]:
        return x
    return F.interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)


class AddSkip(nn.Module):
    """Coarse features, brought to the width and size of the skip and added to it, then a block."""

    def __init__(self, coarse: int, fine: int, block: nn.Module) -> None:
        super().__init__()
        self.reduce = nn.Sequential(*conv_norm(coarse, fine, 1))
        self.block = block

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        result: Tensor = self.block(F.relu(upsample_to(self.reduce(x), skip) + skip))
        return result


def space_to_depth_stem(channels: int, width: int) -> nn.Sequential:
    """(B, channels, H, W) -> (B, width, H/2, W/2): no pixel is skipped, no layer at full size."""
    return nn.Sequential(nn.PixelUnshuffle(2), *conv_norm_relu(4 * channels, width))


def start_weights(network: nn.Module) -> None:
    """He fan-out initialisation; residual branches start at zero, so training starts shallow."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for module in network.modules():
        if isinstance(module, Residual) and isinstance(module.body[-1], nn.BatchNorm2d):
            nn.init.zeros_(module.body[-1].weight)


def parameter_count(network: nn.Module) -> int:
    """Weights of the network, whether they are being trained or not; statistics are none."""
    return sum(p.numel() for p in network.parameters())


class SizeHead(nn.Module):
    """Features of an encoder, fine to coarse -> (B, 1, height, width) the size of the objects in
    octaves, as every place guesses it. A linear map is enough (Stringer et al. 2021 guess the
    diameter so from the mean features of an image)."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.octaves = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in widths)

    def start(self) -> None:
        """Begin with no opinion."""
        for weight in self.octaves.parameters():
            nn.init.zeros_(weight)

    def forward(self, features: Sequence[Tensor], height: int, width: int) -> Tensor:
        parts = [layer(x) for layer, x in zip(self.octaves, features, strict=True)]
        total = torch.stack([upsample_to(part, parts[0]) for part in parts]).sum(0)
        return F.interpolate(total, size=(height, width), mode="nearest")


class SubPixelHead(nn.Module):
    """Features at 1/`factor` size -> logits at full size.

    A 1x1 convolution predicts factor x factor logits per feature (pixel shuffle, Shi et al. 2016),
    so a gap of one pixel between two cells can be drawn; a 3x3 convolution smooths the seams.
    """

    def __init__(self, inside: int, outputs: int, factor: int) -> None:
        super().__init__()
        self.expand = nn.Conv2d(inside, outputs * factor * factor, 1)
        self.shuffle = nn.PixelShuffle(factor)
        self.smooth = nn.Conv2d(outputs, outputs, 3, padding=1)

    def start(self) -> None:
        """Begin as plain upsampling: small logits, a smoothing kernel per output."""
        nn.init.normal_(self.expand.weight, std=0.01)
        with torch.no_grad():
            self.smooth.weight.zero_()
            for i in range(self.smooth.out_channels):
                self.smooth.weight[i, i] = 1 / 9

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.smooth(self.shuffle(self.expand(x)))
        return logits
