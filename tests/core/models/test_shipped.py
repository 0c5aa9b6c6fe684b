"""The shipped networks find objects that are known: drawn discs, and the nuclei of a sample."""

from pathlib import Path

import numpy as np
import pytest

from core.annotation.raster import label_image
from core.engine.config import SegmentConfig
from core.engine.segment import segment
from core.evaluate.matching import match_labels
from core.image.model import Image
from core.image.read import read_image
from core.weights import SHIPPED, read_manifest
from resources import find
from tests.core.train.collection import draw_scene

NUCLEI = 40
"""In nuclei_small_field.png, as annotated; touching ones may be divided otherwise."""


@pytest.fixture(params=[entry.name for entry in read_manifest(SHIPPED)])
def config(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SegmentConfig:
    """A network at its own settings, run by torch: no time goes into another library."""
    monkeypatch.setenv("CELLSCRIBE_BACKEND", "torch")
    return SegmentConfig(model=request.param)


def test_discs_are_found_and_measured(config: SegmentConfig) -> None:
    pixels, truth = draw_scene(256, np.random.default_rng(0))
    result = segment(Image(pixels[..., None]), config)
    match = match_labels(truth, label_image(result.regions, *truth.shape))
    assert match.f1 > 0.97 and match.mean_iou > 0.95
    assert result.maps.diameter == pytest.approx(20, rel=0.1)


def test_nuclei_of_a_sample_are_found(config: SegmentConfig) -> None:
    result = segment(read_image(Path(find("samples/nuclei_small_field.png"))), config)
    assert len(result.regions) == pytest.approx(NUCLEI, rel=0.15)
    assert result.maps.diameter == pytest.approx(17, rel=0.2)
