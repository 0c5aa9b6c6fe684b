"""Facts: what holds at the moment, for the actions that need it."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoGroup

from app.actions.spec import Need
from app.panels.shown import Shown
from app.session import Session
from core.image.model import Image


def _planes(image: Image) -> int:
    """How many planes the file of an image has."""
    return sum(scene.planes for scene in image.scenes)


class Facts(QObject):
    """Listens to everything that actions depend on; `changed` comes once for a burst."""

    changed = Signal()

    def __init__(self, session: Session, shown: Shown, undo: QUndoGroup) -> None:
        super().__init__()
        self._session, self._shown, self._undo = session, shown, undo
        self._running = self._network = self._maps = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.changed)
        for signal in (
            session.images_changed,
            session.project_changed,
            shown.replaced,
            shown.regions_changed,
            shown.selection.selection_changed,
            shown.classes.classes_changed,
            undo.canUndoChanged,
            undo.canRedoChanged,
            undo.undoTextChanged,
            undo.redoTextChanged,
        ):
            signal.connect(self.refresh)

    @property
    def all(self) -> frozenset[Need]:
        """All that hold."""
        session, shown = self._session, self._shown
        holds = {
            Need.PROJECT: session.project_path is not None,
            Need.IMAGE: shown.document is not None,
            Need.PLANES: session.image is not None and _planes(session.image) > 1,
            Need.SEVERAL_IMAGES: len(session.records) > 1,
            Need.OBJECTS: bool(shown.regions),
            Need.SELECTION: bool(shown.selection.ids),
            Need.UNDO: self._undo.canUndo(),
            Need.REDO: self._undo.canRedo(),
            Need.NETWORK: self._network,
            Need.MAPS: self._maps,
            Need.IDLE: not self._running,
            Need.RUNNING: self._running,
        }
        return frozenset(need for need, fact in holds.items() if fact)

    @property
    def running(self) -> bool:
        """Whether a network is at work."""
        return self._running

    def set_running(self, running: bool) -> None:
        """A network runs, or none does."""
        self._running = running
        self.refresh()

    def set_network(self, available: bool) -> None:
        """A network that can run is chosen."""
        self._network = available
        self.refresh()

    def set_maps(self, available: bool) -> None:
        """The shown image has the maps of a run."""
        self._maps = available
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say `changed` soon, for actions whose state is asked anew then."""
        self._soon.start()
