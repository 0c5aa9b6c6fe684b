import pytest

from app.actions.closing import Closing
from tests.app.actions.fakes import FakeAsk, FakeController
from tests.app.panels.fakes import FakeSession


class Saving(FakeSession):
    """Saves, or does not."""

    can_save = True

    def flush(self, timeout: float) -> bool:
        return self.can_save


@pytest.fixture
def session(qapp: object) -> Saving:
    return Saving()


@pytest.fixture
def shut(session: Saving) -> list[bool]:
    return []


@pytest.fixture
def exporter() -> FakeController:
    return FakeController()


@pytest.fixture
def closing(
    session: Saving,
    controller: FakeController,
    exporter: FakeController,
    ask: FakeAsk,
    shut: list[bool],
) -> Closing:
    return Closing(session, controller, exporter, ask, lambda: shut.append(True))  # type: ignore[arg-type]


def test_asks_while_an_export_is_under_way(
    closing: Closing, ask: FakeAsk, exporter: FakeController, shut: list[bool]
) -> None:
    exporter.busy, ask.yes = True, False
    assert not closing.may_close() and exporter.calls == []
    ask.yes = True
    assert closing.may_close()
    assert exporter.calls == [("cancel",)] and shut == [True]


def test_closes_without_a_question(closing: Closing, ask: FakeAsk, shut: list[bool]) -> None:
    assert closing.may_close()
    assert closing.may_close()
    assert ask.questions == [] and shut == [True]


def test_asks_once_while_a_network_is_at_work(
    closing: Closing, ask: FakeAsk, controller: FakeController, shut: list[bool]
) -> None:
    controller.busy = True
    assert closing.may_close()
    assert ask.questions == ["Close Cellscribe?"]
    assert controller.calls == [("cancel",)] and shut == [True]


def test_no_means_that_nothing_changes(
    closing: Closing, ask: FakeAsk, controller: FakeController, shut: list[bool]
) -> None:
    controller.busy, ask.yes = True, False
    assert not closing.may_close()
    assert controller.calls == [] and shut == []


def test_unsaved_work_is_never_dropped_silently(
    closing: Closing, session: Saving, ask: FakeAsk, shut: list[bool]
) -> None:
    session.can_save, ask.yes = False, False
    assert not closing.may_close()
    assert ask.questions == ["Close without saving?"] and shut == []
    ask.yes = True
    assert closing.may_close() and shut == [True]
