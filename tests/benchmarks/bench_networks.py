"""What a pass through each network costs: `python -m tests.benchmarks.bench_networks [SIDE]`.

Each network as we run it (torch: fused, channels last, bfloat16 where the processor has it; and
OpenVINO where it is installed) beside the same in plain torch: float32, NCHW, nothing fused. All
take turns in one process, so the ratios hold on a machine that is calm. Weights are fresh, for
speed does not depend on them. Peak memory is that of a process of its own for each.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec as find_module
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.engine import openvino
from core.engine.device import has_fast_bf16
from core.engine.loader import ready_to_run
from core.engine.predict import forward
from core.models.registry import find_spec

SIDE, ROUNDS = 1024, 5
ADVANCED_SECONDS = 18.1
"""What ResUNet Advanced was said to take for 1024 x 1024 pixels."""
NETWORKS: dict[str, tuple[str, dict[str, object]]] = {
    "hrnet W18": ("hrnet", {"width": 18}),
    "hrnet W32": ("hrnet", {"width": 32}),
    "hrnet W48": ("hrnet", {"width": 48}),
    "resunet_small": ("resunet_small", {}),
    "resunet_advanced": ("resunet_advanced", {}),
}
PLAIN, TORCH, OPENVINO = "plain", "torch", "openvino"
BACKENDS = [PLAIN, TORCH, *([OPENVINO] if find_module("openvino") else [])]


@dataclass
class Lane:
    """One network by one backend, and the seconds that its passes took."""

    network: str
    backend: str
    run: Callable[[np.ndarray], object]
    seconds: list[float] = field(default_factory=list)

    def time(self, picture: np.ndarray) -> None:
        start = time.perf_counter()
        self.run(picture)
        self.seconds.append(time.perf_counter() - start)


def plain_forward(network: nn.Module, picture: np.ndarray) -> None:
    with torch.inference_mode():
        network(torch.from_numpy(picture)[None])


def lane(name: str, backend: str) -> Lane:
    architecture, arguments = NETWORKS[name]
    torch.manual_seed(0)  # the same weights in every process: OpenVINO's cache holds them
    network = find_spec(architecture).build(**arguments).eval()
    if backend == PLAIN:
        return Lane(name, backend, lambda picture: plain_forward(network, picture))
    ready = ready_to_run(network)
    if backend == OPENVINO:
        ready = openvino.accelerated(ready, hashlib.sha256(name.encode()).hexdigest())
        assert isinstance(ready, openvino.OpenVinoNetwork)
    return Lane(name, backend, lambda picture: forward(ready, picture))


def picture_of(side: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((3, side, side), np.float32)


def best_seconds(side: int) -> dict[tuple[str, str], float]:
    """The best of all rounds after one that does not count, by network and backend."""
    lanes = [lane(name, backend) for name in NETWORKS for backend in BACKENDS]
    picture = picture_of(side)
    for _ in range(1 + ROUNDS):
        for each in lanes:
            each.time(picture)
    return {(each.network, each.backend): min(each.seconds[1:]) for each in lanes}


def peak_megabytes(name: str, backend: str, side: int) -> tuple[int, int]:
    """Of a process that runs one pass: in all, and above what it had before the pass."""
    shown = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_networks", name, backend, str(side)],
        capture_output=True,
        text=True,
        check=True,
    )
    before, peak = map(int, shown.stdout.split()[-2:])
    return peak, peak - before


def show_memory_of_one_pass(name: str, backend: str, side: int) -> None:
    once = lane(name, backend)
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far was that of loading
    before = megabytes("VmRSS")
    once.run(picture_of(side))
    print(before, megabytes("VmHWM"))


def megabytes(what: str) -> int:
    """A line of this process's memory figures."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) // 1024


def show(side: int, seconds: dict[tuple[str, str], float]) -> None:
    bf16 = "with" if has_fast_bf16() else "without"
    print(f"{side} x {side} pixels, {torch.get_num_threads()} threads, {bf16} fast bfloat16")
    print(f"{'':<18}{'':<10}{'seconds':>9}{'x plain':>9}{'peak MB':>9}{'of pass':>9}")
    for (name, backend), value in seconds.items():
        ratio = seconds[name, PLAIN] / value
        peak, grown = peak_megabytes(name, backend, side)
        print(f"{name:<18}{backend:<10}{value:>9.3f}{ratio:>9.2f}{peak:>9}{grown:>9}")
    ours = {name: min(seconds[name, backend] for backend in BACKENDS[1:]) for name in NETWORKS}
    gain = seconds["hrnet W18", PLAIN] / ours["hrnet W18"]
    scaled = ADVANCED_SECONDS * (side / 1024) ** 2
    print(f"hrnet W18 as we run it against plain torch: {gain:.2f} times as fast (wanted 3.5)")
    print(f"resunet_small against hrnet W18: {ours['hrnet W18'] / ours['resunet_small']:.2f} times")
    print(f"resunet_advanced against {scaled:.1f} s: {scaled / ours['resunet_advanced']:.1f} times")


def main(arguments: list[str]) -> None:
    os.environ[openvino.BACKEND] = OPENVINO
    if len(arguments) == 3:
        show_memory_of_one_pass(arguments[0], arguments[1], int(arguments[2]))
        return
    side = int(arguments[0]) if arguments else SIDE
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        show(side, best_seconds(side))


if __name__ == "__main__":
    main(sys.argv[1:])
