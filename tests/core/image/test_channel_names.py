import numpy as np

from core.image.channel_names import channel_names
from core.image.model import Image
from core.image.source import Channel


def names(count: int, *told: str, rgb: bool = False) -> tuple[str, ...]:
    info = tuple(map(Channel, told))
    return channel_names(Image(np.zeros((2, 2, count), np.uint8), rgb, channel_info=info))


def test_the_file_s_own_names_else_numbers() -> None:
    assert names(1) == ("Channel 1",)
    assert names(2, "DAPI", "") == ("DAPI", "Channel 2")
    assert names(3, "DAPI") == ("DAPI", "Channel 2", "Channel 3")
    assert names(1, "DAPI", "of another channel") == ("DAPI",)


def test_a_colour_image_has_colours() -> None:
    assert names(3, "a", "b", "c", rgb=True) == ("Red", "Green", "Blue")
