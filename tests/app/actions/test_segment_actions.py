import pytest
from pytestqt.qtbot import QtBot

from app.actions.facts import Facts
from app.actions.segment_actions import SegmentActions
from app.actions.spec import Need
from app.messages import Level, Message, Messages
from app.panels.adjust_box import Limits
from app.panels.segmentation_panel import SegmentationPanel
from app.settings import schema
from app.settings.store import Settings
from app.theme.icons import Icons
from core.engine.config import SegmentConfig
from tests.app.actions.fakes import FakeController
from tests.app.panels.fakes import FakeSession
from tests.app.panels.test_segmentation_panel import BROKEN, GOOD, OTHER


@pytest.fixture
def panel(qtbot: QtBot) -> SegmentationPanel:
    panel = SegmentationPanel(Icons())
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def segment(
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    settings: Settings,
    facts: Facts,
    messages: Messages,
) -> SegmentActions:
    session.add(1)
    session.add(2)
    return SegmentActions(session, controller, panel, settings, facts, messages)  # type: ignore[arg-type]


def test_run_uses_the_chosen_network_and_the_smallest_area(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    segment.set_networks([GOOD, OTHER])
    session.show(1)
    panel.adjust.min_area.setValue(55)
    panel.run.segment_asked.emit()
    assert controller.calls[-1] == ("segment_current", SegmentConfig("good", min_area=55))
    panel.run.segment_all_asked.emit()
    assert controller.calls[-1] == ("segment_all", SegmentConfig("good", min_area=55))
    panel.run.cancel_asked.emit()
    assert controller.calls[-1] == ("cancel",)


def test_network_of_last_time_is_offered(
    segment: SegmentActions, settings: Settings, panel: SegmentationPanel, facts: Facts
) -> None:
    settings.set(schema.NETWORK, "other")
    segment.set_networks([GOOD, OTHER])
    assert panel.network == "other"
    assert Need.NETWORK in facts.all
    panel.network_chosen.emit("good")
    assert settings.get(schema.NETWORK) == "good"


def test_without_a_network_nothing_can_run(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel, facts: Facts
) -> None:
    segment.set_networks([BROKEN])
    session.show(1)
    assert Need.NETWORK not in facts.all
    assert "the file x is missing" in panel.run.line


def test_a_run_is_shown_and_told(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    facts: Facts,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    session.show(1)
    segment.segment()
    controller.busy = True
    controller.started.emit(1)
    controller.progressed.emit(1, 2, 5, "tiles")
    assert panel.run.line == "img1.png: tiles"
    assert (panel.run.progress.value(), panel.run.progress.maximum()) == (2, 5)
    assert Need.RUNNING in facts.all
    controller.finished.emit(1, 1234, 3.14)
    controller.busy = False
    assert posted == [Message("1,234 objects found in img1.png (3.1 s).")]
    qtbot.waitUntil(lambda: Need.IDLE in facts.all)


def test_all_images_are_counted(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    facts: Facts,
    posted: list[Message],
    qtbot: QtBot,
) -> None:
    segment.segment_all()
    controller.busy = True
    controller.started.emit(1)
    assert panel.run.line.startswith("1 of 2, img1.png")
    controller.failed.emit(1, "img1.png is damaged.")
    controller.started.emit(2)
    assert panel.run.line.startswith("2 of 2, img2.png")
    qtbot.wait(20)
    assert Need.RUNNING in facts.all  # not idle in between
    controller.finished.emit(2, 0, 1.0)
    controller.busy = False
    qtbot.waitUntil(lambda: Need.IDLE in facts.all)
    assert posted[0] == Message("img1.png is damaged.", Level.PROBLEM)
    assert posted[1].text.startswith("Nothing found in img2.png")


def test_cancel_says_that_nothing_changed(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    posted: list[Message],
    facts: Facts,
    qtbot: QtBot,
) -> None:
    controller.started.emit(1)
    controller.cancelled.emit(1)
    assert posted == [Message("Stopped; img1.png is as it was.")]
    qtbot.waitUntil(lambda: Need.IDLE in facts.all)


def test_project_that_is_closed_ends_its_run(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    posted: list[Message],
    facts: Facts,
    qtbot: QtBot,
) -> None:
    controller.started.emit(1)
    session.leave()
    controller.cancelled.emit(1)
    assert posted == [Message("Stopped; img1.png is as it was.")]
    qtbot.waitUntil(lambda: Need.IDLE in facts.all)


def test_sliders_work_for_the_shown_image_with_maps(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    facts: Facts,
) -> None:
    session.show(1)
    controller.maps = {1}
    controller.maps_available.emit(2, True)
    assert not panel.adjust.threshold.isEnabled()
    controller.maps_available.emit(1, True)
    assert panel.adjust.threshold.isEnabled() and Need.MAPS in facts.all
    session.show(2)
    assert not panel.adjust.threshold.isEnabled() and Need.MAPS not in facts.all


def test_sliders_reach_the_controller_live_and_final(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    posted: list[Message],
) -> None:
    session.show(1)
    panel.adjust.adjusted.emit(Limits(0.3, 0.4, 50), False)
    panel.adjust.adjusted.emit(Limits(0.3, 0.4, 50), True)
    assert controller.calls == [
        ("rethreshold", 0.3, 0.4, 50, False),
        ("rethreshold", 0.3, 0.4, 50, True),
    ]
    controller.adjusted.emit(1, 7)
    assert posted == []


def test_sliders_are_no_runs(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    posted: list[Message],
) -> None:
    session.show(1)
    segment.segment_all()
    controller.busy = True
    controller.adjusted.emit(1, 7)
    controller.adjusting_failed.emit(1, "The threshold is 7.")
    controller.started.emit(2)
    assert panel.run.line.startswith("1 of 2, img2.png")
    assert posted == [Message("The threshold is 7.", Level.PROBLEM)]


def test_each_image_has_its_limits(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    segment.set_networks([GOOD])
    session.show(1)
    panel.adjust.adjusted.emit(Limits(0.3, 0.4, 50), True)
    session.show(2)
    assert panel.adjust.limits == Limits(0.42, 0.6, 50)  # the area is a setting, the rest is not
    session.show(1)
    assert panel.adjust.limits == Limits(0.3, 0.4, 50)
    controller.started.emit(1)  # a new run starts from the network's limits
    session.show(1)
    assert panel.adjust.limits.threshold == 0.42


def test_smallest_area_is_remembered(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel, settings: Settings
) -> None:
    session.show(1)
    panel.adjust.adjusted.emit(Limits(0.3, 0.4, 77), True)
    assert settings.get(schema.MIN_AREA) == 77
