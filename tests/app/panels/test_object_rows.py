from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from app.document.classes import ClassTable
from app.panels import object_rows as rows
from core.annotation.region import Origin, Region
from core.measure.quantities import QUANTITIES
from core.measure.shapes import measure_many
from tests.app.panels.fakes import CLASSES, MODEL, box

PERIMETER = rows.MEASURED[0]
REGIONS = {
    r.id: r
    for r in (
        box(3, 5, class_id=1, origin=MODEL, confidence=0.9),
        box(1, 20, class_id=0),
        box(
            2,
            10,
            class_id=2,
            origin=Origin("import", source="a.json"),
            confidence=0.2,
            reviewed=True,
        ),
        box(10, 7, class_id=1, origin=MODEL, edited=True, confidence=0.5),
    )
}


@pytest.fixture
def classes(qapp: object) -> ClassTable:
    return ClassTable(CLASSES)


def arranged(
    regions: Mapping[int, Region], classes: ClassTable, column: int, descending: bool = False
) -> list[int]:
    found = rows.gathered(regions)
    values = measure_many(found.regions.tolist(), 100, 80)
    everything = np.ones(len(found.ids), np.bool_)
    return rows.ordered(found, everything, column, descending, classes, values)


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        (rows.ID, [1, 2, 3, 10]),
        (rows.CLASS, [1, 2, 3, 10]),  # Cell, Dead, Mitotic, Mitotic
        (rows.AREA, [3, 10, 2, 1]),
        (rows.CONFIDENCE, [1, 2, 10, 3]),  # unknown first
        (rows.ORIGIN, [1, 2, 3, 10]),  # Drawn, Imported, Model, Model
        (rows.STATE, [1, 3, 10, 2]),  # nothing, nothing, edited, reviewed
        (PERIMETER, [3, 10, 2, 1]),
    ],
)
def test_order(classes: ClassTable, column: int, ids: list[int]) -> None:
    assert arranged(REGIONS, classes, column) == ids


def test_descending_keeps_equals_in_order_of_ids(classes: ClassTable) -> None:
    assert arranged(REGIONS, classes, rows.CLASS, True) == [3, 10, 2, 1]
    assert arranged(REGIONS, classes, rows.ID, True) == [10, 3, 2, 1]
    assert arranged(REGIONS, classes, rows.CONFIDENCE, True)[-1] == 1  # unknown last


def test_only_rows_that_fit_are_in_the_order(classes: ClassTable) -> None:
    found = rows.gathered(REGIONS)
    fits = np.array([True, False, True, True])
    assert rows.ordered(found, fits, rows.CONFIDENCE, True, classes, {}) == [3, 10, 1]


def test_class_that_is_gone_sorts_without_a_name(classes: ClassTable) -> None:
    regions = {**REGIONS, 4: box(4, class_id=77)}
    assert arranged(regions, classes, rows.CLASS)[0] == 4


def test_every_quantity_has_one_column() -> None:
    assert [quantity for _, quantity in sorted(rows.BY_COLUMN.items())] == list(QUANTITIES)
    assert list(rows.COLUMNS) == list(range(len(QUANTITIES) + 5))


def test_rows_hold_what_the_regions_say() -> None:
    found = rows.gathered(REGIONS)
    assert found.ids.tolist() == [1, 2, 3, 10]
    assert found.class_id.tolist() == [0, 2, 1, 1]
    np.testing.assert_array_equal(found.confidence, [np.nan, 0.2, 0.9, 0.5])
    assert [rows.ORIGINS[int(kind)] for kind in found.origin] == [
        "Drawn",
        "Imported",
        "Model",
        "Model",
    ]
    words = [rows.state_words(int(state)) for state in found.state]
    assert words == [rows.state_text(region) for region in found.regions]


def test_places_among_other_rows() -> None:
    changed = {**REGIONS, 2: replace(REGIONS[2], locked=True), 5: box(5)}
    places, same = rows.gathered(changed).places_in(rows.gathered(REGIONS))
    assert same.tolist() == [True, False, True, False, True]  # ids 1, 2, 3, 5, 10
    assert places[same].tolist() == [0, 2, 3]
    assert not rows.gathered(REGIONS).places_in(rows.NO_ROWS)[1].any()


@pytest.mark.parametrize(
    ("region", "origin", "state"),
    [
        (box(1), "Drawn", ""),
        (box(1, edited=True), "Drawn", ""),
        (box(1, origin=MODEL), "Model", ""),
        (box(1, origin=MODEL, edited=True), "Model", "edited"),
        (
            box(1, origin=MODEL, edited=True, reviewed=True, locked=True),
            "Model",
            "edited, reviewed, locked",
        ),
        (box(1, origin=Origin("import"), locked=True), "Imported", "locked"),
    ],
)
def test_origin_and_state_in_words(region: Region, origin: str, state: str) -> None:
    assert (rows.origin_text(region), rows.state_text(region)) == (origin, state)


def test_hidden_ones_say_so_and_sort_last() -> None:
    found = rows.gathered(REGIONS, {3, 99})
    assert [rows.state_words(int(state)) for state in found.state][2] == "hidden"
    assert rows.state_text(REGIONS[3], True) == "hidden"
    assert found.state.argmax() == 2
