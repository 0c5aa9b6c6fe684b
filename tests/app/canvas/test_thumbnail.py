import numpy as np

from app.canvas.thumbnail import thumbnail
from core.image.model import Image
from core.image.pixels import LazyPixels


def gradient(height: int, width: int) -> np.ndarray:
    """Dark on the left, bright on the right, 12 bits."""
    row = np.linspace(0, 4095, width).astype(np.uint16)
    return np.broadcast_to(row[None, :, None], (height, width, 1)).copy()


def test_keeps_the_shape_and_uses_the_whole_range() -> None:
    picture = thumbnail(Image(gradient(300, 600)), 80)
    assert picture.shape == (40, 80, 4) and picture.dtype == np.uint8
    assert picture[20, 2, 0] < 15 and picture[20, 77, 0] > 240
    assert (picture[..., 3] == 255).all()


def test_a_line_of_pixels_has_one_too() -> None:
    assert thumbnail(Image(gradient(1, 5000)), 80).shape == (1, 80, 4)


def test_of_a_file_read_in_parts_the_look_is_the_same() -> None:
    pixels = gradient(3000, 3000)
    lazy = LazyPixels(pixels.shape, pixels.dtype, lambda y0, y1, x0, x1: pixels[y0:y1, x0:x1])
    whole, parts = thumbnail(Image(pixels), 80), thumbnail(Image(lazy), 80)
    assert np.abs(whole[..., 0].astype(int) - parts[..., 0]).max() < 30
