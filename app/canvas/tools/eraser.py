"""Eraser: take away from an object what does not belong to it."""

from app.canvas.tools.base import Pointer
from app.canvas.tools.brush import ROUNDING, Brush, Outcome
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

    def _refusal(self, at: Pointer, target: Region | None) -> str:
        if target is None:
            return "Begin on an object, or select the one to erase from."
        return super()._refusal(at, target)

    def _outcome(self, target: Region | None, stroke: Stroke) -> Outcome:
        assert target is not None  # or the stroke was refused
        parts = erase(target.rings, stroke)
        if not parts:
            closed = (*target.shell.tolist(), target.shell[0].tolist())
            outline = tuple((x, y) for x, y in closed)
            sentence = f"Nothing was left of region {target.id}, so it was deleted."
            return Outcome("Erase region", None, sentence, "nothing is left", outline)
        if parts[0].area >= target.area - ROUNDING:
            sentence = f"Move over region {target.id} with the button down, to erase from it."
            return Outcome("", parts[0], sentence)
        return Outcome("Erase from region", parts[0], *_fallen_off(len(parts) - 1))


def _fallen_off(pieces: int) -> tuple[str, str]:
    """What is said in the end, and meanwhile, when so many pieces fell off."""
    if not pieces:
        return "", ""
    what = "1 piece" if pieces == 1 else f"{pieces} pieces"
    return f"The largest piece was kept; {what} fell off, which undo brings back.", f"drops {what}"
