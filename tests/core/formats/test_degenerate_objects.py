"""Objects of a pixel or less, in every format: nothing fails, and what is left out is told."""

from pathlib import Path

import numpy as np
import pytest

from core.annotation.raster import label_image, regions_from_labels
from core.annotation.region import Region, ring, ring_area
from core.formats import CODECS
from core.formats.base import Codec
from tests.core.formats.pictures import picture_for
from tests.core.formats.samples import annotations, square

WRITERS = pytest.mark.parametrize("codec", [c for c in CODECS if c.can_write], ids=lambda c: c.name)
WITH_HOLES = [c for c in CODECS if c.can_read and c.can_write and c.keeps_holes]
BOTH_WAYS = pytest.mark.parametrize(
    "codec", [c for c in CODECS if c.can_write and c.can_read], ids=lambda c: c.name
)
ALONE = {
    "one pixel": [square(20, 20, 1)],
    "two pixels": [ring([(20, 20), (22, 20), (22, 21), (20, 21)])],
    "a row": [ring([(0, 20), (64, 20), (64, 21), (0, 21)])],
    "a column": [ring([(20, 0), (21, 0), (21, 50), (20, 50)])],
    "pixels that touch in a corner": [square(20, 20, 1), square(21, 21, 1)],
    "corners of the image": [square(x, y, 1) for x in (0, 63) for y in (0, 49)],
    "the whole image": [ring([(0, 0), (64, 0), (64, 50), (0, 50)])],
    "less than a pixel": [square(20.6, 20.6, 0.3)],
    "a thread": [ring([(5, 5), (40, 30), (40.01, 30)])],
}


@WRITERS
@pytest.mark.parametrize("name", ALONE)
def test_small_and_thin_objects_are_written_or_told(
    codec: Codec, name: str, tmp_path: Path
) -> None:
    items = [Region(number, shell) for number, shell in enumerate(ALONE[name], 1)]
    path = tmp_path / f"a{codec.suffixes[0]}"
    report = codec.write(path, annotations(items), picture=picture_for(annotations(items)))
    left_out = {problem.id for problem in report.problems}
    assert path.stat().st_size > 0 and report.total == len(items)
    assert report.done + len(left_out) == len(items)
    assert all(problem.reason for problem in report.problems)
    if codec.can_read:
        found = codec.read(path, annotations([])).annotations.regions
        assert len(found) >= report.done > 0 or not found  # a thread falls apart into its pixels


@pytest.mark.parametrize("codec", WITH_HOLES, ids=lambda c: c.name)
def test_ten_round_trips_change_no_area(codec: Codec, tmp_path: Path) -> None:
    labels = np.zeros((50, 64), np.int32)
    labels[3:20, 5:30], labels[8:14, 10:20] = 1, 0  # a hole
    labels[0:6, 40:64], labels[49, 63], labels[30, 10:50] = 2, 3, 4
    outlines = regions_from_labels(labels)
    items = [Region(o.label, o.shell, o.holes) for o in outlines]
    areas = sorted(region.area for region in items)
    for trip in range(10):
        path = tmp_path / f"{trip}{codec.suffixes[0]}"
        codec.write(path, annotations(items), picture=picture_for(annotations(items)))
        items = list(codec.read(path, annotations([])).annotations.regions)
        assert sorted(r.area for r in items) == areas
        painted = label_image(items, 50, 64)
        assert np.array_equal(painted > 0, labels > 0)
    assert sum(ring_area(hole) for region in items for hole in region.holes) == 60
