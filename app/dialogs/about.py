"""What this program is, and where its log lies."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.logs import log_file
from app.theme.icons import drawing


class AboutDialog(QDialog):
    """log_asked: the person wants to see the log."""

    log_asked = Signal()

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Cellscribe"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 18)
        column.setSpacing(18)
        column.addLayout(self._head(version))
        column.addWidget(self._buttons())

    def _head(self, version: str) -> QHBoxLayout:
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        pixmap = drawing("app", QColor("black"), round(72 * ratio))
        pixmap.setDevicePixelRatio(ratio)
        picture.setPixmap(pixmap)
        title = QLabel(f"Cellscribe {version}")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        title.setFont(font)
        text = QLabel(
            self.tr(
                "Outlines cells in microscope images with a neural network,\n"
                "lets you correct the outlines, and exports them.\n\n"
                "BSD-3-Clause licence. Log: {}"
            ).format(_short(str(log_file())))
        )
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(title)
        words.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words)
        return row

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        log = box.addButton(self.tr("Open the log"), QDialogButtonBox.ButtonRole.ActionRole)
        log.clicked.connect(self.log_asked)
        box.rejected.connect(self.reject)
        return box


def _short(path: str) -> str:
    from pathlib import Path

    return path.replace(str(Path.home()), "~")
