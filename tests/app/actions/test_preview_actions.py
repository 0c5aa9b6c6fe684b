"""The picture of the network's input follows the image and the settings."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.actions.preview_actions import PreviewActions
from app.dialogs.network_input import NetworkInputDialog
from app.panels.object_size_box import PIXELS
from app.panels.segmentation_panel import SegmentationPanel
from app.tasks.runner import Then, Work
from app.theme.icons import Icons
from tests.app.actions.fakes import FakeController
from tests.app.panels.fakes import FakeSession
from tests.app.panels.test_segmentation_panel import GOOD

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")


@pytest.fixture
def panel(qtbot: QtBot) -> SegmentationPanel:
    panel = SegmentationPanel(Icons())
    qtbot.addWidget(panel)
    panel.set_networks([GOOD], "good")
    return panel


@pytest.fixture
def preview(
    session: FakeSession, controller: FakeController, panel: SegmentationPanel
) -> PreviewActions:
    session.add(1)
    return PreviewActions(session, controller, panel)  # type: ignore[arg-type]


def opened(preview: PreviewActions) -> NetworkInputDialog:
    preview.show()
    assert preview.dialog
    return preview.dialog


def width(dialog: NetworkInputDialog) -> int:
    return dialog.picture.image.width()


def test_without_a_size_the_image_is_shown_as_it_is(
    preview: PreviewActions, session: FakeSession
) -> None:
    session.show(1)
    dialog = opened(preview)
    assert width(dialog) == 100 and "not known yet" in dialog.facts.text()


def test_a_measured_size_counts_and_a_given_one_counts_more(
    preview: PreviewActions,
    session: FakeSession,
    controller: FakeController,
    panel: SegmentationPanel,
    qtbot: QtBot,
) -> None:
    session.show(1)
    dialog = opened(preview)
    controller.measured[1] = 40.0  # the network knows 20
    controller.maps_available.emit(1, True)
    qtbot.waitUntil(lambda: width(dialog) == 50)
    assert "an object of 40 px at 20 px" in dialog.facts.text()
    panel.run.size_box.unit.setCurrentIndex(PIXELS)
    panel.run.size_box.field.setValue(10)
    qtbot.waitUntil(lambda: width(dialog) == 200)


def test_channels_are_heeded_and_one_that_is_not_there_is_told(
    preview: PreviewActions, session: FakeSession, panel: SegmentationPanel, qtbot: QtBot
) -> None:
    session.show(1)
    panel.set_channels((1,))
    assert "has 1 channel and no channel 2" in opened(preview).warning.text()


def test_without_an_image_it_says_what_to_do(preview: PreviewActions) -> None:
    assert "Open an image" in opened(preview).warning.text()


def test_a_large_image_is_looked_at_tile_by_tile(
    preview: PreviewActions,
    session: FakeSession,
    panel: SegmentationPanel,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.show(1)
    assert session.image
    monkeypatch.setattr("core.engine.tiles.TILE", 64)
    object.__setattr__(session.image, "pixels", np.zeros((80, 3000, 1), np.uint8))
    dialog = opened(preview)
    assert dialog.place.maximum() == 4
    dialog.place.setValue(3)
    qtbot.waitUntil(lambda: dialog.place.value() == 3 and width(dialog) > 0)
    session.show(1)
    qtbot.waitUntil(lambda: width(dialog) == 100)


def test_a_late_picture_of_another_wish_is_dropped(
    preview: PreviewActions,
    session: FakeSession,
    panel: SegmentationPanel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.show(1)
    jobs: list[tuple[Work, Then]] = []
    do = session.start_job
    monkeypatch.setattr(session, "start_job", lambda work, then: jobs.append((work, then)))
    dialog = opened(preview)
    panel.run.size_box.unit.setCurrentIndex(PIXELS)
    panel.run.size_box.field.setValue(10)
    preview.show()
    for job in reversed(jobs):
        do(*job)
    assert width(dialog) == 200


def test_a_closed_one_costs_nothing(
    preview: PreviewActions, session: FakeSession, panel: SegmentationPanel, qtbot: QtBot
) -> None:
    session.show(1)
    dialog = opened(preview)
    dialog.close()
    panel.run.size_box.unit.setCurrentIndex(PIXELS)
    panel.run.size_box.field.setValue(10)
    qtbot.wait(200)
    assert width(dialog) == 100
