"""Edits of the outlines of the selected objects: at once, with a slider for how much, or with a
choice of who gives way."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, QObject, Slot

from app.actions import outline_sentences as sentences
from app.actions.overlap_scene import scene
from app.actions.selected import Selected
from app.controllers.outline_changes import (
    Change,
    Changed,
    Compared,
    Resolved,
    Size,
    changed,
    compared,
    each,
    joined,
    resolved,
)
from app.controllers.outline_edit import Ending, Operation, OutlineEdit
from app.dialogs.amount import Amount, AmountDialog
from app.dialogs.ask import Ask
from app.dialogs.overlap import OverlapDialog
from app.dialogs.progress import Progress
from app.document.document import Document
from app.messages import Messages
from app.tasks.runner import Runner
from core.annotation.detail import simplified
from core.annotation.holes import filled
from core.annotation.neighbourhood import Neighbourhood
from core.annotation.neighbours import snapped_to
from core.annotation.offsets import convex_hull, expanded
from core.annotation.one_piece import LeftOut
from core.annotation.region import Region
from core.annotation.smoothing import smoothed
from core.progress import Ticket

Dialog: TypeAlias = AmountDialog | OverlapDialog
ByAmount: TypeAlias = Callable[[float], Change]
Tell: TypeAlias = Callable[[Compared, float], str]


class OutlineActions(QObject):
    """What the Outline menu does; locked objects stay as they are.

    Everything is computed in the background, and dropped when the objects change meanwhile or
    another image is shown.
    """

    def __init__(self, selected: Selected, runner: Runner, ask: Ask, messages: Messages) -> None:
        super().__init__()
        self._selected, self._runner, self._ask = selected, runner, ask
        self._messages = messages
        self._edit: OutlineEdit | None = None
        self._dialog: Dialog | None = None
        self._progress = Progress(_tr("Changing outlines…"), self._drop)
        selected.replaced.connect(self._on_replaced)

    def simplify(self) -> None:
        """Fewer vertices, by a tolerance that a slider sets."""
        name = _tr("Simplify outline")
        tip = _tr("Vertices that are nearer than this to the simplified outline go; areas stay.")
        amount = Amount(name, _tr("Tolerance (px)"), tip, 0, 5, 0.5)
        neighbours = self._neighbours()

        def by(tolerance: float) -> Change:
            def change(regions: Sequence[Region], _: LeftOut, ticket: Ticket) -> list[Region]:
                return simplified(regions, tolerance, neighbours().around(regions), ticket)

            return change

        self._with_slider(amount, by, lambda done, _: sentences.simplified(done))

    def smooth(self) -> None:
        """Smaller bends taken out, by a width that a slider sets."""
        name = _tr("Smooth outline")
        tip = _tr("Bends along the outline that are shorter than this go; areas stay.")
        amount = Amount(name, _tr("Length (px)"), tip, 0, 20, 2)

        def by(strength: float) -> Change:
            return each(lambda region, left_out: smoothed(region, strength, left_out))

        self._with_slider(amount, by, lambda done, _: sentences.told(_tr("Smoothed"), done))

    def expand(self) -> None:
        """The outline moved outwards or inwards."""
        name = _tr("Expand or shrink")
        tip = _tr("How far the outline moves outwards; less than 0 shrinks.")
        amount = Amount(name, _tr("Distance (px)"), tip, -25, 25, 1)

        def by(pixels: float) -> Change:
            return each(lambda region, left_out: expanded(region, pixels, left_out))

        self._with_slider(amount, by, sentences.moved_outwards)

    def snap(self) -> None:
        """Outlines that nearly meet get one border."""
        neighbours = self._neighbours()
        name = _tr("Snap to neighbours")
        tip = _tr(
            "Gaps to other objects up to this width are closed, overlaps up to it given up; the "
            "other objects stay as they are."
        )
        amount = Amount(name, _tr("Reach (px)"), tip, 0, 10, 2)

        def by(reach: float) -> Change:
            def change(region: Region, left_out: LeftOut) -> Region:
                return snapped_to(region, neighbours().near(region, reach), reach, left_out)

            return each(change)

        rest = _tr(" to their neighbours")
        self._with_slider(amount, by, lambda done, _: sentences.told(_tr("Snapped"), done, rest))

    def hull(self) -> None:
        """Dents and holes filled."""
        change = each(lambda region, _: convex_hull(region))
        self._at_once(_tr("Convex hull"), change, _tr("Filled dents and holes of"))

    def fill_holes(self) -> None:
        change = each(lambda region, _: filled(region))
        self._at_once(_tr("Fill holes"), change, _tr("Filled the holes of"))

    def merge(self) -> None:
        """The selected objects become one."""
        document, regions = self._selected.document, self._selected.unlocked()
        if document is None or len(regions) < 2:
            self._messages.inform(_tr("Select two or more objects that touch to merge them."))
            return
        work = partial(joined, regions, _size(document))
        self._make(document, Operation(_tr("Merge"), work, sentences.merged_into))

    def give_way(self) -> None:
        """Overlaps go to the objects that are not selected."""
        self._remove_overlap(neighbours_lose=False)

    def take_over(self) -> None:
        """Overlaps go to the selected objects; their neighbours lose them."""
        self._remove_overlap(neighbours_lose=True)

    def _at_once(self, name: str, change: Change, verb: str) -> None:
        document, regions = self._selected.document, self._selected.unlocked()
        if document and regions:
            work = partial(changed, regions, change, _size(document))
            self._make(document, Operation(name, work, partial(sentences.told, verb)))

    def _make(self, document: Document, operation: Operation[Changed]) -> None:
        edit = self._begin(document)
        edit.ask(operation)
        edit.make()

    def _with_slider(self, amount: Amount, by: ByAmount, tell: Tell) -> None:
        document, regions = self._selected.document, self._selected.unlocked()
        if document is None or not regions:
            return

        def operation(value: float) -> Operation[Compared]:
            work = partial(compared, regions, by(value), _size(document))
            return Operation(amount.title, work, lambda done: tell(done, value))

        dialog = AmountDialog(amount, self._ask.window)
        edit = self._begin(document, dialog)
        dialog.moved.connect(lambda value: edit.ask(operation(value)))
        edit.shown.connect(lambda done: dialog.show_facts(sentences.facts(done)))
        dialog.open()
        edit.ask(operation(dialog.value))

    def _remove_overlap(self, neighbours_lose: bool) -> None:
        """Ask who keeps what the selected objects share with others, and show what comes of it."""
        document, chosen = self._selected.document, self._selected.regions()
        if document is None or not chosen:
            return
        dialog = OverlapDialog(neighbours_lose, self._ask.window)
        edit = self._begin(document, dialog)
        operation = partial(_giving_way, chosen, self._others(), _size(document))
        dialog.chosen.connect(lambda choice: edit.ask(operation(choice)))
        edit.shown.connect(partial(self._show_overlap, dialog, document))
        edit.ask(operation(neighbours_lose))

    def _show_overlap(self, dialog: OverlapDialog, document: Document, done: Resolved) -> None:
        """The question is asked once it is known that there is one."""
        if dialog.isHidden() and not done.before:
            dialog.reject()
            self._messages.inform(sentences.unresolved(done))
            return
        dialog.picture.show_scene(scene(done, document.classes))
        dialog.show_verdict(sentences.verdict(done), possible=bool(done.before))
        dialog.open()

    def _others(self) -> list[Region]:
        """All objects of the image that are not selected."""
        document = self._selected.document
        chosen = {region.id for region in self._selected.regions()}
        stored = document.regions.values() if document else ()
        return [region for region in stored if region.id not in chosen]

    def _neighbours(self) -> Callable[[], Neighbourhood]:
        """The same with an index, which is made in the thread that asks first."""
        return cache(partial(Neighbourhood, self._others()))

    def _begin(self, document: Document, dialog: Dialog | None = None) -> OutlineEdit:
        """Another edit; one that is still being computed is given up for it."""
        if self._edit:
            self._edit.drop()
            self._messages.inform(_tr("What was still being computed was given up for this."))
        edit = self._edit = OutlineEdit(document, self._runner, self)
        edit.progressed.connect(self._on_progressed)
        edit.shown.connect(self._progress.hide)
        edit.ended.connect(self._on_ended)
        edit.ended.connect(edit.deleteLater)
        if dialog:
            self._dialog = dialog
            dialog.accepted.connect(edit.make)
            dialog.rejected.connect(edit.drop)
        return edit

    @Slot()
    def _drop(self) -> None:
        if self._edit:
            self._edit.drop()

    @Slot()
    def _on_replaced(self) -> None:
        if self._edit:
            self._edit.leave()

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, stage: str) -> None:
        if self._dialog and self._dialog.isVisible():
            self._dialog.busy.report(done, total)
        else:
            self._progress.show(done, total, stage, self._ask.window)

    @Slot(object)
    def _on_ended(self, ending: Ending) -> None:
        self._edit = None
        self._progress.hide()
        if self._dialog:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None
        if ending.sentence:
            say = self._messages.warn if ending.is_problem else self._messages.inform
            say(ending.sentence)


def _giving_way(
    chosen: Sequence[Region], others: Sequence[Region], size: Size, neighbours_lose: bool
) -> Operation[Resolved]:
    name = _tr("Cut neighbours") if neighbours_lose else _tr("Give way to neighbours")
    losers, winners = (others, chosen) if neighbours_lose else (chosen, others)
    work = partial(resolved, losers, winners, neighbours_lose, size)
    return Operation(name, work, sentences.gave_way)


def _size(document: Document) -> Size:
    return document.width, document.height


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutlineActions", text)
