"""Eraser: take away from an object what does not belong to it."""

from app.canvas.tools.base import Pointer
from app.canvas.tools.brush import ROUNDING, Brush, Outcome
from app.canvas.tools.lines import closed
from app.canvas.tools.regions import fallen_off, pieces
from core.annotation.region import Region
from core.annotation.strokes import Stroke, erase


class Eraser(Brush):
    """Begin inside an object, a selected one if there are several, or outside to shave the
    selected one; with Shift held it is the selected one in any case.

    Of an object that falls apart the largest piece stays; one with nothing left is deleted.
    """

    name = "eraser"
    keys = (("[", "makes the eraser smaller"), ("]", "makes the eraser larger"))

    def _aimed_at(self, at: Pointer) -> Region | None:
        return self._picked(at) if at.shift else self._under(at) or self._picked(at)

    def _may_begin(self, at: Pointer, target: Region | None) -> bool:
        if target is None:
            self._host.say("Begin on an object, or select the one to erase from.")
        return target is not None and super()._may_begin(at, target)

    def _outcome(self, target: Region | None, stroke: Stroke) -> Outcome:
        assert target is not None  # or the stroke was refused
        parts = erase(target.rings, stroke)
        if not parts:
            sentence = f"Nothing was left of object {target.id}, so it was deleted."
            return Outcome("Erase object", None, sentence, "nothing is left", closed(target.shell))
        if parts[0].area >= target.area - ROUNDING:
            sentence = f"Move over object {target.id} with the button down, to erase from it."
            return Outcome("", parts[0], sentence)
        dropped = len(parts) - 1
        note = f"drops {pieces(dropped)}" if dropped else ""
        return Outcome("Erase from object", parts[0], fallen_off(dropped), note)
