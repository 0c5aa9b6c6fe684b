from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.panels.adjust_box import AdjustBox
from app.theme.icons import Icons
from core.engine.config import SegmentConfig

USUAL = SegmentConfig(threshold=0.4, separation=0.5, min_confidence=0.0, min_area=30)
ALL = SegmentConfig(SegmentConfig.model, 0.9, 0.1, 0.3, 500, 9000, True, 40, 2.0)


@pytest.fixture
def adjust(qtbot: QtBot) -> AdjustBox:
    adjust = AdjustBox(Icons())
    qtbot.addWidget(adjust)
    adjust.set_limits(USUAL)
    adjust.resize(340, 300)
    adjust.show()
    return adjust


Heard = list[tuple[SegmentConfig, bool]]


@pytest.fixture
def heard(adjust: AdjustBox) -> Heard:
    heard: Heard = []
    adjust.adjusted.connect(lambda limits, final: heard.append((limits, final)))
    return heard


def unfold(adjust: AdjustBox) -> QToolButton:
    return next(b for b in adjust.findChildren(QToolButton) if b.text().startswith("More"))


def test_a_slider_is_told_live_and_when_let_go(adjust: AdjustBox, heard: Heard) -> None:
    adjust.threshold.slider.setSliderDown(True)
    adjust.threshold.slider.setSliderPosition(70)
    adjust.threshold.slider.setSliderDown(False)
    wanted = replace(USUAL, threshold=0.7)
    assert heard == [(wanted, False), (wanted, True)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("min_area", 99), ("max_area", 5000), ("fill_holes", 12), ("detail", 1.25)],
)
def test_a_field_is_told_live_and_after_a_pause(
    adjust: AdjustBox, heard: Heard, qtbot: QtBot, field: str, value: float
) -> None:
    spin = adjust.min_area if field == "min_area" else getattr(adjust.more, field)
    spin.setValue(value)
    wanted = replace(USUAL, **{field: value})  # type: ignore[arg-type]
    assert heard == [(wanted, False)]
    qtbot.waitUntil(lambda: heard == [(wanted, False), (wanted, True)])


def test_the_box_for_the_edge_is_told(adjust: AdjustBox, heard: Heard, qtbot: QtBot) -> None:
    adjust.more.exclude_border.click()
    qtbot.waitUntil(lambda: heard[-1] == (replace(USUAL, exclude_border=True), True))


def test_what_the_program_shows_is_not_told(adjust: AdjustBox, heard: Heard) -> None:
    adjust.set_limits(ALL)
    assert adjust.limits == ALL
    assert heard == []


def test_what_is_not_chosen_is_the_networks_own(adjust: AdjustBox) -> None:
    adjust.set_defaults(0.33, 0.66, 0.12)
    adjust.set_limits(SegmentConfig())
    limits = adjust.limits
    assert (limits.threshold, limits.separation, limits.min_confidence) == (0.33, 0.66, 0.12)


def test_limits_never_contradict_each_other(adjust: AdjustBox, heard: Heard) -> None:
    adjust.more.max_area.setValue(100)
    adjust.min_area.setValue(200)
    assert (adjust.limits.min_area, adjust.limits.max_area) == (200, 200)
    adjust.more.max_area.setValue(50)
    assert (adjust.limits.min_area, adjust.limits.max_area) == (50, 50)
    adjust.more.max_area.setValue(0)
    assert adjust.more.max_area.text() == "no limit"
    assert adjust.limits.max_area is None
    assert heard[-1] == (replace(USUAL, min_area=50), False)


def test_reset_goes_back_to_what_the_network_recommends(adjust: AdjustBox, heard: Heard) -> None:
    adjust.set_defaults(0.42, 0.6, 0.1)
    adjust.set_limits(ALL)
    adjust.reset()
    usual = SegmentConfig(threshold=0.42, separation=0.6, min_confidence=0.1)
    assert heard == [(usual, True)]
    assert adjust.limits == usual


def test_the_rest_unfolds_and_says_when_it_matters(adjust: AdjustBox, qtbot: QtBot) -> None:
    button = unfold(adjust)
    assert not adjust.more.isVisible() and button.text() == "More"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert adjust.more.isVisible()
    adjust.more.max_area.setValue(100)
    adjust.more.exclude_border.setChecked(True)
    assert button.text() == "More (2)"
    adjust.reset()
    assert button.text() == "More"


def test_areas_say_what_they_are_in_micrometres(adjust: AdjustBox) -> None:
    assert "µm²" not in adjust.min_area.toolTip()
    adjust.set_pixel_size(0.5)
    assert "30 px² are 7.5 µm²" in adjust.min_area.toolTip()
    adjust.min_area.setValue(400)
    assert "400 px² are 100 µm²" in adjust.min_area.label.toolTip()
    assert "µm²" not in adjust.more.max_area.toolTip(), "there is no limit"
    adjust.set_pixel_size(None)
    assert "µm²" not in adjust.min_area.toolTip()
