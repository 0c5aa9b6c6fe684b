"""What helps to see: colours, legend, doubtful borders, minimap, scale bar, crosshair, peeking."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas import scene
from app.canvas.colouring import COLOURINGS, named
from app.canvas.fixtures import Places
from app.canvas.picture import painted_parts
from app.canvas.style import rgb
from app.commands import edits
from app.commands.change_regions import perform
from app.settings.schema import ColourBy
from core.annotation.region import Origin, Region
from core.image.model import Image
from tests.app.canvas.samples import crowd, noise, square
from tests.gui.canvas_desk import LEFT, RIGHT, CanvasDesk
from tests.gui.test_canvas_painting import PaintedParts, assert_same

GREY_IMAGE = 90


def flat(value: int = GREY_IMAGE, side: int = 100, pixel_size_um: float | None = None) -> Image:
    pixels = np.full((side, side, 3), value, np.uint8)
    return Image(pixels, is_rgb=True, pixel_size_um=pixel_size_um)


def places(desk: CanvasDesk) -> Places:
    return desk.canvas._fixtures.places(desk.canvas.viewport)


def inside(picture: np.ndarray, rect: QRectF) -> np.ndarray:
    x0, y0 = round(rect.left()), round(rect.top())
    return picture[y0 : y0 + round(rect.height()), x0 : x0 + round(rect.width())]


# Colours


def varied() -> list[Region]:
    """One region for each confidence, origin and state."""
    made = []
    for number in range(1, 13):
        region = square(number, 4 + 24 * ((number - 1) % 4), 4 + 32 * ((number - 1) // 4), 18)
        confidence = None if number == 12 else 0.1 * (number - 1)
        kinds = ("human", "model", "import")
        origin = Origin(kinds[number % 3])
        edited, reviewed = number % 4 == 1, number % 4 == 2
        made.append(
            replace(region, confidence=confidence, origin=origin, edited=edited, reviewed=reviewed)
        )
    return made


@pytest.mark.parametrize("live", [0, 400], ids=["tiles", "live"])
@pytest.mark.parametrize("by", ["object", "confidence", "origin", "review"])
def test_each_region_has_the_colour_of_its_key(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, by: ColourBy, live: int
) -> None:
    monkeypatch.setattr(scene, "LIVE", live)
    regions = varied()
    desk = CanvasDesk(qtbot, regions, flat(), size=(600, 600))
    desk.canvas.set_fill_opacity(1.0)
    before = desk.picture()
    desk.canvas.set_colouring(by)
    after, colouring = desk.picture(), named(by)
    assert not np.array_equal(after, before)
    for region in regions:
        x0, y0, x1, y1 = region.bounds
        at = desk.screen((x0 + x1) / 2, (y0 + y1) / 2)
        if not places(desk).legend.contains(at):
            expected = rgb(colouring.colors[colouring.key(region)])
            assert after[at.y(), at.x()] == pytest.approx(expected, abs=3), region.id
    desk.canvas.set_colouring("class")
    assert np.array_equal(desk.picture(), before)


def test_a_region_gets_another_colour_when_its_state_changes(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(1, 30, 30, 40)], flat())
    desk.canvas.set_fill_opacity(1.0)
    desk.canvas.set_colouring("review")
    at = desk.screen(50, 50)
    colors = [desk.picture()[at.y(), at.x()].tolist()]
    reviewed = replace(desk.regions[1], reviewed=True)
    perform(desk.document, edits.change(desk.document, [reviewed], "Review"))
    colors.append(desk.picture()[at.y(), at.x()].tolist())
    wanted = named("review").colors
    assert colors == [list(rgb(wanted[0])), list(rgb(wanted[2]))]


def test_the_hovered_one_keeps_its_colour_and_the_selected_ones_the_accent(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, varied(), flat(), size=(600, 600))
    desk.canvas.set_fill_opacity(0)
    desk.canvas.set_colouring("origin")
    desk.selection.hover(1)
    hovered = desk.picture()
    desk.selection.hover(0)
    desk.selection.set([1])
    selected = desk.picture()
    edge = desk.screen(13, 4)
    row = np.s_[edge.y() - 2 : edge.y() + 3, edge.x()]
    lime = np.abs(selected[row].astype(int) - desk.canvas._scene.style.accent).sum(axis=1).min()
    pink = np.array(rgb(named("origin").colors[1])) * 1.2  # a hovered line is a little lighter
    assert lime < 40 and np.abs(hovered[row] - pink.clip(0, 255)).sum(axis=1).min() < 90


def test_a_document_that_comes_later_has_the_colours_too(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, image=flat())
    desk.canvas.set_fill_opacity(1.0)
    desk.canvas.set_colouring("origin")
    other = CanvasDesk(qtbot, [square(1, 30, 30, 40)], flat())
    desk.canvas.set_document(other.document)
    at = desk.screen(50, 50)
    assert desk.picture()[at.y(), at.x()].tolist() == list(rgb(named("origin").colors[0]))
    desk.canvas.set_document(None)


def test_the_legend_explains_all_but_classes(qtbot: QtBot) -> None:
    for value in (0, 255):
        desk = CanvasDesk(qtbot, varied(), flat(value), size=(500, 400))
        for colouring in COLOURINGS:
            desk.canvas.set_colouring(colouring.by)
            plate = places(desk).legend
            assert plate.isEmpty() == (colouring.by == "class")
            if not plate.isEmpty():
                shown = inside(desk.picture(), plate)
                colors = {tuple(c) for c in shown.reshape(-1, 3).tolist()}
                assert set(map(rgb, colouring.colors)) <= colors
                assert (shown.min(axis=2) > 240).sum() > 60, "white letters"
                assert np.median(shown) < 80, "on a dark plate"
        desk.canvas.set_overlay_visible(False)
        assert places(desk).legend.isEmpty()


# Peeking


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_QuoteLeft, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_a_held_key_shows_the_bare_image(
    qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    desk = CanvasDesk(qtbot, [square(1, 30, 30, 40), square(2, 5, 5, 9)])
    desk.selection.set([1])
    desk.canvas.set_tool("vertices")
    with_outlines = desk.picture()
    desk.canvas.set_overlay_visible(False)
    desk.selection.clear()
    bare = desk.picture()
    desk.canvas.set_overlay_visible(True)
    desk.selection.set([1])
    QTest.keyPress(desk.canvas, key, held)
    assert np.array_equal(desk.picture(), bare)
    QTest.keyRelease(desk.canvas, key, held)
    assert np.array_equal(desk.picture(), with_outlines)
    QTest.keyPress(desk.canvas, key, held)
    QApplication.sendEvent(desk.canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert np.array_equal(desk.picture(), with_outlines)


def test_what_a_tool_shows_is_hidden_too_and_comes_back(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot)
    bare = desk.picture()
    desk.canvas.set_tool("polygon")
    desk.click(20, 20)
    desk.click(80, 30)
    drawing = desk.picture()
    QTest.keyPress(desk.canvas, Qt.Key.Key_QuoteLeft)
    assert np.array_equal(desk.picture(), bare)
    QTest.keyRelease(desk.canvas, Qt.Key.Key_QuoteLeft)
    assert np.array_equal(desk.picture(), drawing)


def test_the_key_is_no_shortcut_but_with_control_it_may_be_one(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(1, 30, 30, 40)])
    before = desk.picture()
    for key, held in (
        (Qt.Key.Key_QuoteLeft, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier),
    ):
        QTest.keyPress(desk.canvas, key, held)
        assert np.array_equal(desk.picture(), before)
        QTest.keyRelease(desk.canvas, key, held)


# Doubtful borders


@pytest.fixture
def doubtful(qtbot: QtBot) -> Iterator[tuple[CanvasDesk, np.ndarray]]:
    """Two regions, and a map that is in doubt on the left half of the first."""
    probability = np.zeros((100, 100), np.float32)
    probability[20:60, 20:60] = 1
    probability[20:60, 15:30] = 0.5
    desk = CanvasDesk(qtbot, [square(1, 20, 20, 40), square(2, 75, 75, 15)], flat(), (520, 420))
    desk.canvas.set_fill_opacity(0)
    yield desk, probability
    desk.canvas.set_probability_source(lambda: None)


def test_doubt_is_shown_where_the_map_is_near_the_threshold(
    doubtful: tuple[CanvasDesk, np.ndarray],
) -> None:
    desk, probability = doubtful
    before = desk.picture()
    desk.canvas.set_halo_visible(True)
    assert np.array_equal(desk.picture(), before), "without a map there is nothing to show"
    desk.canvas.set_probability_source(lambda: probability)
    touched = (desk.picture() != before).any(axis=2)
    for x, y, shows in ((22, 40, True), (28, 40, True), (45, 40, False), (82, 82, False)):
        at = desk.screen(x, y)
        assert touched[at.y(), at.x()] == shows, (x, y)
    desk.canvas.set_probability_source(lambda: probability[:50])  # of another image
    assert np.array_equal(desk.picture(), before)


def test_among_many_only_the_special_ones_show_doubt(
    doubtful: tuple[CanvasDesk, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "LIVE", 1)
    desk, probability = doubtful
    desk.canvas.set_probability_source(lambda: probability)
    at = desk.screen(22, 40)

    def shows() -> bool:
        desk.canvas.set_halo_visible(False)
        before = desk.picture()
        desk.canvas.set_halo_visible(True)
        return bool((desk.picture() != before)[at.y(), at.x()].any())

    assert not shows()
    desk.selection.set([1])
    assert shows()
    desk.selection.set([2])
    assert not shows()
    desk.selection.hover(1)
    assert shows()


def test_partial_repaints_with_everything_on_leave_nothing_behind(qtbot: QtBot) -> None:
    """After each move the screen equals the same view painted as a whole."""
    random = np.random.default_rng(8)
    image = replace(noise(400, 300), pixel_size_um=0.3)
    desk = CanvasDesk(qtbot, crowd(60, 400, 300, seed=9).values(), image, size=(420, 320))
    probability = np.repeat(np.repeat(random.random((30, 40), np.float32), 10, 0), 10, 1)
    desk.canvas.set_probability_source(lambda: probability)
    desk.canvas.set_halo_visible(True)
    for fixture in ("scale_bar", "minimap", "crosshair"):
        desk.canvas.set_fixture_visible(fixture, True)
    desk.canvas.set_colouring("confidence")
    for tool, zoom in (("select", 1.3), ("vertices", 2.7), ("polygon", 6.1)):
        desk.canvas.set_tool(tool)
        desk.canvas.fit()
        desk.canvas.set_zoom(zoom)
        desk.picture()
        for _ in range(4):
            points = [on_canvas(desk, random) for _ in range(3)]
            desk.click(*points[0])
            desk.press(*points[0])
            for point in points[1:]:
                desk.move(*point, LEFT)
                assert_nearly_same(desk.on_screen(), desk.picture())
            desk.release(*points[-1])
            desk.move(*points[0])
            assert_nearly_same(desk.on_screen(), desk.picture())


def on_canvas(desk: CanvasDesk, random: np.random.Generator) -> tuple[float, float]:
    """A point of the image that is seen, away from the minimap."""
    x, y = random.uniform(20, 400), random.uniform(20, 180)
    return desk.canvas.viewport.to_image(x, y)


def assert_nearly_same(screen: np.ndarray, whole: np.ndarray) -> None:
    """Doubt is sampled to 1/32 px from wherever a part begins; on jumps of the map that shows in
    single pixels."""
    far = np.abs(screen.astype(int) - whole).max(axis=2) > 16
    assert far.mean() < 1e-3


# Minimap


@pytest.fixture
def mapped(qtbot: QtBot) -> CanvasDesk:
    desk = CanvasDesk(qtbot, [square(1, 10, 10, 80)], noise(100, 100, 3), size=(500, 400))
    desk.canvas.set_fixture_visible("minimap", True)
    desk.canvas.set_zoom(12)
    return desk


def press_at(desk: CanvasDesk, at: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(desk.canvas, button, Qt.KeyboardModifier.NoModifier, at)


def test_the_minimap_shows_the_image_and_what_is_seen_of_it(mapped: CanvasDesk) -> None:
    place = places(mapped).minimap
    shown = inside(mapped.picture(), place).astype(float)
    blocks = mapped.image.pixels.reshape(10, 10, 10, 10, 3).mean(axis=(1, 3))
    side = shown.shape[0] // 10
    means = shown[: 10 * side, : 10 * side].reshape(10, side, 10, side, 3).mean(axis=(1, 3))
    border = np.ones((10, 10), bool)
    border[1:-1, 1:-1] = False
    assert np.corrcoef(means[border].ravel(), blocks[border].ravel())[0, 1] > 0.3
    lime = np.abs(shown - mapped.canvas._scene.style.accent).sum(axis=2) < 30
    assert lime.sum() > 100
    mapped.canvas.fit()
    assert places(mapped).minimap.isEmpty()


def test_pressing_and_dragging_in_the_minimap_pans(mapped: CanvasDesk) -> None:
    place, before = places(mapped).minimap, mapped.canvas.viewport
    at = QPointF(place.left() + 0.25 * place.width(), place.top() + 0.75 * place.height())
    press_at(mapped, at.toPoint())
    view = mapped.canvas.viewport
    assert (view.x, view.y) == pytest.approx((25, 75), abs=1) and view.scale == before.scale
    other = QPointF(place.left() + 0.5 * place.width(), place.top() - 40)  # beyond it
    mapped.move(*view.to_image(other.x(), other.y()), LEFT)
    view = mapped.canvas.viewport
    assert (view.x, view.y) == pytest.approx((50, 0), abs=1)
    mapped.release(50, 50)
    mapped.move(30, 30)
    assert mapped.canvas.viewport == view
    assert mapped.selection.ids == frozenset() and mapped.document.stack.count() == 0


@pytest.mark.parametrize("button", [LEFT, RIGHT])
def test_what_lies_under_the_minimap_is_out_of_reach(
    mapped: CanvasDesk, button: Qt.MouseButton
) -> None:
    middle = places(mapped).minimap.center()
    mapped.canvas.set_tool("polygon")
    press_at(mapped, middle.toPoint(), button)
    QTest.mouseRelease(mapped.canvas, button, Qt.KeyboardModifier.NoModifier, middle.toPoint())
    assert not mapped.canvas._scene.is_sketching
    mapped.canvas.set_tool("select")
    mapped.canvas.fit()
    mapped.canvas.set_zoom(5)
    mapped.move(40, 40)
    assert mapped.selection.hovered == 1
    x, y = mapped.canvas.viewport.to_image(middle.x(), middle.y())
    assert 10 < x < 90 and 10 < y < 90, "the region lies under it"
    mapped.move(x, y)
    assert mapped.selection.hovered == 0


def test_a_drag_that_comes_across_the_minimap_goes_on(mapped: CanvasDesk) -> None:
    mapped.canvas.set_zoom(5)
    mapped.selection.set([1])
    at = places(mapped).minimap.center()
    x, y = mapped.canvas.viewport.to_image(at.x(), at.y())
    mapped.drag((40, 40), (45, 45), (x, y))
    assert mapped.document.stack.count() == 1


def test_a_press_on_the_minimap_in_the_middle_of_a_drag_does_nothing(mapped: CanvasDesk) -> None:
    mapped.canvas.set_zoom(5)
    mapped.selection.set([1])
    before, spot = mapped.canvas.viewport, places(mapped).minimap.center()
    at = before.to_image(spot.x(), spot.y())
    region = mapped.document.regions[1]
    mapped.press(40, 40)
    mapped.move(45, 45, LEFT)
    press_at(mapped, spot.toPoint(), RIGHT)
    mapped.release(*at, RIGHT)
    mapped.move(48, 42, LEFT)
    mapped.release(48, 42)
    assert mapped.canvas.viewport == before
    assert mapped.document.stack.count() == 1
    moved = mapped.document.regions[1].shell - region.shell
    assert moved == pytest.approx(np.tile((8, 2), (len(moved), 1)), abs=0.3)


def test_another_button_does_not_end_dragging_in_the_minimap(mapped: CanvasDesk) -> None:
    mapped.canvas.set_tool("polygon")
    place = places(mapped).minimap
    press_at(mapped, place.center().toPoint())
    mapped.press(50, 50, RIGHT)
    mapped.release(50, 50, RIGHT)
    left = place.center().x() - 0.25 * place.width()
    mapped.move(*mapped.canvas.viewport.to_image(left, place.center().y()), LEFT)
    assert mapped.canvas.viewport.x == pytest.approx(25, abs=1.5)
    mapped.release(50, 50)
    assert not mapped.canvas._scene.is_sketching


# Scale bar


@pytest.mark.parametrize("value", [0, 128, 255])
def test_the_scale_bar_is_as_long_as_it_says_on_every_stain(qtbot: QtBot, value: int) -> None:
    desk = CanvasDesk(qtbot, image=flat(value, 400, pixel_size_um=0.5), size=(500, 400))
    desk.canvas.set_fixture_visible("scale_bar", True)
    for scale, um in ((1.0, 50), (3.0, 20), (40.0, 2)):
        desk.canvas.set_zoom(scale)
        plate = places(desk).scale_bar
        shown = inside(desk.picture(), plate)
        bar = shown[round(plate.height()) - 9]
        assert (bar.min(axis=1) > 200).sum() == pytest.approx(um / 0.5 * scale, abs=1.5)
        assert shown[3, 3:40].max() < 100 and (shown[6:20].min(axis=2) > 200).sum() > 20


def test_without_a_pixel_size_there_is_no_scale_bar(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, image=flat(), size=(500, 400))
    desk.canvas.set_fixture_visible("scale_bar", True)
    assert places(desk).scale_bar.isEmpty()
    desk.canvas.set_image(flat(pixel_size_um=0.5))
    assert not places(desk).scale_bar.isEmpty()
    desk.canvas.set_fixture_visible("scale_bar", False)
    assert places(desk).scale_bar.isEmpty()


def test_nothing_in_the_corners_ever_overlaps(qtbot: QtBot) -> None:
    random = np.random.default_rng(3)
    desk = CanvasDesk(qtbot, varied(), flat(pixel_size_um=0.4))
    for fixture in ("minimap", "scale_bar"):
        desk.canvas.set_fixture_visible(fixture, True)
    for colouring in COLOURINGS * 12:
        desk.canvas.resize(*random.integers(160, 700, 2).tolist())
        desk.canvas.set_colouring(colouring.by)
        desk.canvas.set_zoom(random.uniform(1, 64))
        spots = places(desk)
        all_places = [p for p in (spots.scale_bar, spots.legend, spots.minimap) if not p.isEmpty()]
        for number, place in enumerate(all_places):
            assert QRectF(desk.canvas.rect()).contains(place)
            assert not any(place.intersects(other) for other in all_places[number + 1 :])


# Crosshair


def test_the_crosshair_follows_the_pointer_and_costs_only_its_strips(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, crowd(40, 400, 300).values(), noise(400, 300), size=(420, 320))
    bare = desk.picture()
    desk.canvas.set_fixture_visible("crosshair", True)
    desk.move(20, 30)
    desk.on_screen()
    painted = PaintedParts(desk.canvas)
    areas = []
    for x, y in ((60, 50), (200, 90), (203, 180)):
        desk.move(x, y)
        desk.selection.hover(0)
        shown = desk.on_screen()
        assert_same(shown, desk.picture())
        at = desk.screen(x, y)
        changed = (shown != bare).any(axis=2)
        assert changed[:, at.x()].mean() > 0.8 and changed[at.y()].mean() > 0.8
        assert not changed[at.y() - 6 : at.y() + 7, at.x() - 6 : at.x() + 7].all()
    areas = [sum(r.width() * r.height() for r in parts) for parts in painted.regions]
    assert min(areas) < 0.12 * 420 * 320
    QApplication.sendEvent(desk.canvas, QEvent(QEvent.Type.Leave))
    assert_same(desk.on_screen(), bare)


def test_pieces_of_a_strip_are_painted_together() -> None:
    cross = QRegion(100, 0, 7, 600) | QRegion(0, 200, 800, 7)
    assert len(painted_parts(cross)) == 2
    two = cross | QRegion(400, 0, 7, 600) | QRegion(0, 500, 800, 7)
    parts = painted_parts(two)
    assert len(parts) == 4
    covered = QRegion()
    for part in parts:
        covered |= QRegion(part)
    assert (two - covered).isEmpty() and covered == two


def test_many_scattered_pieces_are_painted_at_once() -> None:
    scattered = QRegion()
    for number in range(20):
        scattered |= QRegion(QRect(40 * number, 30 * number, 5, 5))
    assert painted_parts(scattered) == [scattered.boundingRect()]
