from dataclasses import replace

import numpy as np

from app.canvas.as_seen import as_seen
from app.canvas.display import auto_display
from core.image.model import Image
from core.image.scale import Window


def test_a_figure_has_the_contrast_of_the_screen() -> None:
    image = Image(np.array([[[0], [100], [200]]], np.uint16))
    display = auto_display(image)
    narrow = replace(display, channels=(replace(display.channels[0], window=Window(0, 100)),))
    seen = as_seen(narrow)(image)
    assert seen.shape == (1, 3, 3) and seen.dtype == np.uint8
    assert seen[0, :, 0].tolist() == [0, 255, 255]


def test_colours_are_red_green_blue() -> None:
    colours = np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8)
    image = Image(colours, is_rgb=True)
    assert as_seen(auto_display(image))(image).tolist() == colours.tolist()
