"""Figures as PNG and SVG, opened by Pillow and by an XML parser."""

import io
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from PIL import Image

from core.annotation.geometry import to_shapely
from core.annotation.region import Region, ring
from core.errors import CannotWrite, UnreadableImage
from core.formats import overlay_png, overlay_svg
from core.formats.figure import figure_of, length_text, places_inside, round_length
from core.formats.picture import Picture, Rgb8
from core.image import model
from tests.core.formats.pictures import image_for, picture_for
from tests.core.formats.samples import annotations, regions, square

SVG = "{http://www.w3.org/2000/svg}"
BLUE, GREEN = (0x56, 0xB4, 0xE9), (0, 0x9E, 0x73)
DARK = Picture(lambda: model.Image(np.zeros((50, 64, 1), np.uint8)))


def drawn(folder: Path, picture: Picture = DARK, **options: str) -> Rgb8:
    """annotations() as a figure without a bar."""
    codec = overlay_png.CODEC.with_options({"bar": "no"} | options)
    codec.write(folder / "a.png", annotations(), overwrite=True, picture=picture)
    with Image.open(folder / "a.png") as png:
        assert png.mode == "RGB"
        return np.asarray(png)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_outlines_lie_where_the_objects_are_in_their_colours(size: int, tmp_path: Path) -> None:
    pixels = drawn(tmp_path, size=str(size))
    assert pixels.shape == (50 * size, 64 * size, 3)
    rows, columns = np.nonzero(pixels.any(axis=2))
    points = shapely.points((columns + 0.5) / size, (rows + 0.5) / size)
    edges = shapely.union_all([to_shapely(r.rings).boundary for r in regions()])
    assert shapely.distance(edges, points).max() <= 1.6
    for region in regions():
        color = GREEN if region.class_id == 3 else BLUE
        for points_of_ring in region.rings:
            line = shapely.LinearRing(points_of_ring)
            x, y = shapely.get_coordinates(line.interpolate(0.3, normalized=True))[0] * size
            around = pixels[max(0, int(y) - 1) : int(y) + 2, max(0, int(x) - 1) : int(x) + 2]
            assert np.abs(around.reshape(-1, 3).astype(int) - color).sum(axis=1).min() < 120


def test_the_image_is_as_the_person_sees_it_or_has_automatic_contrast(tmp_path: Path) -> None:
    red = np.full((50, 64, 3), (200, 10, 10), np.uint8)
    seen = Picture(lambda: image_for(annotations()), lambda image: red)
    assert tuple(drawn(tmp_path, seen)[0, 0]) == (200, 10, 10)
    automatic = drawn(tmp_path, seen, contrast="auto")[0]
    assert (automatic[:, 0] == automatic[:, 2]).all() and automatic.max() > 200


def test_colours_stay_as_they_are(tmp_path: Path) -> None:
    colours = picture_for(annotations(), 3, "uint8")
    pixels = drawn(tmp_path, colours)
    np.testing.assert_array_equal(pixels[0, :3], image_for(annotations(), 3, "uint8").pixels[0, :3])


def test_of_many_channels_the_first_are_shown(tmp_path: Path) -> None:
    pixels = np.zeros((50, 64, 20), np.uint8)
    pixels[0, 0, 8:], pixels[0, 1, 7] = 200, 200
    corner = drawn(tmp_path, Picture(lambda: model.Image(pixels)))[0, :2]
    assert not corner[0].any() and corner[1].any()


def test_numbers_and_bar_are_drawn_when_they_are_wanted(tmp_path: Path) -> None:
    items = annotations()
    bare = figure_of(items, DARK, bar="no")
    assert bare.places is None and bare.bar is None
    assert figure_of(annotations(pixel_size_um=None), DARK).bar is None
    figure = figure_of(items, DARK, numbers="yes")
    assert figure.bar is not None and figure.places is not None
    assert figure.bar.text == "5 µm" and figure.bar.width == pytest.approx(5 / 0.325)
    assert not np.array_equal(drawn(tmp_path, numbers="yes"), drawn(tmp_path))
    with_bar = drawn(tmp_path, bar="yes", size="4")
    bar = figure_of(items, DARK, size="4").bar
    x, y = (bar.x + 1) * 4, (bar.y + bar.height / 2) * 4
    assert tuple(with_bar[int(y), int(x)]) == (255, 255, 255)


