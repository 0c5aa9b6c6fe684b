from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.object_size_box import MICROMETRES, PIXELS
from app.panels.segmentation_panel import SegmentationPanel
from app.settings.run import RunSettings
from app.theme.icons import Icons
from core.engine.config import SegmentConfig
from core.errors import UsageError
from core.weights import NetworkInfo
from tests.entries import make_entry

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ENTRY = make_entry(
    threshold=0.42, separation=0.6, min_confidence=0.1, accuracy={"fluorescence": {"AP50": 0.91}}
)
GOOD = NetworkInfo("good", "Good network", True, "", ENTRY)
KEEN = NetworkInfo(
    "keen", "Keen network", True, "", msgspec.structs.replace(ENTRY, threshold=0.3, separation=0.7)
)
OTHER = NetworkInfo("other", "Other network", True)
BROKEN = NetworkInfo("broken", "Broken network", False, "the file x is missing")


@pytest.fixture
def panel(qtbot: QtBot) -> SegmentationPanel:
    panel = SegmentationPanel(Icons())
    qtbot.addWidget(panel)
    panel.resize(340, 300)
    panel.show()
    return panel


def button(panel: SegmentationPanel, text: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.text() == text)


def test_wanted_network_is_chosen(panel: SegmentationPanel) -> None:
    panel.set_networks([GOOD, OTHER], "other")
    assert panel.network == "other"
    assert panel.run_settings.config.model == "other"


@pytest.mark.parametrize("wanted", ["broken", "unknown", ""])
def test_first_that_can_run_is_chosen_otherwise(panel: SegmentationPanel, wanted: str) -> None:
    panel.set_networks([BROKEN, GOOD, OTHER], wanted)
    assert panel.network == "good"


def test_unavailable_network_is_shown_disabled_with_the_reason(panel: SegmentationPanel) -> None:
    panel.set_networks([GOOD, BROKEN], "good")
    model = panel.run.picker.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(1)
    assert not item.isEnabled()
    assert "the file x is missing" in item.toolTip()
    assert "AP50 0.91" in model.item(0).toolTip()


def test_without_any_network_the_reason_is_said(panel: SegmentationPanel) -> None:
    panel.set_networks([BROKEN], "good")
    assert panel.network == ""
    assert panel.hint == "Broken network cannot run: the file x is missing."


def test_network_brings_its_threshold_and_separation(panel: SegmentationPanel) -> None:
    panel.set_networks([GOOD, KEEN], "good")
    shown = panel.adjust.limits
    assert (shown.threshold, shown.separation) == (0.42, 0.6)
    panel.adjust.set_limits(replace(shown, threshold=0.9, min_area=77, exclude_border=True))
    panel.run.picker.setCurrentIndex(1)
    assert panel.adjust.limits == replace(
        shown, threshold=0.3, separation=0.7, min_area=77, exclude_border=True
    )


def test_the_list_of_networks_again_keeps_what_was_set(panel: SegmentationPanel) -> None:
    panel.set_networks([KEEN, GOOD], "good")
    panel.adjust.threshold.set_value(0.9)
    panel.set_networks([KEEN, GOOD, OTHER], "good")
    assert panel.adjust.limits.threshold == 0.9


def test_a_run_gets_all_that_is_shown(panel: SegmentationPanel) -> None:
    panel.set_networks([GOOD], "good")
    adjust, size = panel.adjust, panel.run.size_box
    adjust.threshold.set_value(0.3)
    adjust.min_area.setValue(44)
    adjust.more.max_area.setValue(4000)
    adjust.more.fill_holes.setValue(9)
    adjust.more.detail.setValue(1.5)
    adjust.more.exclude_border.setChecked(True)
    config = SegmentConfig("good", 0.3, 0.6, 0.1, 44, 4000, True, 9, 1.5)
    assert panel.run_settings == RunSettings(config)
    size.unit.setCurrentIndex(PIXELS)
    size.field.setValue(17)
    assert panel.run_settings == RunSettings(replace(config, diameter=17))
    panel.set_pixel_size(0.5)
    size.unit.setCurrentIndex(MICROMETRES)
    assert panel.run_settings == RunSettings(config, diameter_um=8.5)


