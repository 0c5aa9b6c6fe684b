"""LiveThreshold: the sliders act on cached maps, at once; letting go is one undoable step."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.commands.proposals import Basis, fitted
from app.controllers.draft import Draft
from app.document.document import Document
from app.session import Session
from app.tasks.runner import Outcome, Runner
from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.result import Maps
from core.progress import Ticket

STEP_NAME = "Change threshold"


@dataclass(frozen=True)
class Wish:
    """What the sliders ask for; final: they were let go."""

    image_id: int
    maps: Maps
    config: SegmentConfig
    final: bool


@dataclass(frozen=True)
class Outlined:
    """The regions for a wish, fitted to the document as it was then."""

    proposals: Mapping[int, Region]
    basis: Basis
    seconds: float


class LiveThreshold(QObject):
    """At most one job is under way, and only the newest wish waits for it.

    drafted: image id and number of regions that are shown but not made. committed: the Wish, the
    number of regions, seconds. failed: image id and a sentence.
    """

    drafted = Signal(int, int)
    committed = Signal(object, int, float)
    failed = Signal(int, str)

    def __init__(self, session: Session, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._job = 0
        self._asked: Wish | None = None  # of the job
        self._waiting: Wish | None = None
        self._draft: Draft | None = None

    def ask(self, wish: Wish) -> None:
        """Show or, when final, make what the sliders ask for."""
        self._waiting = wish
        if not self._job:
            self._start()

    def take_back(self) -> None:
        """Show no draft; what was let go is still made."""
        if self._waiting and not self._waiting.final:
            self._waiting = None
        if self._draft:
            self._draft.take_back()

    def forget(self, image_id: int) -> None:
        """Drop the wishes for an image: its maps are replaced by those of another run."""
        if self._waiting and self._waiting.image_id == image_id:
            self._waiting = None
        if self._asked and self._asked.image_id == image_id:
            self._runner.cancel(self._job)
            self._job, self._asked = 0, None
            self._start()

    def reset(self) -> None:
        """Forget everything; the documents are gone."""
        self._runner.cancel(self._job)
        self._job, self._asked, self._waiting, self._draft = 0, None, None, None

    def _start(self) -> None:
        wish = self._asked = self._waiting
        self._waiting = None
        if wish:
            basis = self._draft_of(self._session.document_of(wish.image_id)).basis
            self._job = self._runner.start(
                partial(outline, wish, basis), partial(self._on_outlined, wish)
            )

    def _on_outlined(self, wish: Wish, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:
            self.take_back()
            self.failed.emit(wish.image_id, outcome.problem)
        else:
            self._take(wish, outcome.value)
        self._start()

    def _take(self, wish: Wish, outlined: Outlined) -> None:
        document = self._session.document_of(wish.image_id)
        draft = self._draft_of(document)
        if outlined.basis != draft.basis:
            self._waiting = self._waiting or wish  # a person changed something meanwhile
        elif wish.final:
            self._commit(wish, outlined, draft)
        elif document is self._session.document:
            draft.show(outlined.proposals)
            self.drafted.emit(wish.image_id, len(outlined.proposals))

    def _commit(self, wish: Wish, outlined: Outlined, draft: Draft) -> None:
        if not draft.changes_outlines(outlined.proposals):
            draft.take_back()
        else:
            draft.commit(outlined.proposals, STEP_NAME)
            self.committed.emit(wish, len(outlined.proposals), outlined.seconds)

    def _draft_of(self, document: Document) -> Draft:
        if self._draft is None or self._draft.document is not document:
            self._draft = Draft(document)
        return self._draft


def outline(wish: Wish, basis: Basis, ticket: Ticket) -> Outlined:
    """Regions from the cached maps, in a thread; the import takes longer than a frame."""
    from core.engine.outline import regions_from_maps

    start = time.perf_counter()
    proposals = fitted(regions_from_maps(wish.maps, wish.config, ticket), basis)
    return Outlined(proposals, basis, time.perf_counter() - start)
