import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.viewport import FIT_MARGIN, Viewport

sides = st.integers(1, 20_000)
screens = st.floats(50, 3000)
points = st.tuples(st.floats(0, 3000), st.floats(0, 3000))
views = st.builds(lambda w, h, a, b: Viewport(w, h, a, b).fitted(), sides, sides, screens, screens)


@given(views, points, st.floats(0.01, 100))
def test_to_image_and_back(view: Viewport, at: tuple[float, float], factor: float) -> None:
    zoomed = view.zoomed(factor)
    assert zoomed.to_screen(*zoomed.to_image(*at)) == pytest.approx(at, abs=1e-6)


@given(views)
def test_fit_shows_the_whole_image_with_a_margin(view: Viewport) -> None:
    x0, y0 = view.to_screen(0, 0)
    x1, y1 = view.to_screen(view.image_width, view.image_height)
    assert min(x0, y0) >= FIT_MARGIN - 1e-6
    assert x1 <= view.width - FIT_MARGIN + 1e-6 and y1 <= view.height - FIT_MARGIN + 1e-6
    assert min(x0, y0) == pytest.approx(FIT_MARGIN)


@given(views, st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)), st.floats(1, 20))
def test_zooming_in_keeps_the_point_under_the_cursor(
    view: Viewport, part: tuple[float, float], factor: float
) -> None:
    at = view.to_screen(part[0] * view.image_width, part[1] * view.image_height)
    before = view.to_image(*at)
    assert view.zoomed(factor, at).to_image(*at) == pytest.approx(before, rel=1e-6, abs=1e-6)


@given(views, st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.1, 9))))
def test_the_image_cannot_be_lost(view: Viewport, moves: list[tuple[float, float, float]]) -> None:
    for dx, dy, factor in moves:
        view = view.panned(dx, dy).zoomed(factor, (dx % view.width, dy % view.height))
    assert 0 <= view.x <= view.image_width and 0 <= view.y <= view.image_height
    assert view.scale_range[0] <= view.scale <= view.scale_range[1]


@given(views)
def test_fit_and_actual_size_are_always_within_range(view: Viewport) -> None:
    smallest, largest = view.scale_range
    assert smallest <= view.fit_scale / 4 * 1.000001 and largest >= 64
    assert view.zoomed_to(1.0).scale == 1.0
    assert view.zoomed_to(1e9).scale == largest and view.zoomed_to(0).scale == smallest


def test_panning_pushes_the_picture_with_the_mouse() -> None:
    view = Viewport(1000, 1000, 200, 100, scale=2.0, x=500, y=500)
    assert view.panned(10, -20).to_screen(500, 500) == (110, 30)


def test_a_fitted_image_stays_fitted_when_the_window_grows() -> None:
    view = Viewport(300, 200, 400, 300).fitted()
    assert view.resized(800, 700).is_fitted
    zoomed = view.zoomed(3).resized(800, 700)
    assert zoomed.scale == view.scale * 3 and (zoomed.x, zoomed.y) == (view.x, view.y)


def test_showing_keeps_the_scale_of_what_is_well_visible() -> None:
    view = Viewport(1000, 1000, 400, 400, scale=1.0, x=0, y=0)
    seen = view.showing((500, 500, 560, 540))
    assert (seen.scale, seen.x, seen.y) == (1.0, 530, 520)


@pytest.mark.parametrize("side", [0.5, 900.0])
def test_showing_zooms_to_what_is_tiny_or_does_not_fit(side: float) -> None:
    view = Viewport(1000, 1000, 400, 400, scale=1.0, x=0, y=0)
    seen = view.showing((50, 50, 50 + side, 50 + side))
    assert side * seen.scale == pytest.approx(min(100, side * 64))


def test_visible_is_what_the_corners_show() -> None:
    view = Viewport(100, 100, 40, 20, scale=2.0, x=50, y=50)
    assert view.visible == (40, 45, 60, 55)
