"""What the picture of an overlap shows: its colours are those of the canvas."""

from PySide6.QtCore import QCoreApplication

from app.actions.outline_sentences import area, name
from app.canvas.style import ACCENT
from app.controllers.outline_changes import Resolved
from app.dialogs.overlap_picture import OverlapScene, Side
from app.document.classes import ClassTable
from core.annotation.region import Region

SELECTED = "#{:02x}{:02x}{:02x}".format(*ACCENT)


def scene(resolved: Resolved, classes: ClassTable) -> OverlapScene | None:
    """The largest overlap that someone gives up, None when nobody does."""
    losing = {region.id for region in resolved.before}
    largest = next((o for o in resolved.overlaps if o.loser.id in losing), None)
    if largest is None:
        return None

    count = len(resolved.overlaps)
    caption = _tr("the largest of {:,} overlaps")

    def side(region: Region, text: str, is_selected: bool) -> Side:
        color = SELECTED if is_selected else classes.find(region.class_id).color
        return Side(region.rings, text.format(name(region)), color)

    return OverlapScene(
        side(largest.winner, _tr("{} keeps it"), resolved.neighbours_lose),
        side(largest.loser, _tr("{} gives way"), not resolved.neighbours_lose),
        area(largest.area),
        caption.format(count) if count > 1 else "",
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutlineActions", text)
