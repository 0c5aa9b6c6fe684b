from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.actions.facts import Facts
from app.actions.segment_actions import SegmentActions
from app.actions.spec import Need
from app.messages import Level, Message, Messages
from app.panels.segmentation_panel import SegmentationPanel
from app.settings import schema
from app.settings.run import RunSettings
from app.settings.store import Settings
from app.theme.icons import Icons
from core.engine.config import SegmentConfig
from tests.app.actions.fakes import FakeController
from tests.app.panels.fakes import FakeProject, FakeSession
from tests.app.panels.test_segmentation_panel import BROKEN, GOOD, KEEN, OTHER

LIMITS = SegmentConfig(threshold=0.3, separation=0.4, min_confidence=0.2, min_area=50)


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


def test_run_uses_what_the_panel_shows(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    segment.set_networks([GOOD, OTHER])
    session.show(1)
    panel.adjust.threshold.set_value(0.3)
    panel.adjust.min_area.setValue(55)
    wanted = RunSettings(SegmentConfig("good", 0.3, 0.6, 0.1, min_area=55))
    panel.run.segment_asked.emit()
    assert controller.calls[-1] == ("segment_current", wanted)
    panel.run.segment_all_asked.emit()
    assert controller.calls[-1] == ("segment_all", wanted)
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


def test_hint_says_whether_changes_act_at_once(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    def acts_at_once() -> bool:
        return any("at once, without" in w.text() for w in panel.adjust.findChildren(QLabel))

    session.show(1)
    controller.known[2] = LIMITS
    controller.maps_available.emit(2, True)
    assert not acts_at_once()
    controller.known[1] = LIMITS
    controller.maps_available.emit(1, True)
    assert acts_at_once()
    session.show(2)
    assert acts_at_once()
    controller.known.clear()
    session.show(1)
    assert not acts_at_once()


def test_changes_reach_the_controller_live_and_final(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    posted: list[Message],
) -> None:
    session.show(1)
    panel.adjust.adjusted.emit(LIMITS, False)
    panel.adjust.adjusted.emit(LIMITS, True)
    assert controller.calls == [("adjust", LIMITS, False), ("adjust", LIMITS, True)]
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


def test_limits_of_the_shown_image_are_shown_where_it_has_maps(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    segment.set_networks([GOOD])
    session.show(1)
    assert panel.adjust.limits == SegmentConfig(threshold=0.42, separation=0.6, min_confidence=0.1)
    controller.known[1] = replace(LIMITS, model="good", diameter=23)
    controller.maps_available.emit(1, True)
    assert panel.adjust.limits == LIMITS
    session.show(2)
    assert panel.adjust.limits == LIMITS, "what was shown holds for the next run"
    assert panel.run_settings.config.diameter is None
    panel.adjust.threshold.set_value(0.8)
    session.show(1)
    assert panel.adjust.limits == LIMITS


def test_another_network_brings_its_threshold(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel
) -> None:
    segment.set_networks([GOOD, KEEN])
    session.show(1)
    panel.adjust.set_limits(LIMITS)
    panel.run.picker.setCurrentIndex(1)
    config = panel.run_settings.config
    assert (config.model, config.threshold, config.separation, config.min_area) == (
        "keen",
        0.3,
        0.7,
        50,
    )


def test_measured_size_of_the_shown_image_is_shown(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    session.add(3, pixel_size_um=0.5)
    take = panel.run.size_box.take
    session.show(3)
    controller.measured[3] = 23.0
    controller.maps_available.emit(3, True)
    assert not take.isHidden() and "23.0 px" in take.text()
    session.show(1)
    assert take.isHidden()


def test_scale_of_the_shown_image_is_known(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel
) -> None:
    session.add(3, pixel_size_um=0.5)
    session.show(3)
    assert "20 px² are 5 µm²" in panel.adjust.min_area.toolTip()
    session.show(1)
    assert "µm²" not in panel.adjust.min_area.toolTip()


def test_areas_and_outlines_are_remembered(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel, settings: Settings
) -> None:
    session.show(1)
    panel.adjust.adjusted.emit(replace(LIMITS, max_area=770), True)
    assert (settings.get(schema.MIN_AREA), settings.get(schema.MAX_AREA)) == (50, 770)


def test_what_was_remembered_is_shown_at_the_start(
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    settings: Settings,
    facts: Facts,
    messages: Messages,
) -> None:
    settings.set(schema.EXCLUDE_BORDER, True)
    settings.set(schema.DETAIL, 1.0)
    segment = SegmentActions(session, controller, panel, settings, facts, messages)  # type: ignore[arg-type]
    segment.set_networks([GOOD])
    wanted = SegmentConfig(
        threshold=0.42, separation=0.6, min_confidence=0.1, exclude_border=True, detail=1.0
    )
    assert panel.adjust.limits == wanted


def test_channels_are_remembered_with_the_project(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
) -> None:
    session.project = FakeProject(Path("a.cellscribe"))
    session.project_changed.emit()
    panel.run.channels.chosen.emit((0, 2))
    assert panel.run_settings.config.channels == (0, 2)
    other, session.project = session.project, FakeProject(Path("b.cellscribe"))
    session.project_changed.emit()
    assert panel.run_settings.config.channels == ()
    session.project = other
    session.project_changed.emit()
    segment.segment()
    _, wanted = controller.calls[-1]
    assert isinstance(wanted, RunSettings) and wanted.config.channels == (0, 2)


def test_a_project_that_is_only_read_remembers_no_channels(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel
) -> None:
    session.project = FakeProject(Path("a.cellscribe"), read_only=True)
    panel.run.channels.chosen.emit((1,))
    assert session.project.settings == {} and panel.run_settings.config.channels == (1,)


def test_all_planes_are_counted(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    facts: Facts,
) -> None:
    session.show(1)
    controller.busy = True
    segment.segment_planes()
    assert Need.RUNNING in facts.all, "the first plane may have to be added"
    controller.started.emit(1)
    assert panel.run.line.startswith("1 of 3, img1.png")


def test_a_warning_about_the_objects_names_the_image(
    segment: SegmentActions,
    session: FakeSession,
    controller: FakeController,
    posted: list[Message],
) -> None:
    controller.started.emit(1)
    controller.warned.emit(1, "Objects of 2 px are too small.")
    assert posted == [Message("img1.png: Objects of 2 px are too small.", Level.PROBLEM)]


def test_the_button_shows_what_the_network_sees(
    segment: SegmentActions, session: FakeSession, panel: SegmentationPanel
) -> None:
    session.show(1)
    segment.set_networks([GOOD])
    panel.run.preview.click()
    dialog = segment.preview.dialog
    assert dialog and dialog.isVisible() and dialog.picture.image.width() == 100
