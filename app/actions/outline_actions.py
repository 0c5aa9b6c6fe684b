"""Edits of the outlines of the selected objects: at once, or with a slider for how much."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject

from app.actions.selected import Selected
from app.commands import edits
from app.controllers.outline_edit import Changed, Operation, OutlineEdit, each
from app.dialogs.amount import Amount, AmountDialog
from app.dialogs.ask import Ask
from app.messages import Messages
from app.tasks.runner import Runner
from core.annotation.detail import simplified
from core.annotation.geometry import clip_to_image
from core.annotation.holes import filled
from core.annotation.merging import merged
from core.annotation.neighbourhood import Neighbourhood
from core.annotation.neighbours import snapped_to, without_overlap
from core.annotation.offsets import convex_hull, expanded
from core.annotation.region import Region
from core.annotation.smoothing import smoothed
from core.errors import InvalidGeometry
from core.progress import Ticket


class OutlineActions(QObject):
    """What the Outline menu does; locked objects stay as they are."""

    def __init__(self, selected: Selected, runner: Runner, ask: Ask, messages: Messages) -> None:
        super().__init__()
        self._selected, self._runner, self._ask = selected, runner, ask
        self._messages = messages

    def simplify(self) -> None:
        """Fewer vertices, by a tolerance that a slider sets."""
        name = _tr("Simplify outline")
        tip = _tr("Vertices that are nearer than this to the simplified outline go; areas stay.")
        amount = Amount(name, _tr("Tolerance (px)"), tip, 0, 5, 0.5)
        neighbours = self._neighbours()

        def change(regions: Sequence[Region], tolerance: float, _: Ticket) -> Sequence[Region]:
            return simplified(regions, tolerance, neighbours.around(regions))

        self._with_slider(amount, Operation(name, change))

    def smooth(self) -> None:
        """Smaller bends taken out, by a width that a slider sets."""
        name = _tr("Smooth outline")
        tip = _tr("Bends along the outline that are shorter than this go; areas stay.")
        self._with_slider(
            Amount(name, _tr("Length (px)"), tip, 0, 20, 2), Operation(name, each(smoothed))
        )

    def expand(self) -> None:
        """The outline moved outwards or inwards."""
        name = _tr("Expand or shrink")
        tip = _tr("How far the outline moves outwards; less than 0 shrinks.")
        amount = Amount(name, _tr("Distance (px)"), tip, -25, 25, 1)
        self._with_slider(amount, Operation(name, each(expanded)))

    def snap(self) -> None:
        """Outlines that nearly meet get one border."""
        neighbours = self._neighbours()
        name = _tr("Snap to neighbours")
        tip = _tr(
            "Gaps to other objects up to this width are closed, overlaps up to it given up; the "
            "other objects stay as they are."
        )

        def change(region: Region, reach: float) -> Region:
            return snapped_to(region, neighbours.near(region, reach), reach)

        self._with_slider(
            Amount(name, _tr("Reach (px)"), tip, 0, 10, 2), Operation(name, each(change))
        )

    def hull(self) -> None:
        """Dents and holes filled."""
        self._at_once(Operation(_tr("Convex hull"), each(lambda region, _: convex_hull(region))))

    def fill_holes(self) -> None:
        self._at_once(Operation(_tr("Fill holes"), each(lambda region, _: filled(region))))

    def give_way(self) -> None:
        """Overlaps go to the objects that are not selected."""
        neighbours = self._neighbours()

        def change(region: Region, _: float) -> Region:
            return without_overlap(region, neighbours.near(region, 0))

        self._at_once(Operation(_tr("Give way to neighbours"), each(change)))

    def take_over(self) -> None:
        """Overlaps go to the selected objects; their neighbours lose them."""
        document, winners = self._selected.document, Neighbourhood(self._selected.regions())
        if document is None:
            return

        def change(region: Region, _: float) -> Region:
            return without_overlap(region, winners.near(region, 0))

        chosen = {region.id for region in self._selected.regions()}
        others = [r for r in document.regions.values() if r.id not in chosen and not r.locked]
        beside = [region for region in others if winners.near(region, 0)]
        if not beside:
            self._messages.inform(_tr("No neighbour that is not locked overlaps the selection."))
        self._at_once(Operation(_tr("Cut neighbours"), each(change)), beside)

    def merge(self) -> None:
        """The selected objects become one."""
        document, regions = self._selected.document, self._selected.unlocked()
        if document is None or len(regions) < 2:
            self._messages.inform(_tr("Select two or more objects that touch to merge them."))
            return
        try:
            one = merged(regions)
        except InvalidGeometry as problem:
            self._messages.warn(str(problem))
            return
        one = clip_to_image(one, document.width, document.height)
        gone = [region.id for region in regions if region.id != one.id]
        self._selected.do(edits.rearrange(document, _tr("Merge"), [one], [], gone))

    def _neighbours(self) -> Neighbourhood:
        """All objects of the image that are not selected."""
        document = self._selected.document
        chosen = {region.id for region in self._selected.regions()}
        stored = document.regions.values() if document else ()
        return Neighbourhood([region for region in stored if region.id not in chosen])

    def _at_once(self, operation: Operation, regions: Sequence[Region] | None = None) -> None:
        if edit := self._begin(operation, regions):
            edit.ask(0)
            edit.make()

    def _with_slider(self, amount: Amount, operation: Operation) -> None:
        edit = self._begin(operation)
        if edit is None:
            return
        dialog = AmountDialog(amount, self._ask.window)
        dialog.moved.connect(edit.ask)
        dialog.accepted.connect(edit.make)
        dialog.rejected.connect(edit.drop)
        edit.shown.connect(lambda changed: dialog.show_facts(facts(changed)))
        edit.ended.connect(dialog.close)
        dialog.open()
        edit.ask(dialog.value)

    def _begin(
        self, operation: Operation, regions: Sequence[Region] | None = None
    ) -> OutlineEdit | None:
        document = self._selected.document
        chosen = self._selected.unlocked() if regions is None else regions
        if document is None or not chosen:
            return None
        edit = OutlineEdit(document, chosen, operation, self._runner, self)
        edit.ended.connect(self._on_ended)
        edit.ended.connect(edit.deleteLater)
        return edit

    def _on_ended(self, made: bool, problem: str) -> None:
        if problem:
            self._messages.warn(problem)


def facts(changed: Changed) -> str:
    """What an amount comes to, in two lines."""
    before, difference = changed.before, changed.difference
    if not before:
        return _tr("Nothing changes.") + f"\n{changed.reason}"
    first = _tr("{:,} vertices → {:,}").format(difference.vertices_before, difference.vertices)
    second = _tr("largest deviation {:.2f} px, overlap (IoU) {:.3f}").format(
        difference.deviation, difference.iou
    )
    left = _tr("; {} cannot: {}").format(changed.refused, changed.reason)
    return f"{first}\n{second}{left if changed.refused else ''}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutlineActions", text)
