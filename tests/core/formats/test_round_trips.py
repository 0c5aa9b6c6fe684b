"""500 random label images to outlines, through every format and back: the same pixels."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import label_image, regions_from_labels
from core.annotation.region import Region
from core.formats import CODECS
from core.formats.base import Codec, Report
from tests.core.formats.samples import CLASSES
from tests.strategies import label_images

BOTH_WAYS = [c for c in CODECS if c.can_write and c.can_read and not c.wants_pictures]
"""OME-Zarr takes a tenth of a second for a folder: see test_ome_zarr."""


def outlined(labels: np.ndarray, with_holes: bool) -> AnnotationSet:
    """Every outline as an object of its own, of one of two classes."""
    found = enumerate(regions_from_labels(labels), 1)
    items = [
        Region(n, o.shell, o.holes if with_holes else (), class_id=CLASSES[n % 2].id)
        for n, o in found
    ]
    height, width = labels.shape
    return AnnotationSet("a.tif", width, height, tuple(items), CLASSES)


def pixels(items: AnnotationSet, codec: Codec) -> np.ndarray:
    """What the format is to keep: numbers, classes, or inside and outside."""
    labels = label_image(items.regions, items.height, items.width, np.int32)
    if codec.name.startswith("mask-"):
        return labels > 0
    if codec.name.startswith("classes-"):
        kinds = np.zeros(max((r.id for r in items.regions), default=0) + 1, np.int32)
        for region in items.regions:
            kinds[region.id] = 1 + region.class_id
        return kinds[labels]
    return labels


def through(codec: Codec, items: AnnotationSet, folder: Path) -> tuple[Report, AnnotationSet]:
    """Written and read again; without waiting for the disk, which takes most of the time."""
    assert codec.encode is not None
    path = folder / f"a{codec.tag}{codec.suffixes[0]}"
    encoded = codec.encode(items)
    path.write_bytes(encoded.data)
    for companion in codec.companions:
        path.with_name(companion.name).write_bytes(companion.encode([items]))
    image = AnnotationSet("a.tif", items.width, items.height, (), CLASSES)
    return encoded.report, codec.read(path, image).annotations


@pytest.mark.parametrize("part", range(5))
@settings(max_examples=100, deadline=None)
@given(labels=label_images())
def test_pixels_come_back(part: int, labels: np.ndarray) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for codec in BOTH_WAYS:
            items = outlined(labels, codec.keeps_holes)
            report, back = through(codec, items, Path(folder))
            assert (report.problems, report.done) == ((), len(items.regions)), codec.name
            np.testing.assert_array_equal(pixels(back, codec), pixels(items, codec), codec.name)
