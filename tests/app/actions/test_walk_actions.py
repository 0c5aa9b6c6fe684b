from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.actions.walk_actions import CALM, SHARE, WalkActions, looking_at
from app.canvas.viewport import Bounds, Viewport
from app.commands import edits
from app.commands.change_regions import perform
from app.messages import Message, Messages
from app.panels.shown import Shown
from tests.app.actions.fakes import FakeCanvas
from tests.app.panels.fakes import FakeSession, box

VIEW = Viewport(1000, 800, 640, 480, scale=1.0, x=500, y=400)


class LookingCanvas(FakeCanvas):
    """Has a view and keeps what it is told to look at."""

    def __init__(self) -> None:
        super().__init__()
        self.viewport = VIEW

    def look(self, viewport: Viewport) -> None:
        self.viewport = viewport


class Order:
    """What the table would say; keeps which way was asked for."""

    def __init__(self) -> None:
        self.ids = [3, 99, 1, 2]  # 99 has just gone
        self.steps: list[int] = []

    def __call__(self, step: int) -> Iterator[int]:
        self.steps.append(step)
        return iter(self.ids)


@pytest.fixture
def canvas() -> LookingCanvas:
    return LookingCanvas()


@pytest.fixture
def order() -> Order:
    return Order()


@pytest.fixture
def walk(
    session: FakeSession, shown: Shown, order: Order, canvas: LookingCanvas, messages: Messages
) -> WalkActions:
    session.add(1, [box(1, reviewed=True), box(2, 60), box(3, reviewed=True)])
    session.show(1)
    return WalkActions(shown, order, canvas, messages)  # type: ignore[arg-type]


def test_next_and_previous_follow_the_table(
    walk: WalkActions, session: FakeSession, order: Order, canvas: LookingCanvas
) -> None:
    walk.next_object()
    assert session.selection.ids == {3} and order.steps == [1]
    order.ids = [99, 2, 3, 1]
    walk.previous_object()
    assert session.selection.ids == {2} and order.steps == [1, -1]
    assert canvas.calls == [("cancel_gesture",)] * 2
    assert (canvas.viewport.x, canvas.viewport.y) == (30, 30)


def test_empty_table_leads_nowhere(
    walk: WalkActions, session: FakeSession, order: Order, canvas: LookingCanvas
) -> None:
    order.ids = [99]
    session.selection.set([1])
    walk.next_object()
    walk.previous_object()
    assert session.selection.ids == {1}
    assert canvas.calls == [] and canvas.viewport == VIEW


def test_next_unreviewed_passes_over_the_others(
    walk: WalkActions, session: FakeSession, posted: list[Message]
) -> None:
    walk.next_unreviewed()
    assert session.selection.ids == {2} and posted == []


def test_nothing_left_to_review_is_told(
    walk: WalkActions, session: FakeSession, posted: list[Message], canvas: LookingCanvas
) -> None:
    document = session.document
    assert document is not None
    last = replace(document.regions[2], reviewed=True)
    perform(document, edits.change(document, [last], "Review"))
    walk.next_unreviewed()
    assert [message.text for message in posted] == ["All objects in the table are reviewed."]
    assert session.selection.ids == frozenset() and canvas.calls == []


@pytest.mark.parametrize(
    "bounds", [(500, 300, 520, 330), (0, 0, 6, 6), (100, 100, 900, 700), (990, 0, 1000, 800)]
)
def test_object_takes_about_a_third_of_the_view(bounds: Bounds) -> None:
    view = looking_at(VIEW, bounds)
    x0, y0, x1, y1 = bounds
    share = max((x1 - x0) / view.width, (y1 - y0) / view.height) * view.scale
    assert share == pytest.approx(SHARE)
    assert (view.x, view.y) == ((x0 + x1) / 2, (y0 + y1) / 2)


def test_scale_stays_for_objects_of_about_one_size() -> None:
    view = looking_at(VIEW, (500, 300, 520, 330))
    for side in (22, 30, 40):
        other = looking_at(view, (100, 100, 100 + side, 100 + side))
        assert other.scale == view.scale
        assert CALM[0] <= side / view.height * view.scale <= CALM[1]
    assert looking_at(view, (100, 100, 110, 110)).scale > view.scale


def test_smallest_object_stays_within_the_range_of_zoom() -> None:
    view = looking_at(VIEW, (500, 300, 500.5, 300.5))
    assert view.scale == view.scale_range[1]
