from dataclasses import replace

import numpy as np
import pytest

from app.canvas.polygon_store import PolygonStore
from app.canvas.style import CanvasStyle
from app.canvas.tile_renderer import render
from core.annotation.raster import rasterize
from core.annotation.region import Region
from tests.app.canvas.samples import CLASSES, blob, crowd, square

STYLE = CanvasStyle().with_classes(CLASSES)
SIZE = 128


def painted(
    regions: dict[int, Region],
    style: CanvasStyle = STYLE,
    origin: tuple[float, float] = (0, 0),
    scale: float = 1.0,
    marked: frozenset[int] = frozenset(),
    width: float = 1.0,
) -> np.ndarray:
    store = PolygonStore(regions)
    rows = store.rows_in((-1e9, -1e9, 1e9, 1e9))
    shapes = store.shapes(rows, np.array(sorted(marked), np.int64))
    return render(shapes, origin, scale, SIZE, style, width)


def test_a_fill_covers_the_pixels_of_the_region_and_no_hole() -> None:
    region = square(1, 10, 20, 60, hole=True)
    opacity = painted({1: region})[..., 3]
    inside = rasterize(region, SIZE, SIZE)
    far_inside = inside.copy()
    far_inside[1:-1, 1:-1] = np.min(
        [np.roll(inside, (i, j), (0, 1)) for i in range(-2, 3) for j in range(-2, 3)], axis=0
    )[1:-1, 1:-1]
    assert (opacity[far_inside] == round(255 * STYLE.fill_opacity)).all()
    assert opacity[50, 40] == 0 and opacity[0, 0] == 0


def test_colours_are_premultiplied_blue_green_red() -> None:
    red, green, blue = STYLE.color(0)
    pixel = painted({1: square(1, 10, 10, 60)})[40, 40].astype(float)
    share = STYLE.fill_opacity
    assert pixel == pytest.approx([blue * share, green * share, red * share, 255 * share], abs=1)


def test_no_colour_exceeds_its_opacity() -> None:
    """Qt would wrap around from white to black there."""
    extreme = CanvasStyle({0: (255, 255, 255), 1: (255, 0, 0), 2: (0, 0, 0)})
    for seed in range(5):
        picture = painted(crowd(60, SIZE, SIZE, seed), extreme)
        assert (picture[..., :3] <= picture[..., 3:]).all()


def test_an_outline_runs_along_the_edge() -> None:
    opacity = painted({1: square(1, 20, 20, 40)})[..., 3]
    # the edge x = 20 lies between the columns 19 and 20: both are half covered or more
    assert (opacity[25:55, 19:21] > 100).all()
    assert (opacity[25:55, 17] == 0).all()
    assert (opacity[25:55, 59:61] > 100).all() and (opacity[25:55, 62] == 0).all()


@pytest.mark.parametrize("width", [1.5, 2.0, 2.5, 2.9, 3.0, 4.0, 5.0, 6.0])
@pytest.mark.parametrize("corners", [4, 5, 7])
def test_an_outline_is_as_wide_as_asked_for(width: float, corners: int) -> None:
    """Whichever way it runs; Qt draws the same width where the outline is edited."""
    shape = blob(1, 64.3, 64.3, 50, corners, 0.2)
    outline = painted({1: shape}, replace(STYLE, fill_opacity=0.0), width=width)[..., 3]
    ends = np.roll(shape.shell, -1, 0) - shape.shell
    assert outline.sum() / 255 / np.hypot(*ends.T).sum() == pytest.approx(width, abs=0.8)


def test_shifted_by_whole_pixels_is_the_same_picture() -> None:
    regions = crowd(30, SIZE, SIZE)
    near = painted(regions)
    far = painted(regions, origin=(16, 32))
    assert np.array_equal(near[32 + 8 : -8, 16 + 8 : -8], far[8 : -32 - 8, 8 : -16 - 8])


def test_scale_is_tile_pixels_per_image_pixel() -> None:
    opacity = painted({1: square(1, 10, 10, 20)}, origin=(5, 5), scale=4.0)[..., 3]
    rows, columns = np.nonzero(opacity)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx(
        (20, 100, 20, 100), abs=1
    )


def test_marked_regions_have_the_accent_colour() -> None:
    pixel = painted({1: square(1, 10, 10, 60)}, marked=frozenset((1,)))[40, 40, :3]
    assert pixel[::-1] == pytest.approx([STYLE.fill_opacity * c for c in STYLE.accent], abs=1)


def test_what_is_done_with_a_region_depends_on_it_alone() -> None:
    regions = crowd(80, SIZE, SIZE, seed=3)
    for scale in (1.0, 0.25, 0.06):
        whole = painted(regions, scale=scale)
        kept = {i: r for i, r in regions.items() if r.bounds[0] * scale > 70}
        part = painted(kept, scale=scale)
        columns = slice(
            int(max(r.bounds[2] for i, r in regions.items() if i not in kept) * scale) + 4, None
        )
        assert np.array_equal(whole[:, columns], part[:, columns])


@pytest.mark.parametrize("scale", [1.0, 0.3, 0.1, 0.03, 0.003])
def test_every_region_leaves_a_trace_at_every_scale(scale: float) -> None:
    small = [r for r in crowd(60, 120, 120).values() if r.area < 40**2 * 3]
    for region in small:
        x0, y0, x1, y1 = region.bounds
        origin = ((x0 + x1) / 2 - SIZE / 2 / scale, (y0 + y1) / 2 - SIZE / 2 / scale)
        assert painted({1: region}, origin=origin, scale=scale)[..., 3].max() >= 100


def test_dense_vertices_become_an_outline_without_gaps() -> None:
    picture = painted({1: blob(1, 256, 256, 100, 700, 0.0)}, origin=(0, 0), scale=0.25)
    opaque = picture[..., 3] == 255
    neighbours = sum(np.roll(opaque, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) - 1
    assert opaque.sum() > 100 and (neighbours[opaque] >= 2).all()


def test_nothing_is_painted_twice_where_regions_overlap() -> None:
    two = painted({1: square(1, 10, 10, 80), 2: square(2, 20, 20, 40)})
    assert two[40, 40, 3] == two[75, 75, 3] == round(255 * STYLE.fill_opacity)


def test_no_fill_when_the_opacity_is_zero() -> None:
    style = CanvasStyle(STYLE.colors, fill_opacity=0.0)
    assert painted({1: square(1, 10, 10, 60)}, style)[40, 40].tolist() == [0, 0, 0, 0]
