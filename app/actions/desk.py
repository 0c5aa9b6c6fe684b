"""Desk: everything that actions do, by the menu they are in."""

from dataclasses import dataclass

from app.actions.clipboard_actions import ClipboardActions
from app.actions.edit_actions import EditActions
from app.actions.exchange_actions import ExchangeActions
from app.actions.facts import Facts
from app.actions.file_actions import FileActions
from app.actions.help_actions import HelpActions
from app.actions.measure_actions import MeasureActions
from app.actions.outline_actions import OutlineActions
from app.actions.plane_actions import PlaneActions
from app.actions.scale_actions import ScaleActions
from app.actions.segment_actions import SegmentActions
from app.actions.view_actions import ViewActions
from app.actions.walk_actions import WalkActions
from app.messages import Messages


@dataclass(frozen=True)
class Desk:
    """What the `run` of an action gets; facts say what is possible."""

    files: FileActions
    exchange: ExchangeActions
    edit: EditActions
    clipboard: ClipboardActions
    outline: OutlineActions
    view: ViewActions
    walk: WalkActions
    planes: PlaneActions
    scale: ScaleActions
    segment: SegmentActions
    measure: MeasureActions
    help: HelpActions
    facts: Facts
    messages: Messages
