"""The one place where objects meet: builds the window with all its parts, and runs it."""

import logging
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon, QUndoGroup
from PySide6.QtWidgets import QApplication

from app.actions.clipboard_actions import ClipboardActions
from app.actions.closing import Closing
from app.actions.desk import Desk
from app.actions.edit_actions import EditActions
from app.actions.exchange_actions import ExchangeActions
from app.actions.facts import Facts
from app.actions.file_actions import FileActions
from app.actions.help_actions import HelpActions, program_version
from app.actions.measure_actions import MeasureActions
from app.actions.outline_actions import OutlineActions
from app.actions.plane_actions import PlaneActions
from app.actions.scale_actions import ScaleActions
from app.actions.segment_actions import SegmentActions
from app.actions.selected import Selected
from app.actions.view_actions import ViewActions
from app.actions.walk_actions import WalkActions
from app.canvas.as_seen import as_seen
from app.canvas.view import Canvas
from app.controllers.export import ExportController, Render
from app.controllers.plane_walk import PlaneWalk
from app.controllers.segmentation import SegmentationController
from app.dialogs.ask import Ask
from app.garbage import Garbage
from app.logs import catch_everything, start_logging
from app.main_window import MainWindow, Parts
from app.messages import Messages
from app.panels.classes_panel import ClassesPanel
from app.panels.display_panel import DisplayPanel
from app.panels.history_panel import HistoryPanel
from app.panels.images_panel import ImagesPanel
from app.panels.objects_panel import ObjectsPanel
from app.panels.plane_bar import PlaneBar
from app.panels.segmentation_panel import SegmentationPanel
from app.panels.shown import Shown
from app.panels.status_bar import StatusBar
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.signals import heard
from app.tasks.engine_worker import EngineWorker
from app.tasks.runner import Runner
from app.theme.icons import Icons, drawing
from app.theme.palette import apply_appearance
from core.errors import CellscribeError
from core.weights import networks

log = logging.getLogger(__name__)
CLOSE_SECONDS = 0.6


@dataclass(frozen=True)
class Program:
    """The window, and what a test may want to reach."""

    window: MainWindow
    parts: Parts
    session: Session
    controller: SegmentationController
    exporter: ExportController
    runner: Runner
    worker: EngineWorker
    settings: Settings
    ask: Ask

    def show_networks(self) -> None:
        """Look for networks; the window does not wait for it."""
        try:
            self.parts.desk.segment.set_networks(networks())
        except CellscribeError as error:
            self.parts.messages.warn(str(error))

    def quit(self) -> None:
        """Close everything without asking whether what is under way may be given up."""
        self.controller.cancel()
        self.exporter.cancel()
        QApplication.quit()  # closes dialogs first, then the window as a person does


def build(
    settings: Settings, ask: Ask | None = None, worker: EngineWorker | None = None
) -> Program:
    """The window with everything behind it, not yet shown."""
    ask, worker = ask or Ask(), worker or EngineWorker()
    icons, messages, runner = Icons(), Messages(), Runner()
    session = Session(runner)
    shown, undo = Shown(session), QUndoGroup()
    canvas, panel = Canvas(session.selection), SegmentationPanel(icons)
    objects = ObjectsPanel(shown)
    controller = SegmentationController(session, runner, worker)
    canvas.set_probability_source(controller.shown_probability)
    controller.maps_available.connect(lambda: canvas.update())
    exporter = ExportController(session, runner)

    def seen(image_id: int) -> Render | None:
        """How the shown image looks; others have nobody's contrast."""
        is_shown = session.document is not None and session.document.image_id == image_id
        return as_seen(canvas.display) if is_shown and canvas.display else None

    exporter.show_as(seen)
    facts, selected = Facts(session, shown, undo), Selected(shown, messages)
    clipboard = ClipboardActions(selected, runner, ask, messages)
    planes = PlaneWalk(session)

    def shut_down() -> None:
        """Each part, even when another one fails; the last one named goes first."""
        with ExitStack() as stack:
            stack.callback(canvas.shutdown)
            stack.callback(runner.shutdown, CLOSE_SECONDS)
            stack.callback(worker.close, CLOSE_SECONDS)
            stack.callback(session.close, CLOSE_SECONDS)

    desk = Desk(
        files=FileActions(session, settings, ask, messages),
        exchange=ExchangeActions(session, exporter, settings, ask, messages),
        edit=EditActions(session, shown, undo, canvas, selected),
        clipboard=clipboard,
        outline=OutlineActions(selected, runner, ask, messages),
        view=ViewActions(canvas, session, settings, facts.refresh),
        walk=WalkActions(shown, objects.ids_from_here, canvas, messages),
        planes=PlaneActions(planes, clipboard, selected, messages),
        scale=ScaleActions(session, ask),
        segment=SegmentActions(session, controller, panel, settings, facts, messages),
        measure=MeasureActions(
            session, runner, settings, ask, controller.prediction, canvas.show_region
        ),
        help=HelpActions(ask, messages, canvas),
        facts=facts,
        messages=messages,
    )
    parts = Parts(
        session=session,
        canvas=canvas,
        planes=PlaneBar(planes, icons),
        images=ImagesPanel(session, shown),
        display=DisplayPanel(session, canvas),
        segmentation=panel,
        objects=objects,
        classes=ClassesPanel(shown, icons),
        history=HistoryPanel(shown, undo, canvas.cancel_gesture),
        status=StatusBar(session, shown, canvas),
        desk=desk,
        messages=messages,
        icons=icons,
        settings=settings,
        may_close=Closing(session, controller, exporter, ask, shut_down).may_close,
    )
    window = MainWindow(parts)
    ask.set_window(window)
    return Program(window, parts, session, controller, exporter, runner, worker, settings, ask)


def start_application(settings: Settings, arguments: Sequence[str] = ()) -> QApplication:
    """The application object, looking as the settings say."""
    app = QApplication(["cellscribe", *arguments])
    Garbage(app)
    app.setApplicationName("cellscribe")
    app.setApplicationDisplayName("Cellscribe")
    app.setApplicationVersion(program_version())
    app.setDesktopFileName("cellscribe")
    apply_appearance(app, settings.get(schema.APPEARANCE))
    app.setWindowIcon(QIcon(drawing("app", QColor("black"), 256)))
    return app


def run_window(paths: Iterable[str | Path] = ()) -> int:
    """Open the window, with these images, folders or a project; returns the exit code."""
    start_logging()
    settings = Settings()
    app = start_application(settings)
    program = build(settings)
    catch_everything(program.parts.messages.warn)
    log.info("Cellscribe %s on %s", program_version(), sys.platform)
    program.window.show()
    QTimer.singleShot(0, program.window, program.show_networks)
    if wanted := [Path(path) for path in paths]:
        program.session.open_paths(wanted)
    with heard(program.quit):
        return app.exec()
