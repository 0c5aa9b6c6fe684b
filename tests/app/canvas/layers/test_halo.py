"""The band of doubt: where it lies, how wide, and that parts fit to the whole."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from app.canvas.layers.frame import Frame
from app.canvas.layers.halo import HaloLayer, halo_reach
from app.canvas.viewport import Viewport
from core.annotation.region import Origin, Region
from tests.app.canvas.samples import crowd, square

WIDTH, HEIGHT = 160, 120


def ramp(width: int = 100, height: int = 100) -> np.ndarray:
    """A probability of x / width, at the centres of pixels."""
    row = (np.arange(width, dtype=np.float32) + 0.5) / width
    return np.repeat(row[None], height, axis=0)


def painted(
    view: Viewport,
    probability: np.ndarray,
    *regions: Region,
    ratio: float = 1.0,
    exposed: tuple[float, float, float, float] | None = None,
) -> np.ndarray:
    """(h, w) opacity on the device pixels."""
    columns, rows = round(view.width * ratio), round(view.height * ratio)
    pixels = np.zeros((rows, columns, 4), np.uint8)
    form = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, columns, rows, 4 * columns, form)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        HaloLayer().paint(
            painter, Frame(view, ratio, exposed or view.visible), probability, regions
        )
    return pixels[..., 3].copy()


def with_threshold(threshold: float | None) -> Region:
    return replace(square(1, 1, 1, 98), origin=Origin("model", threshold=threshold))


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("scale", [0.4, 1.0, 3.7, 20.0])
@pytest.mark.parametrize("threshold", [None, 0.3])
def test_the_band_lies_around_the_threshold(
    scale: float, ratio: float, threshold: float | None
) -> None:
    middle = 100 * (0.5 if threshold is None else threshold)
    view = Viewport(100, 100, WIDTH, HEIGHT, scale, middle, 50)
    row = painted(view, ramp(), with_threshold(threshold), ratio=ratio)[round(HEIGHT * ratio / 2)]
    x = view.to_image((np.arange(len(row)) + 0.5) / ratio, 0)[0]
    assert x[row > 20].min() == pytest.approx(max(middle - 10, x.min()), abs=1.5 + 1 / scale)
    assert x[row > 20].max() == pytest.approx(min(middle + 10, x.max()), abs=1.5 + 1 / scale)
    assert (x * row).sum() / row.sum() == pytest.approx(middle, abs=0.5 + 0.5 / scale)
    assert row.max() > 150


def test_far_from_the_regions_there_is_none() -> None:
    view = Viewport(100, 100, 100, 100, 1.0, 50, 50)
    shown = painted(view, np.full((100, 100), 0.5, np.float32), square(1, 40, 40, 10))
    reach = halo_reach(1.0)
    assert shown[45, 45] > 180 and shown[45, 52] > 100
    rows, columns = np.nonzero(shown)
    low, high = 40 - reach, 50 + reach
    assert rows.min() >= low and rows.max() <= high
    assert columns.min() >= low and columns.max() <= high


def test_a_sharp_border_has_nearly_none() -> None:
    probability = np.zeros((100, 100), np.float32)
    probability[40:60, 40:60] = 1
    view = Viewport(100, 100, 200, 200, 2.0, 50, 50)
    assert painted(view, probability, square(1, 40, 40, 20)).mean() < 4


def test_overlapping_regions_do_not_cancel_out() -> None:
    view = Viewport(100, 100, 100, 100, 1.0, 50, 50)
    doubt = np.full((100, 100), 0.5, np.float32)
    twice = painted(view, doubt, square(1, 20, 20, 40), square(2, 20, 20, 40))
    assert np.array_equal(twice, painted(view, doubt, square(1, 20, 20, 40)))


def test_without_regions_or_beside_the_image_nothing_is_painted() -> None:
    view = Viewport(100, 100, WIDTH, HEIGHT, 1.0, 50, 50)
    assert painted(view, ramp()).max() == 0
    beside = (-50.0, -50.0, -10.0, -10.0)
    assert painted(view, ramp(), with_threshold(0.5), exposed=beside).max() == 0
    assert painted(view, ramp()[:1, :1], with_threshold(0.5)).max() == 0


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.6, 17.0])
def test_a_part_that_is_painted_anew_fits_to_the_whole(scale: float) -> None:
    random = np.random.default_rng(5)
    small = random.random((30, 30), np.float32)
    probability = cv2.resize(small, (300, 300), interpolation=cv2.INTER_LINEAR)
    regions = list(crowd(20, 300, 300).values())
    for _ in range(20):
        x, y = random.uniform(50, 250, 2)
        view = Viewport(300, 300, WIDTH, HEIGHT, scale, x, y)
        whole = painted(view, probability, *regions)
        left, top = random.integers(0, 100, 2).tolist()
        right, bottom = left + 40, min(top + 30, HEIGHT)
        exposed = (*view.to_image(left, top), *view.to_image(right, bottom))
        near = [r for r in regions if touches(r, exposed, halo_reach(scale))]
        part = painted(view, probability, *near, exposed=exposed)
        inner = np.s_[top + 1 : bottom - 1, left + 1 : right - 1]
        # One 255th of probability is 8 of opacity. The map is sampled to 1/32 px, and outlines
        # that are cut at another edge are rounded otherwise.
        assert np.abs(part[inner].astype(int) - whole[inner]).max() <= 32


def touches(region: Region, bounds: tuple[float, ...], reach: float) -> bool:
    x0, y0, x1, y1 = region.bounds
    return (
        x1 + reach >= bounds[0]
        and x0 - reach <= bounds[2]
        and y1 + reach >= bounds[1]
        and y0 - reach <= bounds[3]
    )