SIZES = [(64, 64), (50, 40), (300, 40), (40, 300), (900, 700)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("pixel_size_um", [0.1, 13, 2e-4])
def test_the_bar_and_its_length_lie_within_the_image(
    width: int, height: int, pixel_size_um: float
) -> None:
    items = annotations([], width=width, height=height, pixel_size_um=pixel_size_um)
    black = Picture(lambda: model.Image(np.zeros((height, width, 1), np.uint8)))
    for size in ("1", "2", "4"):
        with Image.open(io.BytesIO(overlay_png.encode(items, black, size=size).data)) as png:
            rows, columns = np.nonzero(np.asarray(png).any(axis=2))
            assert columns.min() > 0 and columns.max() < png.width - 1
            assert rows.min() > 0 and rows.max() < png.height - 1
    root = ElementTree.fromstring(overlay_svg.encode(items, black).data)
    text = next(root.iter(f"{SVG}text"))
    x, half = float(text.get("x")), 0.33 * float(text.get("font-size")) * len(text.text)
    assert x - half > 0 and x + half < width


@pytest.mark.parametrize("pixels", [1, 2, 5])
def test_a_bar_on_a_tiny_image(pixels: int) -> None:
    items = annotations([], width=pixels, height=pixels)
    black = Picture(lambda: model.Image(np.zeros((pixels, pixels, 1), np.uint8)))
    assert overlay_png.encode(items, black).data


def test_the_bar_covers_no_object_where_a_corner_is_free() -> None:
    right, left = Region(1, square(70, 70, 25)), Region(2, square(5, 70, 25))
    places = []
    for items in ([], [right], [right, left]):
        told = annotations(items, width=100, height=100, pixel_size_um=1.0)
        bar = figure_of(told, picture_for(told)).bar
        places.append((bar.x < 50, bar.y < 50))
    assert places == [(False, False), (True, False), (False, True)]


def test_a_number_stands_in_its_object() -> None:
    c_shape = ring([(0, 0), (9, 0), (9, 2), (2, 2), (2, 7), (9, 7), (9, 9), (0, 9)])
    items = [Region(1, c_shape), Region(2, square(20, 20, 9), (square(22, 22, 5),)), *regions()]
    places = places_inside(items)
    for region, place in zip(items, places, strict=True):
        assert shapely.contains_xy(to_shapely(region.rings), *place)
    assert places_inside([]).shape == (0, 2)


@pytest.mark.parametrize(
    ("most", "length", "text"),
    [
        (99, 50, "50 µm"),
        (100, 100, "100 µm"),
        (4.9, 2, "2 µm"),
        (0.13, 0.1, "100 nm"),
        (2500, 2000, "2 mm"),
        (1000, 1000, "1 mm"),
        (1e-5, 1e-5, "0.01 nm"),
    ],
)
def test_round_lengths(most: float, length: float, text: str) -> None:
    assert round_length(most) == pytest.approx(length)
    assert length_text(round_length(most)) == text


def svg(folder: Path, **options: str) -> ElementTree.Element:
    items = annotations(
        classes=(replace(annotations().classes[0], name='<a> & "b" \x07'), annotations().classes[1])
    )
    codec = overlay_svg.CODEC.with_options(options)
    codec.write(folder / "a.svg", items, overwrite=True, picture=picture_for(items))
    return ElementTree.parse(folder / "a.svg").getroot()


def test_svg_has_an_image_and_a_path_for_each_object(tmp_path: Path) -> None:
    root = svg(tmp_path, numbers="yes")
    assert root.get("viewBox") == "0 0 64 50"
    assert root.findtext(f"{SVG}title") == "Präparat 1.tif"
    href = root.find(f"{SVG}image").get("href")
    with Image.open(io.BytesIO(b64decode(href.removeprefix("data:image/png;base64,")))) as png:
        assert (png.size, png.mode) == ((64, 50), "RGB")
    paths = {p.get("id"): p.get("d") for p in root.iter(f"{SVG}path")}
    assert list(paths) == ["object-2", "object-7", "object-9", "object-3"]
    for region in regions():
        rings = paths[f"object-{region.id}"].removesuffix("Z").split("Z ")
        assert len(rings) == len(region.rings)
        for text, points in zip(rings, region.rings, strict=True):
            found = np.array(text.removeprefix("M").split(), float).reshape(-1, 2)
            assert np.abs(found - points).max() <= 0.0005
    names = [group.get("data-name") for group in root.iter(f"{SVG}g") if group.get("data-name")]
    assert names == ['<a> & "b"  ', "Zellkern 細胞 µ"]
    numbers = next(g for g in root.iter(f"{SVG}g") if g.get("id") == "numbers")
    assert [text.text for text in numbers] == ["2", "3", "7", "9"]
    assert [t.text for t in next(g for g in root.iter() if g.get("id") == "scale-bar")][1] == "5 µm"


def test_no_objects_and_no_image(tmp_path: Path) -> None:
    empty = annotations([])
    for codec in (overlay_png.CODEC, overlay_svg.CODEC):
        many = codec.with_options({"numbers": "yes"})
        report = many.write(tmp_path / "a", empty, overwrite=True, picture=picture_for(empty))
        assert (report.total, report.losses) == (0, ())
        with pytest.raises(CannotWrite, match=r"image Präparat 1\.tif is part of it"):
            codec.write(tmp_path / "b", annotations())
        with pytest.raises(UnreadableImage, match="gone"):
            codec.write(tmp_path / "b", annotations(), picture=Picture(gone))
    assert not (tmp_path / "b").exists()


def gone() -> model.Image:
    raise UnreadableImage("Cannot open a.tif: it is gone.")


def test_a_figure_that_no_program_opens_is_refused() -> None:
    large = annotations([], width=15_000, height=14_000)
    with pytest.raises(CannotWrite, match="would have 210 megapixels"):
        figure_of(large, None)
