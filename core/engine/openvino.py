"""OpenVINO runs the network that torch loaded, where it is installed and faster.

Whatever goes wrong here is written to the log, and torch runs the network instead.
"""

import hashlib
import logging
import os
import sys
import threading
import time
import warnings
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from platformdirs import user_cache_path
from torch import Tensor, nn

from core.engine.device import has_fast_bf16
from core.engine.memory import is_out_of_memory
from core.engine.predict import forward
from core.engine.tiles import GRAIN
from core.errors import CannotWrite
from core.files import write_bytes
from core.models.blocks import pad_to_stride

BACKEND = "CELLSCRIBE_BACKEND"
"""Environment variable: torch never tries OpenVINO, openvino takes it without a trial."""
TRIAL_SIDE, TRIAL_ROUNDS = 256, 3
CHECK_SIDE = 64
AGREEMENT = 0.05
"""Mean difference of logits over their mean size; bfloat16 differs by about 0.01, float32 1e-6."""
KEPT = 12
"""Files that stay in the cache folder: one per network, version and processor."""
TORCH_IS_FASTER = b""

log = logging.getLogger(__name__)


class OpenVinoNetwork(nn.Module):
    """Like `network`, computed by OpenVINO; by `network` itself once that fails."""

    def __init__(self, network: nn.Module, compiled: Any) -> None:
        super().__init__()
        self.network = network
        self._compiled = compiled
        self._lock = threading.Lock()

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, H, W) -> (B, outputs, H, W) float32 logits."""
        if self._compiled is not None:
            try:
                return self._infer(x)
            except Exception as error:
                if is_out_of_memory(error):
                    raise
                log.warning("OpenVINO failed (%s); torch goes on", error)
                self._compiled = None
        result: Tensor = self.network(x)
        return result

    def _infer(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        padded = pad_to_stride(x, GRAIN)  # as the network would, but with fewer shapes to prepare
        with self._lock:  # a compiled network computes one picture at a time
            logits = self._compiled(padded.contiguous().numpy())[0]
        return torch.from_numpy(logits)[..., :height, :width]


def accelerated(network: nn.Module, weights_sha256: str) -> nn.Module:
    """`network`, or the same run by OpenVINO where that is installed and was measured faster.

    The first time on a machine takes seconds; the cache folder remembers what came of it.
    """
    wish = os.environ.get(BACKEND, "auto")
    if wish == "torch" or find_spec("openvino") is None:
        return network
    try:
        return _Compiler(network, weights_sha256).choose(forced=wish == "openvino")
    except Exception as error:
        log.warning("OpenVINO cannot run the network (%r); torch does", error)
        return network


class _Compiler:
    """Turns one network of torch into one of OpenVINO, or remembers that it is not worth it."""

    def __init__(self, network: nn.Module, weights_sha256: str) -> None:
        self._network = network
        self._library = _import_openvino()
        self._core = self._library.Core()
        self._settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if has_fast_bf16() else "f32",
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "PERFORMANCE_HINT": "LATENCY",
            "CPU_RUNTIME_CACHE_CAPACITY": 0,  # else memory grows with every size of picture
        }
        self._path = cache_folder() / f"{weights_sha256[:16]}-{self._machine()}.blob"

    def choose(self, forced: bool) -> nn.Module:
        """The faster of both; forced: OpenVINO whenever it agrees with torch."""
        known = recall(self._path)
        if known == TORCH_IS_FASTER and not forced:
            return self._network
        return (known and self._imported(known)) or self._tried(forced)

    def _imported(self, blob: bytes) -> OpenVinoNetwork | None:
        """The network of the cache; None when it is of no use, for one can be made anew."""
        try:
            compiled = self._core.import_model(blob, "CPU", self._settings)
        except RuntimeError as error:
            log.info("%s cannot be used (%s)", self._path, error)
            return None
        network = OpenVinoNetwork(self._network, compiled)
        return network if agree(self._network, network) else None

    def _tried(self, forced: bool) -> nn.Module:
        """Convert, compare, measure, and remember the outcome."""
        compiled = self._core.compile_model(self._converted(), "CPU", self._settings)
        network = OpenVinoNetwork(self._network, compiled)
        if not agree(self._network, network):
            remember(self._path, TORCH_IS_FASTER)
            raise ValueError("its results differ")
        ratio = speedup(self._network, network)
        log.info("OpenVINO runs the network %.2f times as fast as torch", ratio)
        worth_it = forced or ratio > 1
        remember(self._path, compiled.export_model().getvalue() if worth_it else TORCH_IS_FASTER)
        return network if worth_it else self._network

    def _converted(self) -> Any:
        """The network as OpenVINO's graph, for any height and width."""
        example = torch.zeros(1, 3, CHECK_SIDE, CHECK_SIDE)
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # what replaces tracing takes six times as long
            traced = torch.jit.trace(  # type: ignore[no-untyped-call]
                self._network, example, check_trace=False
            )
            frozen = torch.jit.freeze(traced)
            return self._library.convert_model(frozen, example_input=example, input=[-1, 3, -1, -1])

    def _machine(self) -> str:
        """Everything else that a compiled network and its speed depend on, as 16 characters."""
        facts = (
            self._library.get_version(),
            torch.__version__,
            self._core.get_property("CPU", "FULL_DEVICE_NAME"),
            self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"),
            self._settings,
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _import_openvino() -> Any:
    """The library. On import it would report to its maker that it is used: we do not let it."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return import_module("openvino")


def agree(network: nn.Module, other: nn.Module) -> bool:
    """Whether both give the same logits, but for rounding."""
    picture = _stripes(CHECK_SIDE)
    expected, found = forward(network, picture), forward(other, picture)
    return bool(np.abs(found - expected).mean() <= AGREEMENT * np.abs(expected).mean())


def speedup(network: nn.Module, other: nn.Module) -> float:
    """How many times as fast `other` is: the best of a few rounds, taken in turns."""
    picture = _stripes(TRIAL_SIDE)
    for candidate in (network, other):
        forward(candidate, picture)
    rounds = [(_seconds(network, picture), _seconds(other, picture)) for _ in range(TRIAL_ROUNDS)]
    return min(ours for ours, _ in rounds) / min(theirs for _, theirs in rounds)


def _seconds(network: nn.Module, picture: np.ndarray) -> float:
    start = time.perf_counter()
    forward(network, picture)
    return time.perf_counter() - start


def _stripes(side: int) -> np.ndarray:
    """(3, side, side) float32 of -2..2, bright and dark."""
    wave = 2 * np.sin(np.arange(side, dtype=np.float32) / 4)
    return np.broadcast_to(np.outer(wave, wave) / 2, (3, side, side))


def cache_folder() -> Path:
    """Where compiled networks lie."""
    return user_cache_path("cellscribe", appauthor=False) / "openvino"


def remember(path: Path, blob: bytes) -> None:
    """Keep `blob` for the next start, if the folder can be written; old files go."""
    with suppress(OSError, CannotWrite):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, hashlib.sha256(blob).digest() + blob)
        files = sorted(path.parent.glob("*.blob"), key=lambda file: file.stat().st_mtime)
        for file in files[:-KEPT]:
            file.unlink()


def recall(path: Path) -> bytes | None:
    """What was kept at `path`; None when there is nothing, or it is not what was written."""
    with suppress(OSError):
        data = path.read_bytes()
        digest, blob = data[:32], data[32:]
        if hashlib.sha256(blob).digest() == digest:
            return blob
    return None