def test_a_number_counts_that_is_just_being_typed(panel: SegmentationPanel, qtbot: QtBot) -> None:
    panel.run.size_box.unit.setCurrentIndex(PIXELS)
    for field, text in ((panel.run.size_box.field, "17"), (panel.adjust.min_area, "44")):
        field.selectAll()
        qtbot.keyClicks(field, text)
    config = panel.run_settings.config
    assert (config.diameter, config.min_area) == (17, 44)


def test_buttons_ask(panel: SegmentationPanel, qtbot: QtBot) -> None:
    panel.run.set_ready(True, False, "")
    assert not button(panel, "All").isEnabled()
    with qtbot.waitSignal(panel.run.segment_asked):
        qtbot.mouseClick(button(panel, "Segment image"), Qt.MouseButton.LeftButton)
    panel.run.show_progress(0, 0, "")
    with qtbot.waitSignal(panel.run.cancel_asked):
        qtbot.mouseClick(button(panel, "Cancel"), Qt.MouseButton.LeftButton)


def test_progress_takes_the_place_of_the_buttons(panel: SegmentationPanel) -> None:
    panel.run.show_progress(3, 12, "a.png: tiles")
    assert panel.run.progress.isVisible() and button(panel, "Cancel").isVisible()
    assert not button(panel, "Segment image").isVisible()
    assert (panel.run.progress.value(), panel.run.progress.maximum()) == (3, 12)
    assert panel.run.line == "a.png: tiles"
    panel.run.show_idle()
    assert button(panel, "Segment image").isVisible()
    assert not panel.run.progress.isVisible()


def test_settings_wait_for_the_next_run_without_maps(panel: SegmentationPanel) -> None:
    adjust = panel.adjust
    hint = next(w for w in adjust.findChildren(QLabel) if "next run" in w.text())
    assert adjust.threshold.isEnabled() and adjust.min_area.isEnabled()
    height = hint.height()
    adjust.set_adjustable(True)
    assert "Acts at once" in hint.text() and hint.height() == height


def test_a_run_under_way_cannot_heed_another_network_or_size(panel: SegmentationPanel) -> None:
    panel.run.show_progress(0, 1, "")
    assert not panel.run.size_box.isEnabled() and not panel.run.picker.isEnabled()
    panel.run.show_idle()
    assert panel.run.size_box.isEnabled() and panel.run.picker.isEnabled()


def test_nothing_can_run_until_the_networks_are_known(panel: SegmentationPanel) -> None:
    for name in ("Segment image", "All"):
        assert not button(panel, name).isEnabled()
        assert button(panel, name).toolTip() == "Looking for networks…" == panel.run.line
    panel.run.set_ready(True, False, "")
    assert "Ctrl+Return" in button(panel, "Segment image").toolTip()
    panel.run.set_ready(False, False, "Open an image first.")
    assert button(panel, "Segment image").toolTip() == "Open an image first."


def test_a_step_without_counts_is_shown_as_busy(panel: SegmentationPanel) -> None:
    panel.run.show_progress(0, 1, "a.png: measuring the objects")
    assert panel.run.progress.maximum() == 0


def test_fields_reach_as_far_as_the_engine(panel: SegmentationPanel) -> None:
    adjust = panel.adjust
    rows = {
        "threshold": adjust.threshold,
        "separation": adjust.separation,
        "min_confidence": adjust.min_confidence,
    }
    fields = {name: row.findChildren(QDoubleSpinBox)[0] for name, row in rows.items()}
    for name, field in {**fields, "detail": adjust.more.detail}.items():
        for bound, beyond in ((field.minimum(), -0.01), (field.maximum(), 0.01)):
            SegmentConfig(**{name: bound})
            with pytest.raises(UsageError):
                SegmentConfig(**{name: bound + beyond})
