import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.panels.channel_box import ChannelBox
from app.panels.segmentation_panel import SegmentationPanel
from app.theme.icons import Icons
from core.image.model import Image
from core.image.source import Channel

NAMES = (Channel("DAPI"), Channel(), Channel("R&D"))
MARKED = Image(np.zeros((4, 5, 3), np.uint16), channel_info=NAMES)
COLOURS = Image(np.zeros((4, 5, 3), np.uint8), is_rgb=True)
GREY = Image(np.zeros((4, 5, 1), np.uint8))


@pytest.fixture
def panel(qtbot: QtBot) -> SegmentationPanel:
    panel = SegmentationPanel(Icons())
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def box(qtbot: QtBot) -> ChannelBox:
    box = ChannelBox()
    qtbot.addWidget(box)
    box.chosen.connect(lambda channels: box.show_channels(MARKED, channels))
    box.show_channels(MARKED, ())
    return box


def entries(box: ChannelBox) -> list[tuple[str, bool]]:
    """What the menu offers, and what is checked."""
    box.menu.aboutToShow.emit()
    return [(a.text(), a.isChecked()) for a in box.menu.actions() if not a.isSeparator()]


def click(box: ChannelBox, text: str) -> None:
    box.menu.aboutToShow.emit()
    next(a for a in box.menu.actions() if a.text() == text).trigger()


def test_channels_have_the_names_of_the_file(box: ChannelBox) -> None:
    assert box.button.text() == "automatic: DAPI"
    assert entries(box) == [
        ("automatic: DAPI", True),
        ("DAPI", False),
        ("Channel 2", False),
        ("R&&D", False),
    ]


def test_channels_are_joined_and_left_out(box: ChannelBox) -> None:
    told: list[tuple[int, ...]] = []
    box.chosen.connect(told.append)
    click(box, "R&&D")
    click(box, "DAPI")
    assert box.button.text() == "DAPI + R&&D"
    click(box, "R&&D")
    click(box, "automatic: DAPI")
    assert told == [(2,), (0, 2), (0,), ()]


def test_a_channel_that_the_image_lacks_stays_in_sight(box: ChannelBox) -> None:
    box.show_channels(GREY, (1,))
    assert box.button.text() == "Channel 2 (not in this image)"
    assert ("Channel 2 (not in this image)", True) in entries(box)
    box.show_channels(None, ())
    assert len(entries(box)) == 1


@pytest.mark.parametrize(
    ("image", "channels", "above", "below"),
    [
        (None, (), False, False),
        (GREY, (), False, False),
        (GREY, (1,), True, False),
        (MARKED, (), True, False),
        (COLOURS, (), False, True),
        (COLOURS, (1,), True, False),
    ],
)
def test_the_choice_is_where_it_is_needed(
    panel: SegmentationPanel,
    image: Image | None,
    channels: tuple[int, ...],
    above: bool,
    below: bool,
) -> None:
    panel.set_channels(channels)
    panel.set_image(image)
    assert panel.run.channels.isVisibleTo(panel.run) == above
    assert panel.adjust.more.channels.isVisibleTo(panel.adjust.more) == below
    assert panel.run_settings.config.channels == channels


def test_a_colour_of_a_colour_image(panel: SegmentationPanel) -> None:
    panel.set_image(COLOURS)
    told: list[tuple[int, ...]] = []
    panel.channels_chosen.connect(told.append)
    below = panel.adjust.more.channels
    assert [text for text, _ in entries(below)] == ["automatic: colours", "Red", "Green", "Blue"]
    click(below, "Green")
    assert told == [(1,)] and panel.run.channels.button.text() == "Green"
    assert panel.run_settings.config.channels == (1,)


def test_what_changes_the_next_run_is_told(panel: SegmentationPanel, qtbot: QtBot) -> None:
    told: list[bool] = []
    panel.run_changed.connect(lambda: told.append(True))
    panel.set_image(MARKED)
    click(panel.run.channels, "DAPI")
    panel.run.size_box.unit.setCurrentIndex(1)
    panel.run.size_box.field.setValue(17)
    assert len(told) == 3


def test_a_run_under_way_heeds_no_other_channels(panel: SegmentationPanel) -> None:
    panel.run.show_progress(0, 1, "")
    assert not panel.run.channels.isEnabled()
