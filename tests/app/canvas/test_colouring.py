from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from app.canvas.colouring import COLOURINGS, OBJECTS, RAMP, UNKNOWN, named
from app.canvas.style import ACCENT, CanvasStyle, rgb
from core.annotation.region import Origin, Region
from tests.app.canvas.samples import square

Rows = npt.NDArray[np.float64]

# How readers who lack the red or the green cone see linear red, green and blue (Machado, Oliveira
# and Fernandes 2009, severity 1).
READERS = {
    "all cones": np.eye(3),
    "no red": np.array(
        (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        )
    ),
    "no green": np.array(
        (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        )
    ),
}


def seen_as(colors: tuple[str, ...], reader: str) -> Rows:
    """(n, 3) lightness and two colour coordinates, CIELAB, as a reader sees #rrggbb."""
    import cv2

    srgb = np.array([rgb(color) for color in colors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = (linear @ READERS[reader].T).clip(0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return cv2.cvtColor(srgb.astype(np.float32)[None], cv2.COLOR_RGB2LAB)[0].astype(float)


def region(confidence: float | None = None, **changes: object) -> Region:
    return replace(square(1, 0, 0, 9), confidence=confidence, **changes)


@pytest.mark.parametrize("reader", READERS)
def test_colours_of_objects_stay_apart_for_every_reader(reader: str) -> None:
    lab = seen_as(OBJECTS, reader)
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(lab, 2))
    assert len(set(OBJECTS)) >= 12 and nearest > (25 if reader == "all cones" else 14)


@pytest.mark.parametrize("reader", READERS)
def test_a_higher_confidence_is_lighter_for_every_reader(reader: str) -> None:
    steps = np.diff(seen_as(RAMP, reader)[:, 0])
    assert len(RAMP) == 10 and steps.min() > 3 and steps.max() < 9


def test_no_colour_is_that_of_the_selection() -> None:
    accent = seen_as(("#{:02x}{:02x}{:02x}".format(*ACCENT),), "all cones")[0]
    for colouring in COLOURINGS:
        for color in seen_as(colouring.colors, "all cones") if colouring.colors else ():
            assert np.linalg.norm(color - accent) > 20


@pytest.mark.parametrize("columns", [7, 12, 24, 25, 60, 144, 223])
def test_neighbours_in_a_grid_seldom_have_one_colour(columns: int) -> None:
    """Objects are numbered row by row, as a network finds them."""
    key = named("object").key
    keys = np.array([key(replace(region(), id=i + 1)) for i in range(columns * 60)])
    grid = keys.reshape(60, columns)
    beside, below = grid[:, 1:] == grid[:, :-1], grid[1:] == grid[:-1]
    assert beside.mean() < 0.02 and below.mean() < 0.2
    assert np.bincount(keys, minlength=12).min() > 0.7 * keys.size / 12


@pytest.mark.parametrize(
    ("confidence", "key"),
    [(None, UNKNOWN), (0.0, 0), (0.099, 0), (0.1, 1), (0.3, 3), (0.7, 7), (0.899, 8), (1.0, 9)],
)
def test_confidence_is_binned_and_none_is_grey(confidence: float | None, key: int) -> None:
    colouring = named("confidence")
    assert colouring.key(region(confidence)) == key
    red, green, blue = rgb(colouring.colors[UNKNOWN])
    assert red == green == blue


def test_origin_and_review_state() -> None:
    origin, review = named("origin").key, named("review").key
    kinds = [origin(region(origin=Origin(kind))) for kind in ("human", "model", "import")]
    assert kinds == [0, 1, 2]
    states = [{}, {"edited": True}, {"reviewed": True}, {"edited": True, "reviewed": True}]
    assert [review(region(**state)) for state in states] == [0, 1, 2, 2]


@pytest.mark.parametrize("colouring", COLOURINGS, ids=lambda c: c.by)
def test_every_key_has_a_colour_and_a_place_in_the_legend(colouring: object) -> None:
    assert colouring in COLOURINGS
    legend = [key for row in colouring.legend for key in row.keys]
    assert legend == list(range(len(colouring.colors)))
    assert bool(legend) == (colouring.by != "class")


def test_the_style_knows_the_colour_of_each_key() -> None:
    style = CanvasStyle({0: (1, 2, 3)})
    assert style.color(style.paint(region())) == (1, 2, 3)
    style = replace(style, colouring=named("review"))
    assert style.color(style.paint(region(reviewed=True))) == rgb(named("review").colors[2])
