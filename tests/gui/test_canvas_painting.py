"""What the canvas paints: nothing missing, nothing stale, every pixel where it belongs."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.canvas import scene
from app.canvas.colouring import COLOURINGS
from app.canvas.display import Display
from app.canvas.layers import live as crowds
from app.canvas.layers import overlay
from app.canvas.luts import INVERTED
from app.canvas.polygon_store import PolygonStore
from app.canvas.style import ACCENT
from app.canvas.tile_renderer import render
from app.canvas.tiles import level_for
from app.commands import edits
from app.commands.change_regions import perform
from core.annotation.geometry import moved
from core.annotation.runs import Ints
from core.image.scale import Window
from tests.app.canvas.samples import crowd, noise, square
from tests.gui.canvas_desk import CanvasDesk, pixels

EVERYTHING = (-1e9, -1e9, 1e9, 1e9)


def look_around(desk: CanvasDesk, random: np.random.Generator) -> None:
    """Some place at some zoom, seldom twice the same."""
    width, height = desk.image.width, desk.image.height
    desk.canvas.set_zoom(float(np.exp(random.uniform(np.log(0.08), np.log(30)))))
    view = desk.canvas.viewport
    x, y = random.uniform(0, width), random.uniform(0, height)
    desk.canvas.look(view.panned((view.x - x) * view.scale, (view.y - y) * view.scale))


def change_something(desk: CanvasDesk, random: np.random.Generator) -> None:
    """Move, delete, undo, redo, select, restyle or recolour."""
    document, ids = desk.document, sorted(desk.document.regions)
    some = random.choice(ids, int(random.choice([1, 3, 90]))).tolist()
    what = int(random.integers(8))
    if what == 0:
        shift = random.normal(0, 30, 2)
        shifted = [moved(document.regions[i], *shift) for i in set(some)]
        perform(document, edits.change(document, shifted, "Move"))
    elif what == 1 and len(ids) > 100:
        perform(document, edits.delete(document, set(some[:3])))
    elif what == 2:
        document.stack.undo()
    elif what == 3:
        document.stack.redo()
    elif what == 4:
        desk.selection.set(some)
    elif what == 5:
        desk.selection.hover(some[0])
    elif what == 6:
        desk.canvas.set_colouring(COLOURINGS[int(random.integers(len(COLOURINGS)))].by)
    else:
        desk.canvas.set_fill_opacity(float(random.choice([0.0, 0.2, 0.5])))


def reference(desk: CanvasDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """The same view painted by a fresh canvas that culls nothing and has nothing cached."""

    def all_rows(store: PolygonStore, bounds: object) -> Ints:
        return rows_in(store, EVERYTHING)

    rows_in = PolygonStore.rows_in
    with monkeypatch.context() as patch:
        patch.setattr(PolygonStore, "rows_in", all_rows)
        patch.setattr(overlay, "AT_ONCE", 10**9)
        other = CanvasDesk(qtbot, image=desk.image, size=(320, 240))
        other.canvas.set_document(desk.document)
        other.canvas._scene.set_style(desk.canvas._scene.style)
        other.selection.set(desk.selection.ids)
        other.selection.hover(desk.selection.hovered)
        other.canvas.look(desk.canvas.viewport)
        picture = other.picture()
        other.canvas.set_document(None)
    other.canvas.close()
    return picture


@pytest.mark.parametrize("live", [0, 10**9], ids=["tiles", "live"])
def test_nothing_visible_is_missing_or_stale(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, live: int
) -> None:
    """200 random views with changes between them, against pictures without cache and culling."""
    monkeypatch.setattr(scene, "LIVE", live)
    monkeypatch.setattr(crowds, "BOLD_UP_TO", 0)  # the reference paints more regions than are seen
    monkeypatch.setattr(overlay, "AT_ONCE", 40)  # some tiles at once, some by the worker
    random = np.random.default_rng(7)
    regions = crowd(160, 1100, 800, seed=5)
    desk = CanvasDesk(qtbot, regions.values(), noise(1100, 800), size=(320, 240))
    for _ in range(200):
        look_around(desk, random)
        if random.random() < 0.5:
            desk.picture()
        change_something(desk, random)
        picture, expected = desk.picture(), reference(desk, qtbot, monkeypatch)
        assert np.array_equal(picture, expected), desk.canvas.viewport


def in_one_piece(desk: CanvasDesk) -> np.ndarray:
    """The view with all regions rendered as one picture, without tiles, and scaled once."""
    view, style = desk.canvas.viewport, desk.canvas._scene.style
    desk.canvas.set_overlay_visible(False)
    picture = desk.canvas.grab().toImage()
    desk.canvas.set_overlay_visible(True)
    step = 2.0 ** level_for(view.scale)
    x, y = (float(np.floor(low / step) * step) for low in view.visible[:2])
    size = int(np.ceil((view.visible[2] - x) / step)) + 1
    store = PolygonStore(desk.document.regions, style.colouring.key)
    shapes = store.shapes(store.rows_in(EVERYTHING))
    tile = render(shapes, (x, y), 1 / step, size, style, style.crowd_width)
    form = QImage.Format.Format_ARGB32_Premultiplied
    whole = QImage(tile.data, size, size, 4 * size, form)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = size * step * view.scale
        painter.drawImage(QRectF(QPointF(*view.to_screen(x, y)), QSizeF(side, side)), whole)
    return pixels(QPixmap.fromImage(picture))


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    """Nearly every pixel has a value that the other picture has there or beside it. Tiles begin at
    whole pixels of the screen, so that they are scaled a little more or less than one picture,
    and smoothing differs where two meet. A missing outline has far more such pixels together."""
    for a, b in ((one, other), (other, one)):
        around = np.ones((3, 3), np.uint8)
        low, high = cv2.erode(b, around).astype(int), cv2.dilate(b, around).astype(int)
        beyond = np.maximum(low - a, a - high).max(axis=2)
        together = 81 * cv2.blur((beyond > 24).astype(np.float32), (9, 9))
        assert beyond.max() <= 110 and together.max() <= 24


def test_tiles_look_like_one_picture_of_all_regions(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 random views from tiles, against one picture made without tiles, cache and culling."""
    monkeypatch.setattr(scene, "LIVE", 0)
    random = np.random.default_rng(21)
    regions = crowd(160, 1100, 800, seed=5)
    flat = replace(noise(8, 8), pixels=np.full((800, 1100, 3), 90, np.uint8), is_rgb=True)
    desk = CanvasDesk(qtbot, regions.values(), flat, size=(320, 240))
    for number in range(200):
        look_around(desk, random)
        if number % 20 == 0:
            desk.canvas.set_colouring(COLOURINGS[number // 20 % len(COLOURINGS)].by)
        assert_alike(without_legend(desk, desk.picture()), without_legend(desk, in_one_piece(desk)))


def without_legend(desk: CanvasDesk, picture: np.ndarray) -> np.ndarray:
    """The legend goes with the overlay, which hides it in one of the pictures."""
    place = desk.canvas._fixtures.places(desk.canvas.viewport).legend.toAlignedRect()
    picture[max(place.top() - 2, 0) : place.bottom() + 3, : place.right() + 3] = 0
    return picture


def test_every_visible_region_leaves_a_trace(qtbot: QtBot) -> None:
    """200 random views: where a region has a vertex, the picture differs from the bare image."""
    random = np.random.default_rng(3)
    regions = crowd(500, 1100, 800, seed=6)
    desk = CanvasDesk(qtbot, regions.values(), noise(1100, 800), size=(320, 240))
    seen = 0
    for _ in range(200):
        look_around(desk, random)
        shown = desk.picture().astype(int)
        desk.canvas.set_overlay_visible(False)
        touched = np.abs(shown - desk.picture()).max(axis=2) > 8
        desk.canvas.set_overlay_visible(True)
        for region in regions.values():
            x, y = np.floor(desk.canvas.viewport.to_screen(*region.shell.T)).astype(int)
            inside = (x > 2) & (x < 317) & (y > 2) & (y < 237)
            for column, row in zip(x[inside][:2], y[inside][:2], strict=True):
                seen += 1
                assert touched[row - 2 : row + 3, column - 2 : column + 3].any(), region.id
    assert seen > 5000


def test_pixels_are_hard_edged_and_exactly_in_place_from_one_to_one(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, image=noise(1300, 700, 3), size=(301, 203))
    random = np.random.default_rng(1)
    for scale in (1.0, 1.37, 2.0, 5.3, 17.77, 32.0, 64.0):
        look_around(desk, random)
        desk.canvas.set_zoom(scale)
        picture, view = desk.picture(), desk.canvas.viewport
        columns = np.floor(view.to_image(np.arange(301) + 0.5, 0)[0]).astype(int)
        rows = np.floor(view.to_image(0, np.arange(203) + 0.5)[1]).astype(int)
        inside = np.ix_((rows >= 0) & (rows < 700), (columns >= 0) & (columns < 1300))
        expected = desk.image.pixels[rows.clip(0, 699)][:, columns.clip(0, 1299)]
        assert picture[inside].size and np.array_equal(picture[inside], expected[inside])


def test_zoomed_out_is_smooth(qtbot: QtBot) -> None:
    """One-pixel stripes become grey, and not stripes of another width."""
    pixels = np.zeros((600, 800, 3), np.uint8)
    pixels[:, ::2] = 200
    desk = CanvasDesk(qtbot, image=replace(noise(8, 8), pixels=pixels, is_rgb=True))
    desk.canvas.set_zoom(0.3)
    middle = desk.picture()[140:160, 150:250]
    assert abs(middle.mean() - 100) < 3 and middle.std() < 8


def test_outlines_lie_on_the_edges_of_pixels(qtbot: QtBot) -> None:
    """A square of pixels and its outline coincide at any zoom, in tiles and live."""
    pixels = np.zeros((100, 100, 3), np.uint8)
    for scale in (0.4, 1.0, 3.3, 12.0):
        image = replace(noise(8, 8), pixels=pixels, is_rgb=True)
        desk = CanvasDesk(qtbot, [square(1, 30, 40, 20)], image, size=(1300, 1300))
        desk.canvas.set_fill_opacity(0)
        desk.canvas.set_zoom(scale)
        rows, columns = np.nonzero(desk.picture().max(axis=2) * on_image(desk) > 60)
        x0, y0 = desk.canvas.viewport.to_screen(30, 40)
        x1, y1 = desk.canvas.viewport.to_screen(50, 60)
        middle = (columns.min() + columns.max() + 1) / 2, (rows.min() + rows.max() + 1) / 2
        assert middle == pytest.approx(((x0 + x1) / 2, (y0 + y1) / 2), abs=0.6)
        assert columns.max() + 1 - columns.min() == pytest.approx(x1 - x0, abs=3)


def on_image(desk: CanvasDesk) -> np.ndarray:
    """(h, w) whether the pixels of the widget show the inner part of the image."""
    view = desk.canvas.viewport
    x = view.to_image(np.arange(view.width) + 0.5, 0)[0]
    y = view.to_image(0, np.arange(view.height) + 0.5)[1]
    return np.outer((y > 5) & (y < 95), (x > 5) & (x < 95))


def assert_same(screen: np.ndarray, whole: np.ndarray) -> None:
    """Equal but for the last bits, where Qt smooths a clipped picture from another first pixel."""
    assert np.abs(screen.astype(int) - whole).max() <= 3


@pytest.mark.parametrize("count", [30, 900])
def test_partial_repaints_leave_nothing_behind(qtbot: QtBot, count: int) -> None:
    """After each gesture the screen equals the same view painted as a whole."""
    regions = crowd(count, 400, 300, seed=9)
    desk = CanvasDesk(qtbot, regions.values(), noise(400, 300), size=(420, 320))
    desk.picture()
    random = np.random.default_rng(4)
    for tool in ("select", "vertices", "polygon", "select"):
        desk.canvas.set_tool(tool)
        for _ in range(6):
            start, *points = random.uniform(20, 280, (4, 2)).tolist()
            desk.click(*start)
            desk.press(*start)
            for point in points:
                desk.move(*point, Qt.MouseButton.LeftButton)
                assert_same(desk.on_screen(), desk.picture())
            desk.release(*points[-1])
            desk.move(*start)
            assert_same(desk.on_screen(), desk.picture())
    assert desk.document.stack.count() > 0


def test_many_regions_on_their_way_are_seen_where_they_go(qtbot: QtBot) -> None:
    """So many that they are painted more simply than a few."""
    squares = [square(i + 1, 5 + 11 * (i % 8), 5 + 11 * (i // 8), 6) for i in range(60)]
    desk = CanvasDesk(qtbot, squares, noise(100, 100), size=(420, 420))
    desk.selection.set(desk.document.regions)
    desk.picture()
    desk.press(8, 8)
    desk.move(10, 9, Qt.MouseButton.LeftButton)
    desk.move(11, 10, Qt.MouseButton.LeftButton)
    picture = desk.picture()
    assert_same(desk.on_screen(), picture)
    for x, y in [(5 + 11 * (i % 8) + 3, 5 + 11 * (i // 8) + 2) for i in range(60)]:
        column, row = map(round, desk.canvas.viewport.to_screen(x, y + 3))
        edge = picture[row, column - 1 : column + 2].astype(int)
        assert np.abs(edge - ACCENT).sum(axis=1).min() < 170
    desk.release(11, 10)
    assert desk.document.stack.undoText() == "Move 60 objects"


def test_undo_of_many_changes_repaints(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, crowd(800, 400, 300).values(), noise(400, 300))
    before = desk.picture()
    perform(desk.document, edits.delete(desk.document, range(1, 700)))
    assert not np.array_equal(desk.picture(), before)
    desk.document.stack.undo()
    assert np.array_equal(desk.picture(), before)


def test_a_class_in_another_colour_is_repainted(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(1, 30, 30, 40)])
    before = desk.picture()
    table = desk.document.classes
    table.swap([0], {0: replace(table.find(0), color="#ff0000")})
    changed = np.abs(desk.picture().astype(int) - before).max(axis=2) > 10
    assert changed.sum() > 1000


def test_all_regions_selected_look_selected(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, crowd(300, 100, 100).values())
    before = desk.picture().astype(int)
    desk.selection.set(desk.document.regions)
    nearer = np.abs(before - ACCENT).sum(axis=2) - np.abs(desk.picture() - ACCENT).sum(axis=2)
    assert nearer.mean() > 30


def test_contrast_changes_the_picture_and_not_the_image(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot)
    before, pixels = desk.picture(), desk.image.pixels.copy()
    display = desk.canvas.display
    assert display is not None
    look = replace(display.channels[0], window=Window(0, 1000))
    desk.canvas.set_display(Display((look,)))
    after = desk.picture()
    assert after[150, 200].max() < 80 and before.mean() > after.mean()
    for other in (replace(look, gamma=0.4), replace(look, lut=INVERTED)):
        desk.canvas.set_display(Display((other,)))
        assert desk.picture().mean() > after.mean()
    assert np.array_equal(desk.image.pixels, pixels)


def test_numbers_are_painted_where_there_is_room(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, [square(17, 30, 30, 40), square(18, 5, 5, 3)])
    before = desk.picture()
    desk.canvas.set_numbers_visible(True)
    rows, columns = np.nonzero((desk.picture() != before).any(axis=2))
    x, y = desk.canvas.viewport.to_screen(50, 50)
    assert abs(columns.mean() - x) < 4 and abs(rows.mean() - y) < 4
    assert np.ptp(columns) < 25 and np.ptp(rows) < 16


def test_handles_have_the_same_size_at_every_zoom(qtbot: QtBot) -> None:
    areas = []
    for scale in (3.0, 20.0, 64.0):
        desk = CanvasDesk(qtbot, [square(1, 48, 48, 5)])
        desk.canvas.set_zoom(scale)
        desk.canvas.look(desk.canvas.viewport.panned(0, 0))
        desk.selection.set([1])
        before = desk.picture()
        desk.canvas.set_tool("vertices")
        x, y = desk.canvas.viewport.to_screen(48, 48)
        box = np.s_[int(y) - 8 : int(y) + 8, int(x) - 8 : int(x) + 8]
        areas.append(int((desk.picture()[box] != before[box]).any(axis=2).sum()))
    assert min(areas) > 40 and max(areas) - min(areas) < 25


def test_the_empty_canvas_invites_to_drop_images(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot)
    desk.canvas.set_image(None)
    for window, text in (("#f0f0f0", "#777777"), ("#202020", "#999999")):
        palette = QPalette(desk.canvas.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(window))
        palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(text))
        desk.canvas.setPalette(palette)
        picture = desk.picture()
        assert (picture == QColor(text).red()).any(), "the sentence is missing"
        assert picture[2, 2].tolist() == [QColor(window).darker(115).red()] * 3


class PaintedParts(QObject):
    """Writes down which parts of a widget are painted: `rects` around, `regions` in pieces."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.rects: list[QRect] = []
        self.regions: list[list[QRect]] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
            self.regions.append(list(event.region()))
        return False


def test_only_the_surroundings_of_a_drag_are_painted(qtbot: QtBot) -> None:
    desk = CanvasDesk(qtbot, crowd(600, 400, 300).values(), noise(400, 300), size=(820, 620))
    desk.canvas.set_tool("vertices")
    desk.selection.set([3])
    desk.picture()
    desk.on_screen()
    painted = PaintedParts(desk.canvas)
    x, y = desk.document.regions[3].shell[0]
    desk.press(x, y)
    for step in range(1, 6):
        desk.move(x + step, y, Qt.MouseButton.LeftButton)
        desk.on_screen()
    assert len(painted.rects) >= 2
    assert all(rect.width() < 300 and rect.height() < 300 for rect in painted.rects)


AT_TWO = """
import sys
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
import numpy as np
from app.canvas.view import Canvas
from app.document.selection import Selection
from tests.app.canvas.samples import document, noise, square
from tests.gui.canvas_desk import pixels
application = QApplication(sys.argv)
image = noise(100, 100, 3)
selection = Selection()
canvas = Canvas(selection)
canvas.resize(200, 160)
canvas.set_image(image)
canvas.set_document(document({1: square(1, 45, 45, 10)}))
canvas.set_overlay_visible(False)
canvas.set_zoom(2.3)
picture = pixels(canvas.grab())
assert canvas.devicePixelRatioF() == RATIO and picture.shape[:2] == (160 * RATIO, 200 * RATIO)
view = canvas.viewport
columns = np.floor(view.to_image((np.arange(picture.shape[1]) + 0.5) / RATIO, 0)[0]).astype(int)
rows = np.floor(view.to_image(0, (np.arange(picture.shape[0]) + 0.5) / RATIO)[1]).astype(int)
assert np.array_equal(picture, image.pixels[rows][:, columns])
canvas.set_overlay_visible(True)
changed = (pixels(canvas.grab()) != picture).any(axis=2)
found = np.nonzero(changed)
x0, y0 = (RATIO * a for a in view.to_screen(45, 45))
x1, y1 = (RATIO * a for a in view.to_screen(55, 55))
box = (found[1].min(), found[0].min(), found[1].max() + 1, found[0].max() + 1)
assert np.abs(np.array(box) - (x0, y0, x1, y1)).max() < 2 * RATIO + 1, (box, (x0, y0, x1, y1))
selection.set([1])
sizes = []
for scale in (4, 17, 64):
    canvas.set_zoom(scale)
    canvas.look(canvas.viewport.panned(scale * 5, scale * 5))  # the corner in the middle
    canvas.set_tool("select")
    without = pixels(canvas.grab())
    canvas.set_tool("vertices")
    handle = (pixels(canvas.grab()) != without).any(axis=2)
    middle = [round(RATIO * a) for a in view.to_screen(view.x, view.y)]
    near = handle[middle[1] - 20 : middle[1] + 20, middle[0] - 20 : middle[0] + 20]
    sizes += [np.ptp(places) + 1 for places in np.nonzero(near)]
    canvas.look(view)
assert max(sizes) - min(sizes) <= 1 and abs(np.mean(sizes) / RATIO - 8.5) < 1.2, sizes
canvas.set_zoom(64)
canvas.set_overlay_visible(False)
picture = pixels(canvas.grab())
jumps = np.nonzero((picture[50, 1:] != picture[50, :-1]).any(axis=1))[0]
assert len(jumps) >= 2 and set(np.diff(jumps)) <= {int(64 * RATIO), int(-(-64 * RATIO // 1))}, jumps
canvas.shutdown()
print("right")
"""


@pytest.mark.parametrize("ratio", ["2", "1.5", "1.25"])
def test_device_pixels_are_used_on_fine_screens(ratio: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", AT_TWO.replace("RATIO", ratio)],
        env={**os.environ, "QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout.strip() == "right", run.stderr
