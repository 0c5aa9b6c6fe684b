"""The zoom in percent: shown, chosen from a list, or typed."""

import re

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.canvas.view import Canvas

CHOICES = (25, 50, 100, 200, 400, 800, 1600)
FIT = 0


class ZoomBox(QComboBox):
    """An editable list; a text without a number puts back what was there."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas, self._edit = canvas, QLineEdit()
        self.setEditable(True)
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(self.tr("Zoom"))
        self.setToolTip(self.tr("Zoom; 100 % shows one pixel of the image on one of the screen"))
        self.addItem(self.tr("Fit"), FIT)
        for percent in CHOICES:
            self.addItem(f"{percent} %", percent)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("16000 %") + 44)
        self.activated.connect(self._on_chosen)
        self._edit.returnPressed.connect(self._on_typed)
        self._edit.editingFinished.connect(self._show)
        canvas.zoom_changed.connect(self._show)
        self._show()

    def set_image_shown(self, shown: bool) -> None:
        """Without an image there is nothing to zoom."""
        self.setVisible(shown)
        self._show()

    @Slot()
    def _show(self) -> None:
        self.setEditText(self._text())

    def _text(self) -> str:
        percent = 100 * self._canvas.zoom
        return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        percent = self.itemData(row)
        if percent == FIT:
            self._canvas.fit()
        else:
            self._canvas.set_zoom(percent / 100)
        self._show()

    @Slot()
    def _on_typed(self) -> None:
        if self._edit.text() == self._text():  # Qt hands Return over twice
            return
        number = re.search(r"\d+([.,]\d+)?", self._edit.text())
        if number and float(number[0].replace(",", ".")) > 0:
            self._canvas.set_zoom(float(number[0].replace(",", ".")) / 100)
        self._show()
        self._canvas.setFocus()
