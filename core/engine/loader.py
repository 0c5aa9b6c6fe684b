"""Networks ready to run: weights loaded strictly and safely, layers fused, kept in memory."""

from dataclasses import dataclass, replace

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from core.engine.device import CPU, choose_device
from core.engine.once import OnceCache
from core.engine.openvino import OpenVinoNetwork, accelerated
from core.engine.predict import forward
from core.errors import WeightsUnavailable
from core.models.registry import find_spec
from core.weights import NetworkInfo, WeightsEntry, find_network, read_weights

BUDGET = 512 * 2**20
"""Bytes of weights that stay in memory."""
WARM_UP_SIDE = 64


@dataclass(frozen=True, eq=False)
class LoadedNetwork:
    """A network in evaluation mode, channels last, BatchNorm fused, with its manifest entry."""

    network: nn.Module
    entry: WeightsEntry

    @property
    def nbytes(self) -> int:
        """Bytes of its weights; OpenVINO keeps a copy of its own."""
        once: int = sum(tensor.nbytes for tensor in self.network.state_dict().values())
        return 2 * once if isinstance(self.network, OpenVinoNetwork) else once


_loaded: OnceCache[LoadedNetwork] = OnceCache(BUDGET)


def load_network(name: str, device: str = "auto") -> LoadedNetwork:
    """The network called `name`, loaded once per weights file, device and process.

    Its entry is what the manifest says now. device: auto, cpu, cuda, cuda:1 or mps. Raises
    UnknownNetwork, WeightsUnavailable or, for a device that is not there, UsageError; a network
    never runs with weights it lacks.
    """
    info, place = find_network(name), choose_device(device)
    key = info.entry.sha256 if info.entry else name, place
    loaded = _loaded.get(key, lambda: _load(info, place))
    return replace(loaded, entry=info.entry or loaded.entry)


def _load(info: NetworkInfo, device: torch.device) -> LoadedNetwork:
    data = read_weights(info)
    assert info.entry is not None
    network = find_spec(info.entry.architecture).build(**info.entry.arguments)
    fill(network, decode_weights(data, str(info.path)), str(info.path))
    network = ready_to_run(network).to(device)
    if device == CPU:
        network = accelerated(network, info.entry.sha256)
    forward(network, np.zeros((3, WARM_UP_SIDE, WARM_UP_SIDE), np.float32))  # the first is slow
    return LoadedNetwork(network, info.entry)


def decode_weights(data: bytes, origin: str) -> dict[str, Tensor]:
    """Tensors by name from safetensors bytes; raises WeightsUnavailable naming `origin`."""
    try:
        return safetensors.torch.load(data)
    except (SafetensorError, ValueError, KeyError) as error:
        raise WeightsUnavailable(f"{origin} is no safetensors file ({error}).") from error


def fill(network: nn.Module, tensors: dict[str, Tensor], origin: str) -> None:
    """Copy weights into the network; names and shapes must agree and all numbers be finite."""
    wanted = {k: v for k, v in network.state_dict().items() if not _is_counter(k)}
    problems = [
        *(f"{name} is missing" for name in wanted.keys() - tensors.keys()),
        *(f"{name} is unexpected" for name in tensors.keys() - wanted.keys()),
        *(f"{k} has shape {tuple(v.shape)}" for k, v in tensors.items() if _misfit(k, v, wanted)),
        *(f"{k} is not finite" for k, v in tensors.items() if not torch.isfinite(v).all()),
    ]
    if problems:
        shown = "; ".join(sorted(problems)[:5])
        more = f" and {len(problems) - 5} more" if len(problems) > 5 else ""
        raise WeightsUnavailable(f"{origin} does not fit the network: {shown}{more}.")
    network.load_state_dict(tensors, strict=False)


def _misfit(name: str, tensor: Tensor, wanted: dict[str, Tensor]) -> bool:
    return name in wanted and tensor.shape != wanted[name].shape


def _is_counter(name: str) -> bool:
    """BatchNorm counts its training batches; inference has no use for it."""
    return name.endswith("num_batches_tracked")


def encode_weights(network: nn.Module) -> bytes:
    """The weights of a network as fp16 safetensors."""
    state = network.state_dict().items()
    halves = {k: v.half().contiguous() for k, v in state if not _is_counter(k)}
    return safetensors.torch.save(halves)


def ready_to_run(network: nn.Module) -> nn.Module:
    """Evaluation mode, BatchNorm folded into the convolutions before it, channels last."""
    network.eval()
    for module in network.modules():
        if isinstance(module, nn.Sequential):
            _fuse_in_sequence(module)
    result: nn.Module = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return result


def _fuse_in_sequence(layers: nn.Sequential) -> None:
    """Replace every convolution followed by BatchNorm; Identity keeps the numbering."""
    for i in range(len(layers) - 1):
        convolution, norm = layers[i], layers[i + 1]
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            layers[i], layers[i + 1] = fuse_conv_bn_eval(convolution, norm), nn.Identity()
