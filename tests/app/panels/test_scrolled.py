import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from app.panels.scrolled import LEAST_HEIGHT, Scrolled
from app.panels.segmentation_panel import SegmentationPanel
from app.theme.icons import Icons

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LOW, HIGH = 200, 900


@pytest.fixture
def panel() -> SegmentationPanel:
    return SegmentationPanel(Icons())


@pytest.fixture
def scrolled(qtbot: QtBot, panel: SegmentationPanel) -> Scrolled:
    scrolled = Scrolled(panel)
    qtbot.addWidget(scrolled)
    scrolled.resize(330, LOW)
    scrolled.show()
    qtbot.waitExposed(scrolled)
    return scrolled


def turn(scrolled: Scrolled, panel: SegmentationPanel) -> None:
    """Turn the wheel over a slider."""
    slider = panel.adjust.threshold.slider
    at, none = QPointF(slider.rect().center()), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        QPointF(slider.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)


def test_a_low_window_scrolls_what_it_cannot_show(
    scrolled: Scrolled, panel: SegmentationPanel
) -> None:
    panel.adjust.more.show()
    assert scrolled.minimumSizeHint().height() == LEAST_HEIGHT
    assert scrolled.verticalScrollBar().isVisible()
    assert not scrolled.horizontalScrollBar().isVisible()
    assert scrolled.frameShape() == QFrame.Shape.NoFrame
    assert panel.width() == scrolled.viewport().width()


def test_nothing_is_cut_beside_the_scroll_bar(scrolled: Scrolled, panel: SegmentationPanel) -> None:
    panel.run.size_box.show_measured(117.6)
    panel.adjust.more.show()
    width = scrolled.minimumSizeHint().width()
    assert width <= 320
    scrolled.resize(width, LOW)
    assert scrolled.viewport().width() >= panel.minimumSizeHint().width()


def test_it_is_as_high_as_its_panel(
    scrolled: Scrolled, panel: SegmentationPanel, qtbot: QtBot
) -> None:
    before = scrolled.wanted
    with qtbot.waitSignal(scrolled.wanted_changed):
        panel.adjust.more.show()
    scrolled.resize(330, HIGH)
    assert before < scrolled.wanted == scrolled.height() == panel.height()


def test_text_that_wraps_squeezes_nothing(
    scrolled: Scrolled, panel: SegmentationPanel, qtbot: QtBot
) -> None:
    panel.run.set_ready(False, False, "A long sentence that has no room in one line. " * 4)
    qtbot.waitUntil(lambda: scrolled.maximumHeight() > LOW)
    scrolled.resize(330, HIGH)
    field = panel.adjust.min_area
    qtbot.waitUntil(lambda: field.height() >= field.sizeHint().height())


def test_the_keyboard_brings_a_field_into_sight(
    scrolled: Scrolled, panel: SegmentationPanel, qtbot: QtBot
) -> None:
    scrolled.activateWindow()
    panel.run.picker.setFocus()
    qtbot.waitUntil(panel.run.picker.hasFocus)
    field = panel.adjust.min_area
    for _ in range(20):
        assert scrolled.focusPolicy() == Qt.FocusPolicy.NoFocus
        if field.hasFocus():
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert field.hasFocus()
    assert scrolled.rect().contains(field.mapTo(scrolled, field.rect().center()))


def test_the_wheel_scrolls_and_changes_no_value(
    scrolled: Scrolled, panel: SegmentationPanel
) -> None:
    before = panel.adjust.threshold.value
    turn(scrolled, panel)
    assert panel.adjust.threshold.value == before
    assert scrolled.verticalScrollBar().value() > 0


def test_the_wheel_changes_a_value_where_all_is_in_sight(
    scrolled: Scrolled, panel: SegmentationPanel
) -> None:
    scrolled.resize(330, HIGH)
    before = panel.adjust.threshold.value
    turn(scrolled, panel)
    assert panel.adjust.threshold.value != before
