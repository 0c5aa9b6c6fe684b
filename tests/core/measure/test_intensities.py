"""Brightness as a loop over masks finds it."""

import numpy as np
import pytest
from skimage.measure import regionprops

from core.annotation.raster import rasterize, regions_from_labels
from core.annotation.region import Region, ring
from core.errors import Cancelled
from core.image.model import Image
from core.image.pixels import LazyPixels
from core.measure import intensities
from core.measure.intensities import covered_part, measure_intensities, statistics
from core.progress import Ticket
from tests.core.annotation.scenes import circle
from tests.core.measure.scenes import blobs


def scene(dtype: type, channels: int = 1) -> tuple[list[Region], Image]:
    labels = blobs(3)
    regions = [Region(o.label, o.shell, o.holes) for o in regions_from_labels(labels)]
    values = np.random.default_rng(0).uniform(0, 250, (*labels.shape, channels))
    return regions, Image(values.astype(dtype))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.float64])
def test_agree_with_masks(dtype: type) -> None:
    regions, image = scene(dtype, 2)
    found = measure_intensities(regions, image)
    outside = ~np.logical_or.reduce([rasterize(r, 160, 160) for r in regions])
    for channel, columns in enumerate(found.channels):
        plane = image.pixels[..., channel]
        background = np.median(plane[outside])
        assert found.backgrounds[channel] == background
        for place, region in enumerate(regions):
            values = plane[rasterize(region, 160, 160)].astype(np.float64)
            expected = {
                "mean": values.mean(),
                "median": np.median(values),
                "sd": values.std(),
                "min": values.min(),
                "max": values.max(),
                "integrated": values.sum(),
                "mean_corrected": values.mean() - background,
                "integrated_corrected": (values - background).sum(),
            }
            for name, value in expected.items():
                assert columns[name][place] == pytest.approx(value, rel=1e-9), name
    assert found.covered == pytest.approx(1 - outside.mean())
    assert covered_part(regions, 160, 160) == found.covered


def test_agree_with_scikit_image() -> None:
    labels = blobs(4)
    image = Image(np.random.default_rng(1).integers(0, 60_000, (160, 160, 1), np.uint16))
    regions = [Region(o.label, o.shell, o.holes) for o in regions_from_labels(labels)]
    if len({r.id for r in regions}) < len(regions):
        regions = [r for r in regions if sum(o.id == r.id for o in regions) == 1]
    (columns,) = measure_intensities(regions, image).channels
    parts = {part.label: part for part in regionprops(labels, image.pixels[..., 0])}
    assert regions
    for place, region in enumerate(regions):
        part = parts[region.id]
        assert columns["mean"][place] == pytest.approx(part.intensity_mean)
        assert columns["sd"][place] == pytest.approx(part.intensity_std)
        assert columns["median"][place] == part.intensity_median
        assert columns["max"][place] == part.intensity_max


def test_where_two_overlap_both_have_the_pixels() -> None:
    square = ring([(2, 2), (6, 2), (6, 6), (2, 6)])
    pixels = np.zeros((10, 10, 1), np.uint8)
    pixels[2:6, 2:6] = 8
    found = measure_intensities([Region(1, square), Region(2, square + 2)], Image(pixels))
    assert found.channels[0]["integrated"].tolist() == [128, 32]
    assert found.covered == 28 / 100


def test_without_a_pixel_there_is_no_number() -> None:
    tiny = ring([(1.1, 1.1), (1.3, 1.1), (1.2, 1.3)])
    far = ring([(50, 50), (60, 50), (60, 60)])
    found = measure_intensities([Region(1, tiny), Region(2, far)], Image(np.ones((9, 9, 1))))
    for name in ("mean", "median", "sd", "min", "max", "integrated", "mean_corrected"):
        assert np.isnan(found.channels[0][name]).all(), name


def test_without_background_nothing_is_corrected() -> None:
    everything = ring([(0, 0), (9, 0), (9, 9), (0, 9)])
    found = measure_intensities([Region(1, everything)], Image(np.ones((9, 9, 1))))
    assert np.isnan(found.backgrounds[0])
    assert np.isnan(found.channels[0]["mean_corrected"][0])
    assert found.channels[0]["mean"][0] == 1


def test_no_regions() -> None:
    found = measure_intensities([], Image(np.ones((9, 9, 2), np.uint8)))
    assert [columns["mean"].shape for columns in found.channels] == [(0,), (0,)]
    assert (found.backgrounds, found.covered) == ((1, 1), 0)


def test_values_that_are_no_numbers_stay_in_their_object() -> None:
    pixels = np.ones((20, 20, 1), np.float32)
    pixels[3, 3], pixels[13, 13] = np.nan, np.inf
    regions = [Region(i, ring(circle(c, c, 2.5))) for i, c in enumerate((3.5, 13.5, 8.5), 1)]
    (columns,) = measure_intensities(regions, Image(pixels)).channels
    assert np.isnan(columns["mean"][0])
    assert columns["max"][1] == np.inf
    assert columns["mean"][2] == 1


def test_sums_of_16_bits_do_not_overflow() -> None:
    values = np.full(200_000, 65_535, np.uint16)
    columns = statistics(values, np.array([200_000]))
    assert columns["integrated"][0] == 200_000 * 65_535
    assert columns["sd"][0] == 0


def test_pixels_in_a_file_are_read_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """And in batches, with a coarser look at the background: the numbers stay."""
    regions, image = scene(np.uint16)
    whole = measure_intensities(regions, image)
    read: list[int] = []

    def part(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
        read.append(y1 - y0)
        return np.asarray(image.pixels[y0:y1, x0:x1])

    monkeypatch.setattr(intensities, "AT_ONCE", 2)
    monkeypatch.setattr(intensities, "STRIP", 16)
    lazy = Image(LazyPixels((160, 160, 1), np.dtype(np.uint16), part))
    found = measure_intensities(regions, lazy)
    assert max(read) < 160
    assert found.backgrounds == whole.backgrounds
    for name, column in whole.channels[0].items():
        np.testing.assert_array_equal(found.channels[0][name], column)
    monkeypatch.setattr(intensities, "GRID", 160 * 160 // 9)
    coarse = measure_intensities(regions, lazy)
    assert coarse.backgrounds[0] == pytest.approx(whole.backgrounds[0], rel=0.1)
    assert coarse.covered == pytest.approx(whole.covered, abs=0.02)


def test_can_be_stopped() -> None:
    regions, image = scene(np.uint8)
    ticket = Ticket()
    ticket.stop.set()  # type: ignore[attr-defined]
    with pytest.raises(Cancelled):
        measure_intensities(regions, image, ticket)


def test_large_objects_are_measured_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    regions, image = scene(np.uint8)
    whole = measure_intensities(regions, image)
    monkeypatch.setattr(intensities, "PIXELS_AT_ONCE", 500)
    batches = intensities._batches(regions)
    assert len(batches) > 2
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(regions)))
    found = measure_intensities(regions, image)
    for name, column in whole.channels[0].items():
        np.testing.assert_array_equal(found.channels[0][name], column)
