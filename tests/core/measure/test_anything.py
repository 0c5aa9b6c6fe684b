"""Whatever is outlined, measuring ends with numbers or with NaN that has a reason."""

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region, Ring
from core.image.model import Image
from core.measure.measured import Prediction, measure_image
from core.measure.sheet import Sheet
from core.measure.tables import image_table
from core.tables import to_csv
from tests.strategies import rings

PIXELS = np.random.default_rng(0).integers(0, 255, (15, 20, 2), np.uint8)
MAP = np.linspace(0, 1, 300, dtype=np.float32).reshape(15, 20)


@settings(max_examples=150)
@given(st.lists(rings(), max_size=5), st.sampled_from([None, 0.3]))
def test_rings_that_cross_themselves_and_leave_the_image(
    shells: list[Ring], size: float | None
) -> None:
    regions = tuple(Region(3 * i + 1, shell) for i, shell in enumerate(shells))
    given_ones = AnnotationSet("a", 20, 15, regions, pixel_size_um=size)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measured = measure_image(given_ones, Image(PIXELS), Prediction(MAP, 0.5))
    sheet = Sheet((measured,))
    for key, column in sheet.columns.items():
        for row in np.flatnonzero(np.isnan(sheet.numbers(key))).tolist():
            assert column.quantity.unknown, key
            assert sheet.why_empty(key, row)
    assert to_csv(sheet.table()).count(b"\r\n") == len(regions) + 1
    assert image_table((measured,), ()).rows == 1
