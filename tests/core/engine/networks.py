"""Networks and pictures for tests: trained where weights are installed, else as if trained."""

import hashlib
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import nn

from core.engine.loader import decode_weights, encode_weights, fill, ready_to_run
from core.engine.prepare import network_input, scale_to_unit
from core.image.read import read_image
from core.models.registry import find_spec
from core.models.spec import Normalisation
from core.weights import SHIPPED, find_network, read_manifest, read_weights, write_manifest
from resources import find


@cache
def network_called(name: str) -> nn.Module:
    """Ready to run in float32."""
    torch.manual_seed(0)
    info = find_network(name)
    if not info.available:
        return ready_to_run(_as_if_trained(find_spec(name).build()))
    tensors = decode_weights(read_weights(info), name)
    network = find_spec(name).build(outputs=len(tensors["head.smooth.bias"]))
    fill(network, tensors, name)
    return ready_to_run(network)


def _as_if_trained(network: nn.Module) -> nn.Module:
    """No residual branch is zero, and BatchNorm has seen a picture."""
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.constant_(norm.weight, 0.5)
        norm.momentum = None  # the plain mean of what it sees
    picture = torch.from_numpy(picture_strip(256, 256))[None]
    with torch.no_grad():
        network.train()(torch.cat([picture, picture.flip(-1)]))
    return network.eval()


def install_fresh(folder: Path, *names: str) -> None:
    """A manifest in `folder` and networks with fresh weights; all are ResUNet Small."""
    template, entries = read_manifest(SHIPPED)[0], []
    for name in names:
        data = encode_weights(find_spec("resunet_small").build())
        (folder / name).write_bytes(data)
        changes = {"name": name, "file": name, "sha256": hashlib.sha256(data).hexdigest()}
        architecture = {"architecture": "resunet_small", "arguments": {}}
        entries.append(msgspec.structs.replace(template, **changes, **architecture))
    write_manifest(folder, entries)


@cache
def picture_strip(height: int, width: int) -> np.ndarray:
    """(3, height, width) as a network sees it: real nuclei, side by side, each turned over."""
    settings = Normalisation()
    image = read_image(Path(find("samples/nuclei_small_field.png")))
    picture = network_input(scale_to_unit(image, settings), settings)
    pair = np.concatenate([picture, picture[:, ::-1, ::-1] * 0.8], axis=2)
    rows, columns = -(-height // pair.shape[1]), -(-width // pair.shape[2])
    return np.ascontiguousarray(np.tile(pair, (1, rows, columns))[:, :height, :width])


def run(network: nn.Module, *pictures: np.ndarray) -> np.ndarray:
    """(B, C, H, W) float32 logits of equally large pictures in one pass, in float32."""
    batch = torch.from_numpy(np.stack(pictures)).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        logits: np.ndarray = network(batch).numpy()
    return logits


def probability(logits: np.ndarray) -> np.ndarray:
    return torch.sigmoid(torch.from_numpy(logits)).numpy()
