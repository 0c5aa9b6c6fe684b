"""Which rows of the sheet are picked: shared by table, plots and canvas."""

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.document.selection import Selection
from core.annotation.runs import Flags
from core.measure.sheet import Sheet


class Picked(QObject):
    """Follows the selection of the canvas for the shown image, and makes it in turn.

    picked_changed: other rows.
    """

    picked_changed = Signal()

    def __init__(self, selection: Selection, shown_image: Callable[[], int]) -> None:
        """shown_image: id of the image that the selection is of, 0 without one."""
        super().__init__()
        self._selection, self._shown_image = selection, shown_image
        self._sheet = Sheet()
        self._rows: Flags = np.zeros(0, np.bool_)
        self._image_id = 0
        self._telling = False
        self.active = False
        """Whether the view is open; else it leaves the canvas alone."""
        selection.selection_changed.connect(self._on_selection_changed)

    @property
    def rows(self) -> Flags:
        """(n,) of the sheet."""
        return self._rows

    def show_sheet(self, sheet: Sheet, image_id: int) -> None:
        """Another sheet, or another image is shown; what was picked in others stays picked."""
        kept = self._rows if sheet is self._sheet else self._kept_in(sheet)
        came = image_id != self._image_id
        self._sheet, self._image_id, self._rows = sheet, image_id, kept
        if came:
            self._tell()
        else:
            self._take(self._selection.ids)
        self.picked_changed.emit()

    def put(self, rows: Flags) -> None:
        """Pick just these."""
        if not np.array_equal(rows, self._rows):
            self._rows = rows
            self._tell()
            self.picked_changed.emit()

    def _kept_in(self, sheet: Sheet) -> Flags:
        """(n,) what is picked now, in another sheet."""
        kept = np.zeros(len(sheet), np.bool_)
        for place in np.unique(self._sheet.image[self._rows]).tolist():
            ids = self._sheet.ids[self._rows & (self._sheet.image == place)]
            kept |= sheet.rows_of(self._sheet.images[place].image_id, ids.tolist())
        return kept

    def _tell(self) -> None:
        """Select on the canvas what is picked of the shown image."""
        if self.active:
            self._telling = True
            self._selection.set(self._sheet.ids[self._rows & self._of_shown()].tolist())
            self._telling = False

    def _of_shown(self) -> Flags:
        shown = [image.image_id == self._image_id for image in self._sheet.images]
        if not shown:
            return np.zeros(0, np.bool_)
        return np.asarray(np.array(shown, np.bool_)[self._sheet.image])

    def _take(self, ids: Iterable[int]) -> None:
        """Pick of the shown image what the canvas has selected."""
        of_shown = self._sheet.rows_of(self._image_id, ids)
        self._rows = np.where(self._of_shown(), of_shown, self._rows)

    @Slot(frozenset)
    def _on_selection_changed(self, ids: frozenset[int]) -> None:
        if self._telling or not self.active or self._shown_image() != self._image_id:
            return  # of another image now: its sheet follows
        before = self._rows
        self._take(ids)
        if not np.array_equal(before, self._rows):
            self.picked_changed.emit()
