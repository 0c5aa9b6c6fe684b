from dataclasses import replace

import numpy as np
import pytest

from app.document.classes import ClassTable
from app.panels import object_rows as rows
from core.annotation.region import Origin, Region, ring
from tests.app.panels.fakes import CLASSES, MODEL, box

REGIONS = {
    r.id: r
    for r in (
        box(3, 5, class_id=1, origin=MODEL, confidence=0.9),
        box(1, 20, class_id=0),
        box(2, 10, class_id=2, origin=Origin("import", source="a.json"), confidence=0.2),
        box(10, 7, class_id=1, origin=MODEL, edited=True, confidence=0.5),
    )
}


@pytest.fixture
def classes(qapp: object) -> ClassTable:
    return ClassTable(CLASSES)


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        (rows.ID, [1, 2, 3, 10]),
        (rows.CLASS, [1, 2, 3, 10]),  # Cell, Dead, Mitotic, Mitotic
        (rows.AREA, [3, 10, 2, 1]),
        (rows.CONFIDENCE, [1, 2, 10, 3]),  # unknown first
        (rows.ORIGIN, [1, 2, 3, 10]),  # Drawn, Imported, Model, Model, edited
    ],
)
def test_order(classes: ClassTable, column: int, ids: list[int]) -> None:
    assert rows.arranged(REGIONS, classes, column=column) == ids


def test_descending_keeps_equals_in_order_of_ids(classes: ClassTable) -> None:
    assert rows.arranged(REGIONS, classes, "", rows.CLASS, True) == [3, 10, 2, 1]
    assert rows.arranged(REGIONS, classes, "", rows.ID, True) == [10, 3, 2, 1]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 10]),
        ("  ", [1, 2, 3, 10]),
        ("1", [1, 10]),
        ("MITO", [3, 10]),
        ("mito edited", [10]),
        ("drawn", [1]),
        ("import dead", [2]),
        ("nothing", []),
    ],
)
def test_filter(classes: ClassTable, text: str, ids: list[int]) -> None:
    assert rows.arranged(REGIONS, classes, text) == ids


def test_class_that_is_gone_sorts_without_a_name(classes: ClassTable) -> None:
    regions = {**REGIONS, 4: box(4, class_id=77)}
    assert rows.arranged(regions, classes, column=rows.CLASS)[0] == 4


def test_areas_agree_with_the_regions() -> None:
    generator = np.random.default_rng(5)
    hole = ring([(2, 2), (2, 4), (4, 4)])
    regions = [replace(box(1, 10), holes=(hole, ring(hole + 4)))]
    for number in range(2, 40):
        count = int(generator.integers(3, 30))
        angles = np.sort(generator.uniform(0, 2 * np.pi, count))
        points = 1000 + np.c_[np.cos(angles), np.sin(angles)] * generator.uniform(5, 9, (count, 1))
        regions.append(Region(number, ring(points)))
    np.testing.assert_allclose(rows.areas(regions), [r.area for r in regions], rtol=1e-6)
    assert rows.areas([]).shape == (0,)


@pytest.mark.parametrize(
    ("region", "text"),
    [
        (box(1), "Drawn"),
        (box(1, edited=True), "Drawn"),
        (box(1, origin=MODEL), "Model"),
        (
            box(1, origin=MODEL, edited=True, reviewed=True, locked=True),
            "Model, edited, reviewed, locked",
        ),
        (box(1, origin=Origin("import")), "Imported"),
    ],
)
def test_origin_in_words(region: Region, text: str) -> None:
    assert rows.origin_text(region) == text
