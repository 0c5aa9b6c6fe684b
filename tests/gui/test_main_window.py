"""The real window with everything behind it; only the network is a stand-in."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QUndoStack
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Program, build
from app.canvas.display import Display
from app.canvas.luts import INVERTED
from app.dialogs.pixel_size import PixelSizeWish
from app.document.document import Document
from app.main_window import MainWindow
from app.panels import object_rows as rows
from app.panels.images_model import DetailRole
from app.settings.store import Settings
from app.tasks.engine_process import EngineProcess
from app.tasks.engine_worker import EngineWorker
from app.tasks.importing import Choice
from app.theme.palette import dark_palette, light_palette
from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region, ring
from core.engine.config import SegmentConfig
from core.formats import codec_named
from core.image.model import Image
from core.image.scale import Window
from core.weights import NetworkInfo
from tests.app.actions.fakes import FakeAsk
from tests.app.samples import Pictures, square

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
QUICK = NetworkInfo("quick", "Quick network", True)
SLOW = NetworkInfo("slow", "Slow network", True)


@pytest.fixture
def ask() -> FakeAsk:
    return FakeAsk()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "config")


@pytest.fixture
def program(qtbot: QtBot, ask: FakeAsk, settings: Settings) -> Iterator[Program]:
    worker = EngineWorker(EngineProcess("tests.app.tasks.fake_engine:segment"))
    program = build(settings, ask, worker)
    program.parts.desk.segment.set_networks([QUICK, SLOW])
    program.window.show()
    yield program
    ask.yes = True
    assert program.window.close()
    program.window.deleteLater()


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return Pictures(folder)


Opener = Callable[..., Document]


@pytest.fixture
def open_images(program: Program, qtbot: QtBot) -> Opener:
    def opened(*paths: Path) -> Document:
        program.parts.desk.files.open(paths)
        qtbot.waitUntil(lambda: len(program.session.records) == len(paths))
        qtbot.waitUntil(lambda: program.session.document is not None)
        document = program.session.document
        assert document is not None
        return document

    return opened


def action(program: Program, name: str) -> QAction:
    return program.window.actions_by_name[name]


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def press(qtbot: QtBot, program: Program, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(program.parts.canvas, key, held)
    QGuiApplication.processEvents()


def draw(document: Document, *corners: tuple[float, float]) -> None:
    from app.commands import edits
    from app.commands.change_regions import perform

    squares = [ring([(x, y), (x + 20, y), (x + 20, y + 20), (x, y + 20)]) for x, y in corners]
    perform(document, edits.add(document, [Region(1, square) for square in squares], "Draw"))


def test_empty_window_knows_what_makes_no_sense_yet(program: Program) -> None:
    enabled = {"open_images", "open_folder", "open_project", "quit", "shortcuts", "about"}
    assert all(action(program, name).isEnabled() for name in enabled)
    for name in ("save", "export", "undo", "segment", "segment_all", "cancel", "fit", "delete"):
        assert not action(program, name).isEnabled(), name


def test_opens_images(program: Program, open_images: Opener, pictures: Pictures) -> None:
    open_images(*pictures.series(3))
    window, session = program.window, program.session
    assert [record.name for record in session.records] == ["img1.png", "img2.png", "img3.png"]
    assert "img1.png" in window.windowTitle() and "Cellscribe" in window.windowTitle()
    assert action(program, "segment").isEnabled()
    action(program, "next_image").trigger()
    assert session.current is not None


def test_segment_undo_redo(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot
) -> None:
    document = open_images(pictures.discs())
    with qtbot.waitSignal(program.controller.finished, timeout=20_000):
        action(program, "segment").trigger()
    assert len(document.regions) == 3
    table = program.parts.objects.table.model()
    qtbot.waitUntil(lambda: table.rowCount() == 3)
    assert "3 objects" in texts(program.parts.status)
    assert program.window.banner.text.startswith("3 objects found in a.png")
    qtbot.waitUntil(lambda: action(program, "undo").text().startswith("Undo Segment with"))
    action(program, "undo").trigger()
    assert not document.regions
    qtbot.waitUntil(lambda: action(program, "redo").text().startswith("Redo Segment with"))
    action(program, "redo").trigger()
    assert len(document.regions) == 3
    assert program.session.current is not None
    assert program.session.current.status == "segmented"


def test_threshold_acts_live_and_is_one_step(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot
) -> None:
    document = open_images(pictures.discs())
    with qtbot.waitSignal(program.controller.finished, timeout=20_000):
        action(program, "segment").trigger()
    stack, slider = document.stack, program.parts.segmentation.adjust.threshold.slider
    assert isinstance(stack, QUndoStack) and slider.isEnabled()
    slider.setSliderDown(True)
    slider.setSliderPosition(75)  # 220, 180 and 140 of 255: two are below
    qtbot.waitUntil(lambda: len(document.regions) == 1)
    assert stack.count() == 1
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: stack.count() == 2)
    action(program, "undo").trigger()
    assert len(document.regions) == 3


def test_cancel_leaves_everything_as_it_was(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot
) -> None:
    program.parts.desk.segment.set_networks([SLOW])
    document = open_images(pictures.discs())
    action(program, "segment").trigger()
    qtbot.waitUntil(lambda: action(program, "cancel").isEnabled())
    with qtbot.waitSignal(program.controller.cancelled):
        action(program, "cancel").trigger()
    assert not document.regions and document.stack.count() == 0
    qtbot.waitUntil(lambda: action(program, "segment").isEnabled())
    assert not program.parts.segmentation.run.progress.isVisible()


def test_selection_is_one_everywhere(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot
) -> None:
    document = open_images(pictures.discs())
    draw(document, (10, 10), (50, 50))
    table = program.parts.objects.table
    qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    table.selectRow(1)
    assert program.session.selection.ids == {2}
    program.session.selection.set([1])
    assert [i.row() for i in table.selectionModel().selectedRows(rows.ID)] == [0]
    qtbot.waitUntil(lambda: action(program, "delete").isEnabled())


def test_keys(program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot) -> None:
    none, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    shift = Qt.KeyboardModifier.ShiftModifier
    document = open_images(pictures.discs())
    program.parts.classes.add("Mitotic")
    draw(document, (10, 10), (50, 50))
    program.window.activateWindow()
    program.parts.canvas.setFocus()
    qtbot.waitUntil(program.parts.canvas.hasFocus)
    qtbot.waitUntil(lambda: action(program, "select_all").isEnabled())
    press(qtbot, program, Qt.Key.Key_A, control)
    assert program.session.selection.ids == {1, 2}
    press(qtbot, program, Qt.Key.Key_2, none)
    assert [r.class_id for r in document.regions.values()] == [1, 1]
    press(qtbot, program, Qt.Key.Key_Delete, none)
    assert not document.regions
    qtbot.waitUntil(lambda: action(program, "undo").isEnabled())
    press(qtbot, program, Qt.Key.Key_Z, control)
    assert len(document.regions) == 2
    press(qtbot, program, Qt.Key.Key_Y, control)
    assert not document.regions
    press(qtbot, program, Qt.Key.Key_Z, control)
    press(qtbot, program, Qt.Key.Key_Z, control | shift)
    assert not document.regions
    press(qtbot, program, Qt.Key.Key_P, none)
    assert program.parts.canvas.tool == "polygon" and action(program, "tool_polygon").isChecked()


def test_save_waits_for_the_disk(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot
) -> None:
    document = open_images(pictures.discs())
    draw(document, (10, 10))
    qtbot.waitUntil(lambda: action(program, "save").isEnabled())
    action(program, "save").trigger()
    assert not program.session.saving
    assert str(program.session.project_path) in program.window.banner.text
    qtbot.waitUntil(lambda: "saved" in texts(program.parts.status))


def test_work_is_there_again_after_a_restart(
    program: Program,
    open_images: Opener,
    pictures: Pictures,
    qtbot: QtBot,
    ask: FakeAsk,
    settings: Settings,
) -> None:
    document = open_images(pictures.discs())
    draw(document, (10, 10), (50, 50))
    path = program.session.project_path
    assert path is not None and program.window.close()
    again = build(settings, ask, EngineWorker(EngineProcess("tests.app.tasks.fake_engine:segment")))
    try:
        assert again.parts.desk.files.recent() == [path]
        again.parts.desk.files.open([path])
        qtbot.waitUntil(lambda: again.session.document is not None)
        assert again.session.document is not None
        assert len(again.session.document.regions) == 2
        assert again.parts.desk.edit.undo_label() == "Undo Draw"
    finally:
        again.window.close()


def test_unreadable_file_is_a_message_and_nothing_else(
    program: Program, pictures: Pictures, qtbot: QtBot
) -> None:
    broken = pictures.folder / "broken.png"
    broken.write_bytes(b"not a picture")
    program.parts.desk.files.open([broken])
    qtbot.waitUntil(lambda: "broken.png" in program.window.banner.text)
    assert program.session.document is None


def test_export_writes_files_and_tells(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot, ask: FakeAsk
) -> None:
    from app.dialogs.export import ExportWish

    draw(open_images(pictures.discs()), (10, 10))
    shown = program.session.current
    assert shown
    ask.wish = ExportWish(("json", "label-png"), pictures.folder, "this", (shown.id,))
    action(program, "export").trigger()
    qtbot.waitUntil(lambda: program.window.banner.text.startswith("2 files"))
    before = sorted(path.name for path in pictures.folder.iterdir())
    ask.yes = False
    action(program, "export").trigger()
    qtbot.waitUntil(lambda: ask.questions == ["Replace files?"])
    assert sorted(path.name for path in pictures.folder.iterdir()) == before
    assert [file.verdict for file in ask.reports[0].files] == ["identical"] * 2


def drop(program: Program, *paths: Path) -> None:
    """As a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    program.window.dropEvent(
        QDropEvent(
            QPoint(5, 5).toPointF(),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_dropped_annotations_are_shown_before_they_are_taken(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot, ask: FakeAsk
) -> None:
    document = open_images(pictures.discs())
    draw(document, (10, 10))
    codec_named("json").write(
        pictures.folder / "other.json", AnnotationSet("a.png", 96, 96, (square(60, 60),))
    )
    ask.choice = None
    drop(program, pictures.folder / "other.json")
    qtbot.waitUntil(lambda: len(ask.previews) == 1)
    assert len(document.regions) == 1
    ask.choice = Choice()
    drop(program, pictures.folder / "other.json")
    qtbot.waitUntil(lambda: len(document.regions) == 2)
    assert document.stack.undoText() == "Import other.json"
    assert "1 object was added" in program.window.banner.text


def test_files_may_be_dropped_anywhere(program: Program, pictures: Pictures, qtbot: QtBot) -> None:
    drop(program, *pictures.series(2))
    qtbot.waitUntil(lambda: len(program.session.records) == 2)


def test_close_during_a_run_asks_once_and_takes_less_than_two_seconds(
    program: Program, open_images: Opener, pictures: Pictures, qtbot: QtBot, ask: FakeAsk
) -> None:
    program.parts.desk.segment.set_networks([SLOW])
    open_images(pictures.discs())
    with qtbot.waitSignal(program.controller.progressed, timeout=20_000):
        action(program, "segment").trigger()
    ask.yes = False
    assert not program.window.close()
    assert program.controller.busy
    ask.yes = True
    start = time.monotonic()
    assert program.window.close()
    assert time.monotonic() - start < 2
    assert ask.questions == ["Close Cellscribe?"] * 2


def test_layout_is_remembered(
    program: Program, settings: Settings, ask: FakeAsk, qtbot: QtBot
) -> None:
    program.window.docks["classes"].hide()
    program.window.resize(790, 700)
    program.window.close()
    again = build(settings, ask)
    again.window.show()
    assert not again.window.docks["classes"].isVisible()
    assert again.window.docks["objects"].isVisible()
    assert again.window.size().toTuple() == (790, 700)
    again.window.close()


def test_icons_follow_the_palette(program: Program, qtbot: QtBot) -> None:
    former, key = QGuiApplication.palette(), action(program, "fit").icon().cacheKey()
    try:
        QGuiApplication.setPalette(dark_palette())
        qtbot.waitUntil(lambda: action(program, "fit").icon().cacheKey() != key)
        QGuiApplication.setPalette(light_palette())
    finally:
        QGuiApplication.setPalette(former)


def test_everything_that_can_be_operated_has_a_name(program: Program) -> None:
    """For readers of the screen: a text, or an accessible name; what Qt makes itself apart."""
    inside = (QComboBox, QAbstractSpinBox)
    popups = {box.view() for box in program.window.findChildren(QComboBox)}
    nameless = [
        widget
        for widget in program.window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not isinstance(widget.parent(), inside)
        and widget not in popups
    ]
    assert [(type(w).__name__, type(w.parent()).__name__) for w in nameless] == []


def test_the_pixel_size_is_set_for_one_image_and_for_all(
    program: Program, open_images: Opener, pictures: Pictures, ask: FakeAsk, qtbot: QtBot
) -> None:
    open_images(*pictures.series(3))
    session, window = program.session, program.window
    third = session.records[2].id
    ask.size = PixelSizeWish(0.5, everywhere=False)
    action(program, "pixel_size").trigger()
    assert ask.questions[-1] == "img1.png None 3"
    assert [r.pixel_size_um for r in session.records] == [0.5, None, None]
    assert session.image and session.image.pixel_size_um == 0.5
    assert "0.5 µm/px" in shown_texts(window.statusBar())
    ask.size = PixelSizeWish(0.25, everywhere=True)
    action(program, "pixel_size").trigger()
    session.show(third)
    qtbot.waitUntil(lambda: session.current is not None and session.current.id == third)
    assert session.image.pixel_size_um == 0.25, "its file was read after it was said"
    assert [r.pixel_size_um for r in session.records] == [0.25, 0.25, 0.25]
    assert session.flush()
    project = session.project
    assert project and [r.pixel_size_um for r in project.images()] == [0.25, 0.25, 0.25]


def shown_texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_what_is_shown_never_changes_what_the_network_gets(
    program: Program,
    open_images: Opener,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Contrast, gamma, colours and hidden channels are for the eye alone."""
    open_images(pictures.discs())
    given: list[tuple[bytes, SegmentConfig]] = []
    submit = program.worker.submit

    def noted(image: Image, config: SegmentConfig) -> int:
        given.append((np.asarray(image.pixels[:]).tobytes(), config))
        return submit(image, config)

    monkeypatch.setattr(program.worker, "submit", noted)
    canvas = program.parts.canvas
    qtbot.waitUntil(lambda: canvas.display is not None)
    (look,) = canvas.display.channels
    odd = replace(look, window=Window(100, 101), gamma=2.5, lut=INVERTED)
    for shown in (look, odd, replace(odd, visible=False)):
        canvas.set_display(Display((shown,)))
        with qtbot.waitSignal(program.controller.finished):
            action(program, "segment").trigger()
        qtbot.waitUntil(lambda: not program.controller.busy)
        qtbot.waitUntil(lambda: action(program, "segment").isEnabled())
    assert len(given) == 3 and given[0] == given[1] == given[2]


def test_all_planes_are_segmented_listed_and_copied_from(
    program: Program, open_images: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    stack = np.zeros((2, 3, 96, 96), np.uint16)
    stack[:, :, 20:40, 20:40] = 900 + 100 * np.arange(6).reshape(2, 3, 1, 1)
    path = tmp_path / "stack.tif"
    tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TZYX"})
    document = open_images(path)
    session, images = program.session, program.parts.images.list.model()
    draw(document, (50, 50))

    action(program, "copy_to_next").trigger()
    assert not session.has_planes, "nothing is selected"
    session.selection.set([1])
    qtbot.waitUntil(lambda: action(program, "copy_to_next").isEnabled())
    action(program, "copy_to_next").trigger()
    qtbot.waitUntil(
        lambda: images.rowCount() == 2 and images.index(1, 0).data() == "stack.tif, z 2"
    )
    qtbot.waitUntil(lambda: images.index(1, 0).data(DetailRole) == "edited · 1 object")

    qtbot.waitUntil(lambda: action(program, "segment_planes").isEnabled())
    action(program, "segment_planes").trigger()
    qtbot.waitUntil(
        lambda: len(session.records) == 6 and not program.controller.busy, timeout=20000
    )
    assert images.rowCount() == 6
    titles = [images.index(row, 0).data() for row in range(6)]
    assert titles[0] == "stack.tif" and titles[5] == "stack.tif, t 2, z 3"

    qtbot.waitUntil(lambda: action(program, "project").isEnabled())
    action(program, "project").trigger()
    qtbot.waitUntil(lambda: session.image is not None and session.image.plane.is_projection)
    assert action(program, "project").isChecked()
    assert int(session.image.pixels.max()) == 1100, "of all focal planes of the first time point"


@pytest.fixture
def two_channels(pictures: Pictures) -> Path:
    pixels = np.zeros((2, 60, 80), np.uint16)
    pixels[:, 20:30, 20:30] = 900
    path = pictures.folder / "two.tif"
    tifffile.imwrite(path, pixels, metadata={"axes": "CYX"})
    return path


def unfold(program: Program) -> None:
    """Open all that can be opened."""
    parts, docks = program.parts, program.window.docks
    for button in docks["segmentation"].findChildren(QToolButton):
        if button.text().startswith("More"):
            button.setChecked(True)
    parts.display.unfold.setChecked(True)
    parts.segmentation.run.size_box.show_measured(117.6)
    docks["history"].show()


def test_fits_a_small_screen_whatever_is_open(
    program: Program, open_images: Opener, two_channels: Path, qtbot: QtBot
) -> None:
    open_images(two_channels)
    unfold(program)
    program.window.resize(1000, 620)
    qtbot.waitUntil(lambda: program.parts.canvas.width() > 440)
    qtbot.wait(50)  # nothing makes it larger again
    assert (program.window.width(), program.window.height()) == (1000, 620)


def test_panels_are_whole_where_there_is_room(
    program: Program, open_images: Opener, two_channels: Path, qtbot: QtBot
) -> None:
    open_images(two_channels)
    window, panel = program.window, program.parts.segmentation
    area = window.docks["segmentation"].widget()
    window.resize(1366, 620)
    unfold(program)
    qtbot.waitUntil(lambda: panel.height() > area.height())
    window.resize(1366, 1100)
    qtbot.waitUntil(lambda: panel.height() == area.height())
    for name in ("objects", "classes"):
        dock = window.docks[name]
        assert dock.height() >= dock.minimumSizeHint().height()


def test_a_panel_stays_whole_when_the_window_becomes_lower(program: Program, qtbot: QtBot) -> None:
    window, panel = program.window, program.parts.segmentation
    area = window.docks["segmentation"].widget()
    for height in (900, 660):
        window.resize(1366, height)
        qtbot.waitUntil(lambda: panel.height() == area.height())


def drag(qtbot: QtBot, window: QWidget, splitter: QPoint, by: QPoint) -> None:
    qtbot.mousePress(window, Qt.MouseButton.LeftButton, pos=splitter)
    qtbot.mouseMove(window, splitter + by)
    qtbot.wait(50)
    qtbot.mouseRelease(window, Qt.MouseButton.LeftButton, pos=splitter + by)


def heights(window: MainWindow) -> list[int]:
    return [window.docks[name].height() for name in ("segmentation", "objects", "classes")]


def below(dock: QWidget) -> QPoint:
    return dock.geometry().bottomLeft() + QPoint(100, 2)


def test_widths_that_the_person_chose_stay(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.resize(1366, 900)
    qtbot.wait(50)
    left = window.docks["images"]
    drag(qtbot, window, left.geometry().topRight() + QPoint(2, 100), QPoint(144, 0))
    width = left.width()
    assert width == 400
    window.resize(1190, 900)
    window.resize(1366, 900)
    qtbot.wait(50)
    assert left.width() == width


def test_heights_that_the_person_chose_stay(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.resize(1366, 900)
    qtbot.wait(50)
    drag(qtbot, window, below(window.docks["segmentation"]), QPoint(0, -60))
    drag(qtbot, window, below(window.docks["objects"]), QPoint(0, -90))
    chosen = heights(window)
    window.resize(1367, 900)
    unfold(program)
    qtbot.wait(50)
    assert heights(window) == chosen


@pytest.mark.parametrize("is_chosen", [True, False])
def test_only_sizes_that_the_person_chose_stay_after_a_restart(
    program: Program, ask: FakeAsk, qtbot: QtBot, is_chosen: bool
) -> None:
    window = program.window
    window.resize(790, 700)  # smaller than the screen of the tests
    qtbot.wait(50)
    moved = window if is_chosen else program.parts.objects  # a panel has no splitter
    drag(qtbot, moved, below(window.docks["segmentation"]), QPoint(0, -60))
    assert window.close()
    again = build(program.settings, ask)
    again.window.show()
    qtbot.wait(50)
    assert heights(again.window) == heights(window)
    again.window.resize(1366, 700)
    qtbot.wait(50)
    assert heights(again.window) == heights(window)
    assert (again.window.docks["objects"].width() == 320) == is_chosen
    assert again.window.close()
    again.window.deleteLater()
