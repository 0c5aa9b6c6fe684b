"""What is known of a network without importing torch: its architecture, and what it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

if TYPE_CHECKING:
    from torch import nn

OUTPUTS = ("foreground", "distance", "border")
"""Channels that a network of ours emits, as logits. One more follows, the diameter of the image's
objects in octaves: 0 for the size that the network knows, 1 for twice that."""


ALWAYS = frozenset({"channels", "outputs"})
"""Arguments that every builder takes."""


@dataclass(frozen=True)
class Normalisation:
    """How a network was shown images: these percentiles became 0 and 1, then (x - mean) / std.

    Raises ValueError for percentiles in the wrong order.
    """

    low: Annotated[float, Meta(ge=0, le=100)] = 1.0
    high: Annotated[float, Meta(ge=0, le=100)] = 99.8
    mean: float = 0.5
    std: Annotated[float, Meta(gt=0)] = 0.25

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"the percentile {self.low:g} is not below {self.high:g}")


@dataclass(frozen=True)
class ModelSpec:
    """A network by name.

    builder: "module:function" that returns the torch module for keyword arguments.
    arguments: the defaults of that function which the product uses.
    stride: H and W are padded inside the network to multiples of it.
    """

    name: str
    title: str
    builder: str
    stride: int
    arguments: Mapping[str, object] = field(default_factory=dict)

    @property
    def accepts(self) -> frozenset[str]:
        """Names of the arguments that `build` takes."""
        return ALWAYS.union(self.arguments)

    def build(self, **changes: object) -> "nn.Module":
        """The network with fresh random weights; `changes` replace the default arguments."""
        module, function = self.builder.split(":")
        network: nn.Module = getattr(import_module(module), function)(
            **{**self.arguments, **changes}
        )
        return network
