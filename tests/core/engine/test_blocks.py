"""A large image, segmented block by block, gives what one run over the whole gives."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from core.annotation.raster import label_image
from core.annotation.region import Region, ring
from core.engine import block_plan
from core.engine import result as result_module
from core.engine.blocks import without_twins
from core.engine.config import SegmentConfig, settings_hash
from core.engine.segment import segment
from core.errors import Cancelled
from core.evaluate.matching import match_labels
from core.image.model import Image
from core.image.read import read_image
from core.progress import Ticket
from resources import find

SAMPLE = Path(find("samples/nuclei_small_field.png"))
CONFIG = SegmentConfig(diameter=16.0)


def mosaic() -> Image:
    """Three by two copies of a sample, mirrored so that nuclei cross no artificial edge."""
    pixels = read_image(SAMPLE).pixels
    row = np.concatenate([pixels, pixels[:, ::-1], pixels], 1)
    return Image(np.ascontiguousarray(np.concatenate([row, row[::-1]], 0)))


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_module, "MOST_PIXELS", 0)
    monkeypatch.setattr(block_plan, "SIDE", 256)
    monkeypatch.setattr(block_plan, "MARGIN", 128)


def square(x: float, y: float, side: float) -> Region:
    return Region(1, ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]))


def test_blocks_agree_with_the_whole(request: pytest.FixtureRequest) -> None:
    image = mosaic()
    whole = segment(image, CONFIG)
    request.getfixturevalue("in_blocks")
    parts = segment(image, CONFIG)
    shape = (image.height, image.width)
    match = match_labels(label_image(whole.regions, *shape), label_image(parts.regions, *shape))
    assert match.true > 100
    assert match.f1 > 0.97 and match.mean_iou > 0.95
    assert [region.id for region in parts.regions] == list(range(1, len(parts.regions) + 1))
    assert not any(region.edited for region in parts.regions)


def test_a_large_image_keeps_no_maps_but_says_what_was_used(in_blocks: None) -> None:
    result = segment(mosaic(), replace(CONFIG, threshold=None, exclude_border=True))
    assert not result.maps.kept
    assert {r.origin.settings_hash for r in result.regions} == {
        settings_hash(asdict(result.config))
    }
    assert result.config.threshold == result.maps.default_threshold


def test_only_the_edge_of_the_image_is_a_border(in_blocks: None) -> None:
    image = mosaic()
    everything = segment(image, CONFIG).regions
    inner = segment(image, replace(CONFIG, exclude_border=True)).regions
    at_edge = [
        r
        for r in everything
        if r.bounds[0] < 0.5
        or r.bounds[1] < 0.5
        or r.bounds[2] > image.width - 0.5
        or r.bounds[3] > image.height - 0.5
    ]
    assert at_edge and len(inner) == len(everything) - len(at_edge)


def test_progress_counts_blocks_and_a_cancelled_run_stops(in_blocks: None) -> None:
    seen: list[tuple[int, int]] = []

    def report(done: int, total: int, stage: str) -> None:
        if stage == "segmenting":
            seen.append((done, total))
            if done == 2:
                ticket.stop.set()  # type: ignore[attr-defined]

    ticket = Ticket(report)
    with pytest.raises(Cancelled):
        segment(mosaic(), CONFIG, ticket)
    assert [done for done, _ in seen] == [0, 1, 2]
    assert len({total for _, total in seen}) == 1 and seen[0][1] > 3


def test_progress_grows_to_its_end(in_blocks: None) -> None:
    seen: list[tuple[int, int]] = []
    segment(mosaic(), CONFIG, Ticket(lambda d, t, s: seen.append((d, t)) if t > 2 else None))
    total = seen[-1][1]
    assert seen == [(done, total) for done in range(total + 1)]


def test_of_twins_one_stays() -> None:
    first, twin, neighbour = square(0, 0, 10), square(1, 0, 10), square(9, 0, 10)
    assert without_twins([first, twin, neighbour]) == [first, neighbour]
    assert without_twins([]) == []
