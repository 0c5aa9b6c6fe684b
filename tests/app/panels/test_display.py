from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from app.canvas.display import AS_STORED, Display, auto_display
from app.panels import display_edits as edits
from app.panels.display_panel import DisplayPanel
from app.panels.level_row import STEPS, LevelRow
from core.image.model import Image
from core.image.scale import Window
from tests.app.panels.fakes import FakeSession

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64) + 900
TWO = Image(np.stack([RAMP, RAMP // 2], axis=2))
COLOUR = Image(np.zeros((8, 8, 3), np.uint8) + np.array([3, 100, 250], np.uint8), is_rgb=True)


class FakeCanvas(QObject):
    """Has a display only some time after an image."""

    display_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.display: Display | None = None

    def set_display(self, display: Display) -> None:
        self.display = display


def test_channels_are_adjusted_apart_and_colours_together() -> None:
    assert edits.channels_of(TWO) == (0, 1)
    assert edits.channels_of(COLOUR) == (edits.ALL,)


def test_window_of_one_channel_leaves_the_other() -> None:
    before = auto_display(TWO)
    after = edits.with_window(before, 1, Window(5, 10))
    assert after.windows == (before.windows[0], Window(5, 10))
    assert edits.with_window(AS_STORED, edits.ALL, Window(5, 10)).windows == (Window(5, 10),) * 3


def test_white_never_falls_below_black() -> None:
    assert edits.with_window(auto_display(TWO), 0, Window(50, 10)).windows[0] == Window(50, 50)


def test_hidden_channel_comes_back_in_its_colour() -> None:
    before = auto_display(TWO)
    hidden = edits.with_visible(before, 0, False)
    assert not edits.levels(TWO, hidden, 0).visible
    assert edits.levels(TWO, hidden, 1).visible
    assert edits.with_visible(hidden, 0, True) == before


def test_automatic_and_full_range() -> None:
    squeezed = edits.with_window(auto_display(TWO), 0, Window(1, 2))
    assert edits.automatic(TWO, squeezed, 0) == auto_display(TWO)
    assert edits.full_range(TWO, squeezed, 0).windows[0] == Window(900, 4995)
    assert edits.full_range(COLOUR, AS_STORED, edits.ALL).windows[1] == Window(3, 250)


def test_full_range_looks_at_every_pixel() -> None:
    pixels = np.full((3000, 3000, 1), 100, np.uint16)
    pixels[::10, ::10] = 120
    pixels[1501, 1503], pixels[7, 9] = 4000, 3
    image = Image(pixels)
    shown = edits.full_range(image, auto_display(image), 0)
    assert shown.windows[0] == Window(3, 4000)
    assert edits.levels(image, shown, 0).bounds == Window(3, 4000)


def test_bounds_hold_the_data_and_the_window() -> None:
    wide = edits.with_window(auto_display(TWO), 0, Window(0, 65535))
    assert edits.levels(TWO, wide, 0).bounds == Window(0, 65535)


@pytest.mark.parametrize(
    ("low", "high", "value"), [(0, 65535, 1234), (0, 1, 0.25), (-3.5, 8.5, 2), (0, 1e-3, 5e-4)]
)
def test_level_row_shows_any_range(qtbot: QtBot, low: float, high: float, value: float) -> None:
    row = LevelRow("Black", "tip")
    qtbot.addWidget(row)
    told: list[float] = []
    row.moved.connect(told.append)
    row.show_value(value, Window(low, high))
    assert told == []
    assert row.value == pytest.approx(value, abs=(high - low) / 20)
    row.slider.setValue(STEPS)
    assert told == [pytest.approx(high)]


def test_level_row_of_a_constant_image(qtbot: QtBot) -> None:
    row = LevelRow("Black", "tip")
    qtbot.addWidget(row)
    row.show_value(7, Window(7, 7))
    assert row.value == 7 and row.slider.value() == 0


@pytest.fixture
def canvas() -> FakeCanvas:
    return FakeCanvas()


@pytest.fixture
def panel(session: FakeSession, canvas: FakeCanvas, qtbot: QtBot) -> DisplayPanel:
    panel = DisplayPanel(session, canvas)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.show()
    return panel


def show(session: FakeSession, canvas: FakeCanvas, image: Image) -> None:
    session.image, canvas.display = image, None
    canvas.display_changed.emit()


def prepare(canvas: FakeCanvas, image: Image) -> None:
    canvas.display = auto_display(image)
    canvas.display_changed.emit()


def test_panel_waits_for_the_canvas(
    panel: DisplayPanel, session: FakeSession, canvas: FakeCanvas, qtbot: QtBot
) -> None:
    assert not panel.isEnabled()
    show(session, canvas, TWO)
    assert not panel.isEnabled() and panel.channel.count() == 2
    prepare(canvas, TWO)
    assert panel.isEnabled()
    assert panel.black.value == pytest.approx(auto_display(TWO).windows[0].low, abs=1)
    session.image = canvas.display = None
    canvas.display_changed.emit()
    assert not panel.isEnabled() and panel.channel.count() == 0


def test_panel_changes_the_chosen_channel(
    panel: DisplayPanel, session: FakeSession, canvas: FakeCanvas, qtbot: QtBot
) -> None:
    show(session, canvas, TWO)
    prepare(canvas, TWO)
    before = canvas.display
    assert before is not None and panel.isEnabled()
    panel.channel.setCurrentIndex(1)
    assert canvas.display == before  # looking changes nothing
    panel.white.slider.setValue(STEPS // 2)
    first, second = canvas.display.windows
    assert first == before.windows[0] and second.high < before.windows[1].high
    qtbot.mouseClick(panel.auto, Qt.MouseButton.LeftButton)
    assert canvas.display == before
    panel.visible.click()
    assert canvas.display.colors[1] == edits.HIDDEN
    panel.visible.click()
    assert canvas.display == before
    qtbot.mouseClick(panel.full, Qt.MouseButton.LeftButton)
    assert canvas.display == replace(before, windows=(before.windows[0], Window(450, 2497)))


def test_one_channel_needs_no_choice(
    panel: DisplayPanel, session: FakeSession, canvas: FakeCanvas
) -> None:
    show(session, canvas, COLOUR)
    assert not panel.channel.isVisible() and not panel.visible.isVisible()
    show(session, canvas, TWO)
    assert panel.channel.isVisible()
