from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.canvas import luts
from app.canvas.display import Display, Look, auto_display
from app.panels.display_panel import DisplayPanel
from core.image.model import Image
from core.image.scale import Window
from core.image.source import Channel, Plane
from tests.app.panels.fakes import FakeSession

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64) + 900
ONE = Image(RAMP[..., None], content_hash="one")
TWO = Image(np.stack([RAMP, RAMP // 2], axis=2), content_hash="two")
COLOUR = Image(np.zeros((8, 8, 3), np.uint8) + np.array([3, 100, 250], np.uint8), is_rgb=True)


class FakeCanvas(QObject):
    """Has a display only some time after an image."""

    display_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.display: Display | None = None

    def set_display(self, display: Display) -> None:
        self.display = display

    @property
    def looks(self) -> tuple[Look, ...]:
        assert self.display is not None
        return self.display.channels


@pytest.fixture
def canvas() -> FakeCanvas:
    return FakeCanvas()


@pytest.fixture
def panel(session: FakeSession, canvas: FakeCanvas, qtbot: QtBot) -> DisplayPanel:
    panel = DisplayPanel(session, canvas)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def shown(session: FakeSession, canvas: FakeCanvas) -> "Shown":
    return Shown(session, canvas)


class Shown:
    """Puts images onto the canvas."""

    def __init__(self, session: FakeSession, canvas: FakeCanvas) -> None:
        self._session, self._canvas = session, canvas

    def announce(self, image: Image | None) -> None:
        self._session.image, self._canvas.display = image, None
        self._canvas.display_changed.emit()

    def __call__(self, image: Image) -> Display:
        """With its automatic display, which is returned."""
        self.announce(image)
        self._canvas.display = auto_display(image)
        self._canvas.display_changed.emit()
        return auto_display(image)


def typed(field: QWidget, text: str) -> None:
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_panel_waits_for_the_canvas(panel: DisplayPanel, shown: Shown) -> None:
    assert not panel.isEnabled()
    shown.announce(TWO)
    assert not panel.isEnabled() and panel.channels.count() == 2
    first = shown(TWO).channels[0]
    assert panel.isEnabled() and panel.black.value() == first.window.low
    shown.announce(None)
    assert not panel.isEnabled() and panel.channels.count() == 0


@pytest.mark.parametrize("image", [ONE, COLOUR], ids=["grey", "colour"])
def test_one_channel_is_simple(panel: DisplayPanel, shown: Shown, image: Image) -> None:
    shown(image)
    for part in (panel.channels, panel.colour, panel.gamma, panel.keep):
        assert not part.isVisible()
    for part in (panel.view, panel.black, panel.white, panel.auto, panel.full):
        assert part.isVisible()
    panel.unfold.click()
    assert panel.gamma.isVisible() and panel.keep.isVisible()
    assert panel.colour.isVisible() == (image is ONE)


def test_looking_changes_nothing(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    before = shown(TWO)
    for row in (1, 0):
        panel.channels.setCurrentRow(row)
    panel.unfold.click()
    assert canvas.display == before


def test_a_window_by_hand_and_back(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    before = shown(TWO)
    panel.channels.setCurrentRow(1)
    panel.view.moved.emit(Window(600, 1000))
    second = replace(before.channels[1], window=Window(600, 1000))
    assert canvas.looks == (before.channels[0], second)
    assert (panel.black.value(), panel.white.value()) == (600, 1000)
    panel.auto.click()
    assert canvas.display == before
    panel.full.click()
    assert canvas.looks[1].window == Window(450, 2497)


def test_values_are_typed(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    shown(ONE)
    typed(panel.white, "65535")
    assert canvas.looks[0].window.high == 65535
    typed(panel.black, "0")
    assert canvas.looks[0].window == Window(0, 65535)
    typed(panel.white, "-4")
    assert canvas.looks[0].window == Window(0, 0)
    assert panel.white.value() == 0


def test_a_channel_is_hidden(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    shown(TWO)
    panel.channels.setCurrentRow(1)
    QTest.keyClick(panel.channels, Qt.Key.Key_Space)
    assert [look.visible for look in canvas.looks] == [True, False]
    assert panel.channels.currentRow() == 1


def test_colour_and_gamma(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    before = shown(TWO).channels
    panel.channels.setCurrentRow(1)
    panel.colour.chosen.emit(luts.HEAT)
    panel.gamma.slider.setValue(50)
    assert canvas.looks == (before[0], replace(before[1], lut=luts.HEAT, gamma=0.5))
    assert panel.colour.currentText() == "Heat"
    panel.channels.setCurrentRow(0)
    assert panel.gamma.value == 1 and panel.colour.currentText() == "Green"


def test_colours_of_one_picture_change_together(
    panel: DisplayPanel, shown: Shown, canvas: FakeCanvas
) -> None:
    shown(COLOUR)
    panel.view.moved.emit(Window(3, 100))
    panel.gamma.slider.setValue(200)
    assert [(look.window, look.gamma) for look in canvas.looks] == [(Window(3, 100), 2)] * 3


def test_what_is_folded_away_is_counted(panel: DisplayPanel, shown: Shown) -> None:
    shown(ONE)
    assert panel.unfold.text() == "More"
    panel.gamma.slider.setValue(50)
    panel.colour.chosen.emit(luts.INVERTED)
    panel.keep.click()
    assert panel.unfold.text() == "More (3)"


def test_names_of_the_file(panel: DisplayPanel, shown: Shown) -> None:
    shown(Image(TWO.pixels, channel_info=(Channel("DAPI", (0, 0, 255)),)))
    assert [panel.channels.item(row).text() for row in (0, 1)] == ["DAPI", "Channel 2"]
    assert panel.colour.currentText() == "Blue"


def test_planes_of_a_file_keep_its_display(
    panel: DisplayPanel, shown: Shown, canvas: FakeCanvas
) -> None:
    shown(TWO)
    panel.view.moved.emit(Window(5, 9))
    former = canvas.display
    shown(Image(np.asarray(TWO.pixels) // 3, content_hash="two", plane=Plane(z=4)))
    assert canvas.display == former and panel.white.value() == 9
    other = shown(Image(np.asarray(TWO.pixels) // 3, content_hash="three"))
    assert canvas.display == other


def test_what_a_person_chose_comes_back_with_the_project(
    panel: DisplayPanel, shown: Shown, canvas: FakeCanvas, session: FakeSession
) -> None:
    shown(ONE)
    panel.keep.click()
    panel.keep.click()
    assert session.displays == {}, "nothing was changed"
    panel.view.moved.emit(Window(5, 9))
    former, stored = canvas.display, dict(session.displays)
    session.leave()
    session.displays.clear()
    assert shown(ONE) == canvas.display, "another project"
    session.leave()
    session.displays.update(stored)
    shown(ONE)
    assert canvas.display == former and panel.white.value() == 9


def test_kept_for_the_next_images(panel: DisplayPanel, shown: Shown, canvas: FakeCanvas) -> None:
    shown(TWO)
    panel.view.moved.emit(Window(5, 9))
    former = canvas.display
    panel.keep.click()
    shown(Image(np.asarray(TWO.pixels) // 3, content_hash="three"))
    assert canvas.display == former
    grey = shown(ONE)
    assert canvas.display == grey
    panel.keep.click()
    other = shown(Image(np.asarray(TWO.pixels) // 5, content_hash="four"))
    assert canvas.display == other


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((9, 9, 1), 7, np.uint16),
        np.full((9, 9, 1), np.nan, np.float32),
        np.array([[[np.inf], [1e-9], [2e-9]]], np.float32),
        np.zeros((1, 1, 1), np.uint8),
        np.full((1, 5, 2), 2**63, np.uint64),
        np.array([[[-1e308], [1e308]]]),
    ],
)
def test_odd_images(
    panel: DisplayPanel, shown: Shown, canvas: FakeCanvas, pixels: np.ndarray
) -> None:
    shown(Image(pixels))
    panel.full.click()
    panel.auto.click()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(panel.view, key)
    assert not panel.grab().isNull()
    assert canvas.looks[0].window.high >= canvas.looks[0].window.low


def test_everything_can_be_named(panel: DisplayPanel, shown: Shown) -> None:
    shown(TWO)
    parts = (panel.channels, panel.view, panel.colour, panel.black, panel.white, panel.gamma.slider)
    assert all(part.accessibleName() for part in parts)
    helped = (panel.channels, panel.view, panel.colour, panel.auto, panel.full, panel.keep)
    assert all(part.toolTip() for part in (*helped, panel.black, panel.white, panel.unfold))
