"""The main window: puts the parts in their places, decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QVBoxLayout, QWidget

from app.actions import menus
from app.actions.build import Actions
from app.actions.catalog import ACTIONS
from app.actions.desk import Desk
from app.canvas.events import dropped_paths
from app.canvas.view import Canvas
from app.docks import first_widths, share_height
from app.messages import Banner, Messages
from app.panels.classes_panel import ClassesPanel
from app.panels.display_panel import DisplayPanel
from app.panels.history_panel import HistoryPanel
from app.panels.images_panel import ImagesPanel
from app.panels.objects_panel import ObjectsPanel
from app.panels.plane_bar import PlaneBar
from app.panels.scrolled import Scrolled
from app.panels.segmentation_panel import SegmentationPanel
from app.panels.status_bar import StatusBar
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.theme.bars import MenuBar, ToolBar
from app.theme.icons import Icons
from core.image.model import Image

LAYOUT_VERSION = 1
CHOSEN = QByteArray(b"chosen")
USUAL_SIZE = QSize(1280, 800)
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


@dataclass(frozen=True)
class Parts:
    """What the window is made of."""

    session: Session
    canvas: Canvas
    planes: PlaneBar
    images: ImagesPanel
    display: DisplayPanel
    segmentation: SegmentationPanel
    objects: ObjectsPanel
    classes: ClassesPanel
    history: HistoryPanel
    status: StatusBar
    desk: Desk
    messages: Messages
    icons: Icons
    settings: Settings
    may_close: Callable[[], bool]


class MainWindow(QMainWindow):
    """What the person sees; every part was made by bootstrap."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._image: Image | None = None  # the one that was shown last
        self._are_sizes_chosen = False  # by the person, who has moved a splitter
        self.setObjectName("main")
        self.setWindowTitle("Cellscribe")
        self.setAcceptDrops(True)
        self.setCentralWidget(_above(parts.canvas, parts.planes))
        self.setStatusBar(parts.status)
        # No tabs: in one, the tables would be no higher than the panel of sliders.
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.banner = Banner(parts.canvas)
        self._soon = QTimer(self, singleShot=True, interval=0)  # once the layout has settled
        self._soon.timeout.connect(self._share_height)
        self.docks = self._add_docks()
        self.actions_by_name = Actions(ACTIONS, parts.desk, parts.icons, self)
        self._add_bars()
        self._connect()
        self._restore()
        self._show_title()

    def _add_docks(self) -> dict[str, QDockWidget]:
        parts = self._parts
        docks = {
            "images": self._dock("images", self.tr("Images"), parts.images, LEFT),
            "display": self._dock("display", self.tr("Display"), Scrolled(parts.display), LEFT),
            "segmentation": self._dock(
                "segmentation", self.tr("Segmentation"), Scrolled(parts.segmentation), RIGHT
            ),
            "objects": self._dock("objects", self.tr("Objects"), parts.objects, RIGHT),
            "classes": self._dock("classes", self.tr("Classes"), parts.classes, RIGHT),
            "history": self._dock("history", self.tr("History"), parts.history, LEFT),
        }
        self.resizeDocks([docks["images"], docks["display"]], [1000, 1], Qt.Orientation.Vertical)
        self.resizeDocks([docks["objects"], docks["classes"]], [1000, 185], Qt.Orientation.Vertical)
        docks["history"].hide()
        return docks

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(panel)
        self.addDockWidget(area, dock)
        if isinstance(panel, Scrolled):
            panel.wanted_changed.connect(self._soon.start)
        return dock

    def _add_bars(self) -> None:
        self.setMenuBar(MenuBar())
        fillers = {"recent": self._fill_recent, "panels": self._fill_panels}
        self.actions_by_name.fill_bar(self.menuBar(), menus.MENUS, fillers)
        bar = ToolBar(self.tr("Tools"), self)
        bar.setObjectName("tools")
        bar.setIconSize(QSize(20, 20))
        bar.setMovable(False)
        self.actions_by_name.fill_tool_bar(bar, menus.TOOL_BAR)
        self.addToolBar(bar)
        menu = QMenu(self)
        self.actions_by_name.fill_menu(menu, menus.OBJECT_MENU)
        self._parts.objects.set_menu(menu)
        self._parts.canvas.menu_asked.connect(menu.popup)

    def _connect(self) -> None:
        parts, files = self._parts, self._parts.desk.files
        parts.messages.posted.connect(self.banner.show_message)
        parts.session.problem.connect(parts.messages.warn)
        parts.session.shown_changed.connect(self._on_shown_changed)
        parts.session.calibrated.connect(parts.canvas.calibrate)
        parts.session.project_changed.connect(self._show_title)
        parts.session.loading.connect(
            lambda record: parts.status.say(self.tr("Reading {}…").format(record.name))
        )
        parts.canvas.files_dropped.connect(self._open_dropped)
        parts.images.open_asked.connect(files.open_images)
        parts.objects.zoom_asked.connect(parts.canvas.show_region)
        parts.objects.columns_chosen.connect(
            lambda names: parts.settings.set(schema.OBJECT_COLUMNS, names)
        )

    def _restore(self) -> None:
        """As the window was when it was closed."""
        self.resize(USUAL_SIZE.boundedTo(self.screen().availableSize()))
        self.restoreGeometry(self._parts.settings.window_state("geometry"))
        self._widen_docks()
        settings = self._parts.settings
        is_restored = self.restoreState(settings.window_state("layout"), LAYOUT_VERSION)
        self._are_sizes_chosen = is_restored and settings.window_state("sizes") == CHOSEN
        self._parts.objects.show_columns(self._parts.settings.get(schema.OBJECT_COLUMNS))

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        files = self._parts.desk.files
        for path in files.recent():
            action = menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _=False, chosen=path: files.open([chosen]))
        if menu.isEmpty():
            menu.addAction(self.tr("No projects yet")).setEnabled(False)

    def _fill_panels(self, menu: QMenu) -> None:
        menu.clear()
        for dock in self.docks.values():
            menu.addAction(dock.toggleViewAction())

    @Slot(object)
    def _on_shown_changed(self, image: object) -> None:
        session, canvas = self._parts.session, self._parts.canvas
        view = canvas.viewport if self._is_of_same_field(session.image) else None
        canvas.set_image(session.image)
        canvas.set_document(session.document)
        if view is not None:
            canvas.look(view)
        told = self._image.notes if view is not None and self._image else ()
        self._image = session.image
        for note in session.image.notes if session.image else ():
            if note not in told:  # once for all planes of a file
                self._parts.messages.inform(note)
        self._parts.status.clearMessage()
        self._show_title()

    def _is_of_same_field(self, image: Image | None) -> bool:
        """Whether an image shows what the last one showed, at another time or depth."""
        last = self._image
        return (
            image is not None
            and last is not None
            and (image.path, image.plane.scene) == (last.path, last.plane.scene)
            and image.pixels.shape == last.pixels.shape
        )

    @Slot()
    def _show_title(self) -> None:
        session = self._parts.session
        project = session.project_path.stem if session.project_path else ""
        shown = session.current.title if session.current else ""
        self.setWindowTitle(" – ".join([*filter(None, (shown, project)), "Cellscribe"]))

    def _widen_docks(self) -> None:
        """To the widths for a window of this width."""
        widths = first_widths(self.width())
        pair = [self.docks["images"], self.docks["objects"]]
        self.resizeDocks(pair, widths, Qt.Orientation.Horizontal)

    @Slot()
    def _share_height(self) -> None:
        if self._are_sizes_chosen:
            return
        for area in (LEFT, RIGHT):
            docks = self.docks.values()
            share_height(self, [dock for dock in docks if self.dockWidgetArea(dock) == area])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()
        before, now = first_widths(event.oldSize().width()), first_widths(event.size().width())
        if now != before and not self._are_sizes_chosen:
            self._widen_docks()

    def event(self, event: QEvent) -> bool:
        """Between the docks is the window itself: a move that it takes is one of a splitter."""
        done = super().event(event)
        self._are_sizes_chosen |= event.type() == QEvent.Type.MouseMove and event.isAccepted()
        return done

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._parts.icons.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._open_dropped(dropped_paths(event.mimeData()))

    def _open_dropped(self, paths: list[Path]) -> None:
        """Images and projects are opened, annotations imported into what is open."""
        desk = self._parts.desk
        desk.files.open(desk.exchange.import_dropped(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        settings = self._parts.settings
        if not self._parts.may_close():
            event.ignore()
            return
        settings.set_window_state("geometry", self.saveGeometry())
        settings.set_window_state("layout", self.saveState(LAYOUT_VERSION))
        settings.set_window_state("sizes", CHOSEN if self._are_sizes_chosen else QByteArray())
        settings.save()
        event.accept()


def _above(upper: QWidget, lower: QWidget) -> QWidget:
    """Both in one column; the upper one takes the room."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(upper, 1)
    column.addWidget(lower)
    return both
