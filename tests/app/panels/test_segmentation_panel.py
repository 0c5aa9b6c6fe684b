import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.adjust_box import AdjustBox, Limits
from app.panels.segmentation_panel import SegmentationPanel
from app.theme.icons import Icons
from core.engine.prepare import Normalisation
from core.weights import NetworkInfo, WeightsEntry

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ENTRY = WeightsEntry(
    name="good",
    title="Good network",
    architecture="hrnet",
    arguments={},
    file="x",
    sha256="",
    normalisation=Normalisation(),
    threshold=0.42,
    separation=0.6,
    scale=1.0,
    diameter=20.0,
    licence="",
    training="nuclei",
    accuracy={"fluorescence": {"AP50": 0.91}},
)
GOOD = NetworkInfo("good", "Good network", True, "", ENTRY)
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
    assert panel.config.model == "other"
    assert panel.config.threshold is None  # the network's own


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


def test_network_brings_its_defaults(panel: SegmentationPanel) -> None:
    panel.set_networks([GOOD], "good")
    assert panel.adjust.defaults.threshold == 0.42
    assert panel.adjust.defaults.separation == 0.6


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


def test_sliders_only_with_maps(panel: SegmentationPanel) -> None:
    adjust = panel.adjust
    hint = next(w for w in adjust.findChildren(QLabel) if "Segment this image" in w.text())
    assert not adjust.threshold.isEnabled()
    height = hint.height()
    adjust.set_adjustable(True)
    assert (
        adjust.threshold.isEnabled() and adjust.separation.isEnabled() and hint.height() == height
    )


def test_adjustment_is_told_live_and_when_let_go(qtbot: QtBot) -> None:
    adjust = AdjustBox(Icons())
    qtbot.addWidget(adjust)
    adjust.set_limits(Limits(0.4, 0.5, 30))
    heard: list[tuple[Limits, bool]] = []
    adjust.adjusted.connect(lambda limits, final: heard.append((limits, final)))
    adjust.threshold.slider.setSliderDown(True)
    adjust.threshold.slider.setSliderPosition(70)
    adjust.threshold.slider.setSliderDown(False)
    assert heard == [(Limits(0.7, 0.5, 30), False), (Limits(0.7, 0.5, 30), True)]
    adjust.min_area.setValue(99)
    qtbot.waitUntil(lambda: heard[-1] == (Limits(0.7, 0.5, 99), True))


def test_reset_goes_back_to_the_defaults_at_once(qtbot: QtBot) -> None:
    adjust = AdjustBox(Icons())
    qtbot.addWidget(adjust)
    adjust.set_defaults(Limits(0.42, 0.6, 20))
    adjust.set_limits(Limits(0.9, 0.1, 500))
    with qtbot.waitSignal(adjust.adjusted) as told:
        adjust.reset()
    assert told.args == [Limits(0.42, 0.6, 20), True]
    assert adjust.limits == Limits(0.42, 0.6, 20)


def test_text_that_wraps_squeezes_nothing(panel: SegmentationPanel, qtbot: QtBot) -> None:
    panel.run.set_ready(False, False, "A long sentence that has no room in one line. " * 4)
    panel.resize(300, 100)
    qtbot.waitUntil(lambda: panel.width() == 300)
    panel.resize(300, panel.minimumSizeHint().height())
    field = panel.adjust.min_area
    qtbot.waitUntil(lambda: field.height() >= field.sizeHint().height())
