from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.panels import object_measures
from app.panels.object_measures import Frame, ObjectMeasures
from app.panels.object_rows import Rows, gathered
from core.annotation.region import Region
from core.measure.shapes import measure_many
from tests.app.panels.fakes import box

FRAME: Frame = (100, 80, None)
MANY = {n: box(n, side=n % 50 + 1) for n in range(1, 101)}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many regions were measured at once, each time that some were."""
    counts: list[int] = []

    def counting(regions: list[Region], *frame: float | None) -> object:
        counts.append(len(regions))
        return measure_many(regions, *frame)  # type: ignore[arg-type]

    monkeypatch.setattr(object_measures, "measure_many", counting)
    monkeypatch.setattr(object_measures, "PIECE", 100)  # vertices: 25 boxes
    return counts


def once_ready(measures: ObjectMeasures, rows: Rows, qtbot: QtBot) -> dict[str, np.ndarray]:
    with qtbot.waitSignal(measures.ready):
        assert measures.of(rows, FRAME) is None
    values = measures.of(rows, FRAME)
    assert values is not None
    return values


def agrees(values: dict[str, np.ndarray] | None, rows: Rows, frame: Frame = FRAME) -> None:
    assert values is not None
    for name, column in measure_many(rows.regions.tolist(), *frame).items():
        np.testing.assert_array_equal(values[name], column)


def test_few_are_there_at_once(measured: list[int], qtbot: QtBot) -> None:
    rows = gathered({n: MANY[n] for n in range(1, 20)})
    agrees(ObjectMeasures().of(rows, FRAME), rows)
    nothing = gathered({})
    agrees(ObjectMeasures().of(nothing, FRAME), nothing)


def test_many_come_piece_by_piece(measured: list[int], qtbot: QtBot) -> None:
    rows = gathered(MANY)
    agrees(once_ready(ObjectMeasures(), rows, qtbot), rows)
    assert max(measured) <= 26 and sum(measured) == 100


def test_one_large_region_is_a_piece(measured: list[int], qtbot: QtBot) -> None:
    angles = np.linspace(0, 6, 500)
    large = replace(box(1), shell=np.c_[np.cos(angles), np.sin(angles)])
    rows = gathered({1: large, 2: replace(large, id=2), 3: box(3)})
    agrees(once_ready(ObjectMeasures(), rows, qtbot), rows)


def test_what_did_not_change_is_not_measured_again(measured: list[int], qtbot: QtBot) -> None:
    measures, rows = ObjectMeasures(), gathered(MANY)
    once_ready(measures, rows, qtbot)
    measured.clear()
    changed = dict(MANY)
    del changed[7]
    changed |= {50: box(50, side=3), 200: box(200, side=4)}
    later = gathered(changed)
    agrees(measures.of(later, FRAME), later)
    assert sum(measured) == 2


def test_wish_that_changes_meanwhile(measured: list[int], qtbot: QtBot) -> None:
    measures, rows = ObjectMeasures(), gathered(MANY)
    assert measures.of(rows, FRAME) is None
    later = gathered({n: r for n, r in MANY.items() if n % 2})
    agrees(once_ready(measures, later, qtbot), later)
    assert sum(measured) < 100


def test_another_pixel_size_is_another_number(measured: list[int], qtbot: QtBot) -> None:
    rows, measures = gathered({1: MANY[1], 2: MANY[2]}), ObjectMeasures()
    measures.of(rows, FRAME)
    frame: Frame = (100, 80, 0.5)
    agrees(measures.of(rows, frame), rows, frame)
