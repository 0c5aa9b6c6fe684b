"""The button that unfolds what is seldom changed."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget


class UnfoldButton(QToolButton):
    """Shows and hides a part."""

    def __init__(self, part: QWidget, tip: str) -> None:
        super().__init__()
        self._part = part
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(tip)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)
        self.count(0)

    def count(self, changed: int) -> None:
        """Say how much the folded part changes, so that it is not forgotten."""
        self.setText(self.tr("More ({})").format(changed) if changed else self.tr("More"))

    @Slot(bool)
    def _on_toggled(self, wanted: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)
        self._part.setVisible(wanted)
