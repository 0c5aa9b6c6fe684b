"""A network small enough to be trained in a test."""

from torch import nn

from core.models.blocks import conv_norm_relu
from core.models.spec import ModelSpec


def tiny() -> nn.Module:
    """Two layers, (B, 3, H, W) -> (B, 4, H, W)."""
    return nn.Sequential(*conv_norm_relu(3, 8), nn.Conv2d(8, 4, 3, padding=1))


SPEC = ModelSpec("tiny", "Tiny", "tests.core.train.tiny:tiny", 1)
