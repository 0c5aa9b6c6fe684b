"""Exponential moving average of weights: smoother than the last step, and what is shipped."""

import torch
from torch import Tensor, nn


class WeightAverage:
    """Follows a network with a decay that grows from 0 to `decay` in the first steps."""

    def __init__(self, network: nn.Module, decay: float = 0.998) -> None:
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move towards the weights (and BatchNorm statistics) of `network` after `step` steps."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for key, value in network.state_dict().items():
            self._blend(self.state[key], value, decay)

    @staticmethod
    def _blend(mean: Tensor, value: Tensor, decay: float) -> None:
        if value.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)
