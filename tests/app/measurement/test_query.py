"""The filter: what fits, and what to type when it makes no sense."""

import numpy as np
import pytest

from app.measurement.query import fitting
from core.errors import UsageError
from core.measure.sheet import Sheet
from tests.app.measurement.samples import sheet

SHEET = sheet()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [11, 12, 13, 14] * 2),
        ("area>100", [13, 14] * 2),
        ("area>100 area<300", [13] * 2),
        ("-area>100", [11, 12] * 2),
        ("circ>0.9 image:b", [11, 12, 13, 14]),
        ("class:dead", [12, 14] * 2),
        ('class:"dead cell" b.png', [12, 14]),
        ("class!=dead", [11, 13] * 2),
        ("dead area>200", [14] * 2),
        ("id=12", [12] * 2),
        ("id:12", [12] * 2),
        ("conf>=0.2", [13, 14] * 2),
        ("touches_border=no id<12", [11] * 2),
        ("touches=yes", []),
        ("mean_1>100", [14] * 2),
        ("equivalent_diameter=16", [13] * 2),
        ("nobody", []),
    ],
)
def test_fits(text: str, ids: list[int]) -> None:
    assert SHEET.ids[fitting(SHEET, text)].tolist() == ids


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('class:"dead', "quotation mark"),
        ("size>3", "no “size”"),
        ("ar", None),
        ("feret>3", "may mean feret_max, feret_min, feret_angle"),
        ("area>much", "plain number"),
        ("area>", "plain number"),
    ],
)
def test_nonsense_is_explained(text: str, sentence: str | None) -> None:
    if sentence is None:
        assert not fitting(SHEET, text).any()
        return
    with pytest.raises(UsageError, match=sentence):
        fitting(SHEET, text)


def test_unit_is_that_of_the_table() -> None:
    small = sheet(0.5)
    assert small.ids[fitting(small, "area>100")].tolist() == [14] * 2


def test_empty_sheet() -> None:
    assert fitting(Sheet(), "word").shape == (0,)
    assert np.array_equal(fitting(Sheet(), ""), np.zeros(0, bool))
