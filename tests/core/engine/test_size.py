"""The size of the objects is measured whatever the magnification."""

import cv2
import numpy as np
import pytest

from core.engine.config import SegmentConfig
from core.engine.prepare import UnitPixels
from core.engine.size import estimate_diameter
from core.image.model import Image
from core.models.spec import Normalisation

KNOWN = 24.0


def discs(diameter: float, side: int) -> np.ndarray:
    """(side, side, 1) of 0..1: bright discs on a grid, three radii apart."""
    pixels = np.zeros((side, side), np.float32)
    step = round(diameter * 1.5)
    for y in range(step // 2, side, step):
        for x in range(step // 2, side, step):
            centre = (round(x * 16), round(y * 16))
            cv2.circle(pixels, centre, round(diameter * 8), 1.0, -1, cv2.LINE_AA, shift=4)
    return pixels[..., None]


def look(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Like a network that is sure of discs of about 24 pixels, and unsure of what differs."""
    bright = np.ascontiguousarray(window[..., 0])
    distance = cv2.distanceTransform((bright > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    radius = max(float(distance.max()), 0.5)
    octaves = float(np.log2(2 * radius / KNOWN))
    sure = 0.55 + 0.4 * np.exp(-(octaves**2))
    return (bright > 0.5) * np.float32(sure), np.clip(distance / radius, 0, 1), octaves


def estimate(pixels: np.ndarray) -> float | None:
    image = Image(pixels, is_rgb=pixels.shape[2] == 3)
    return estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, look)


@pytest.mark.parametrize("diameter", [6, 12, 24, 50, 100, 180])
@pytest.mark.parametrize("side", [512, 1100])
def test_the_diameter_is_found(diameter: float, side: int) -> None:
    found = estimate(discs(diameter, side))
    assert found == pytest.approx(diameter, rel=0.25)


def test_an_empty_image_has_no_size() -> None:
    assert estimate(np.zeros((300, 200, 3), np.float32)) is None


def test_an_image_of_a_few_pixels_is_not_measured() -> None:
    assert estimate(np.ones((3, 5, 1), np.float32)) is None


def test_the_objects_lie_in_a_corner() -> None:
    pixels = np.zeros((2000, 2000, 1), np.float32)
    pixels[1500:, 1500:] = discs(20, 500)
    assert estimate(pixels) == pytest.approx(20, rel=0.2)


@pytest.mark.parametrize("wanted", [14, 84])
def test_the_guess_decides_between_cells_and_their_nuclei(wanted: float) -> None:
    cells = discs(84, 760)
    pixels = cells * 0.5
    step = 126
    for y in range(step // 2, 760, step):
        for x in range(step // 2, 760, step):
            cv2.circle(pixels, (x, y), 7, 1.0, -1)

    def nuclei_or_cells(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Outlines whatever looks about as large as is known; guesses what is wanted."""
        cells, nuclei = look(window * 1.8), look(np.clip(window * 2.5 - 1.5, 0, 1))
        foreground, cue, octaves = min(cells, nuclei, key=lambda seen: abs(seen[2]))
        return foreground, cue, octaves + np.log2(wanted / (84 if octaves is cells[2] else 14))

    image = Image(pixels, is_rgb=False)
    found = estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, nuclei_or_cells)
    assert found == pytest.approx(wanted, rel=0.3)


def test_where_nothing_is_sure_the_guess_is_taken() -> None:
    def unsure(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        foreground, cue, octaves = look(window)
        return np.minimum(foreground, 0.52), cue * 0.2, octaves + 1

    image = Image(discs(48, 512), is_rgb=False)
    found = estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, unsure)
    assert found == pytest.approx(96, rel=0.15)


@pytest.mark.parametrize(("octaves", "bound"), [(-9, 1), (12, 10_000)])
def test_a_wild_guess_stays_a_size_that_can_be_asked_for(octaves: int, bound: float) -> None:
    def lost(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        foreground, cue, _ = look(window)
        return np.minimum(foreground, 0.52), cue * 0.2, octaves

    image = Image(discs(24, 512), is_rgb=False)
    found = estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, lost)
    assert SegmentConfig(diameter=found).diameter == bound


def test_unsure_specks_beside_the_objects_do_not_count() -> None:
    pixels = discs(24, 512)
    pixels[::12, ::12] = np.maximum(pixels[::12, ::12], 0.6)

    def with_specks(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        foreground, cue, octaves = look(np.where(window > 0.8, window, 0))
        specks = (window[..., 0] > 0.15) & (foreground == 0)
        return np.where(specks, np.float32(0.51), foreground), np.where(specks, 0.1, cue), octaves

    image = Image(pixels, is_rgb=False)
    found = estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, with_specks)
    assert found == pytest.approx(24, rel=0.25)


def test_a_guess_counts_as_much_as_what_was_found_beside_it() -> None:
    """Small nuclei that look like one large object from afar; most looks are from afar."""

    def short_sighted(window: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        foreground, cue, octaves = look(window)
        if octaves > -1:
            return foreground, cue, octaves
        one = np.pad(np.ones(np.subtract(window.shape[:2], 2), np.float32), 1)
        distance = cv2.distanceTransform(one.astype(np.uint8), cv2.DIST_L2, 5)
        return one * np.float32(0.9), distance / distance.max(), 0.5

    image = Image(discs(8, 300), is_rgb=False)
    found = estimate_diameter(UnitPixels(image, Normalisation()), KNOWN, short_sighted)
    assert found == pytest.approx(8, rel=0.2)
