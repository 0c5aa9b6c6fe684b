"""The undo command: what it costs does not depend on how many regions there are."""

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from app.canvas.polygon_store import PolygonStore
from app.commands import edits
from app.commands.change_regions import perform
from app.document.document import Document
from core.annotation.region import Region
from core.errors import UsageError
from tests.app.canvas.samples import document, square


def many(count: int) -> Document:
    """Squares in rows, with the canvas's store listening."""
    regions = {i: square(i, 10 * (i % 100), 10 * (i // 100), 8) for i in range(1, count + 1)}
    made = document(regions, 1000, 10 * count)
    store = PolygonStore(made.regions)
    while not store.is_loaded:
        store.load_more()
    made.regions_changed.connect(store.update)
    return made


def calls(what: Callable[[], object]) -> int:
    """How many functions it calls, of Python and of C."""
    count = 0

    def on_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(on_call)
    try:
        what()
    finally:
        sys.setprofile(None)
    return count


def cost(made: Document) -> dict[str, int]:
    before = made.regions[5]

    def change(region: Region) -> None:
        perform(made, edits.change(made, [region], "Change"))

    found = {"do": calls(lambda: change(replace(before, edited=True)))}
    found["undo"] = calls(made.stack.undo)
    found["redo"] = calls(made.stack.redo)
    return found


def test_a_step_costs_as_much_among_many_as_among_few() -> None:
    few, lots = cost(many(200)), cost(many(20_000))
    assert min(few.values()) > 10
    assert lots == pytest.approx(few, rel=0.05)


def test_what_changed_meanwhile_is_not_overwritten() -> None:
    made = many(10)
    delta = edits.change(made, [replace(made.regions[5], edited=True)], "Change")
    perform(made, edits.delete(made, [5]))
    with pytest.raises(UsageError, match="changed meanwhile"):
        perform(made, delta)
    assert 5 not in made.regions and made.stack.count() == 1
