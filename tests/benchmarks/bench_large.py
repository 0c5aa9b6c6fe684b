"""A grey image of 20,000 x 20,000 pixels through `segment`: memory, progress, time to cancel.

python -m tests.benchmarks.bench_large [SIDE] [NETWORK] [DIAMETER]
"""

import resource
import sys
import threading
import time

import numpy as np

from core.engine.config import SegmentConfig
from core.engine.segment import segment
from core.errors import Cancelled
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket
from resources import find

DIAMETER = 48.0
"""Pixels; one and a half times what the networks know, so the image is reduced to two thirds."""


def mosaic(side: int) -> Image:
    """A sample, doubled in size and repeated."""
    tile = read_image(find("samples/nuclei_small_field.png")).pixels
    tile = tile.repeat(2, 0).repeat(2, 1)
    count = -(-side // min(tile.shape[:2]))
    return Image(np.tile(tile, (count, count, 1))[:side, :side].copy())


def run(image: Image, config: SegmentConfig) -> None:
    seen: list[int] = []

    def report(done: int, total: int, stage: str) -> None:
        if stage == "segmenting":
            seen.append(round(100 * done / total))

    start = time.perf_counter()
    result = segment(image, config, Ticket(report))
    seconds = time.perf_counter() - start
    assert seen == sorted(seen) and seen[-1] == 100
    print(f"{len(result.regions):,} objects in {seconds:.0f} s, {len(seen)} steps of progress")


def cancel(image: Image, config: SegmentConfig) -> None:
    stop, asked = threading.Event(), []

    def report(done: int, total: int, stage: str) -> None:
        if stage == "segmenting" and not asked:
            asked.append(time.perf_counter())
            threading.Timer(1.0, stop.set).start()

    try:
        segment(image, config, Ticket(report, stop))
    except Cancelled:
        late = time.perf_counter() - asked[0] - 1.0
        print(f"cancelled {late:.1f} s after the request (a tile takes about that long)")


def main() -> None:
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    network = sys.argv[2] if len(sys.argv) > 2 else "resunet_small"
    diameter = float(sys.argv[3]) if len(sys.argv) > 3 else DIAMETER
    image, config = mosaic(side), SegmentConfig(network, diameter=diameter)
    print(f"{side} x {side} pixels, {image.pixels.nbytes / 1e6:.0f} MB, {network}, {diameter:g} px")
    cancel(image, config)
    run(image, config)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory {peak:.2f} GB (limit 4)")


if __name__ == "__main__":
    main()
