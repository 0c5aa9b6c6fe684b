"""What the network sees of the shown image: one of its tiles, and how large its objects are."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.canvas.events import caught
from app.messages import shortened
from core.engine.fit import Fit
from core.engine.preview import NetworkInput

SIZE = QSize(560, 640)
SHADOW, RING = QColor(0, 0, 0, 160), QColor("#ffd54f")


class NetworkInputDialog(QDialog):
    """Stays beside the window. tile_asked: its number from 0."""

    tile_asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Network input"))
        self.picture = TilePicture()
        self.facts, self.warning = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.place, self._count = QSpinBox(), QLabel()
        self._tiles = QWidget()
        self._arrange()
        self.resize(SIZE)

    def show_tile(self, tile: NetworkInput, fit: Fit, is_known: bool) -> None:
        """is_known: whether the object size was given or measured."""
        self.picture.show_pixels(tile.pixels, fit.known)
        height, width = tile.pixels.shape[:2]
        size = self.tr("This part has {} × {} px, at {:.3g} times the size in the image.")
        self.facts.setText(f"{self._about(fit, is_known)} {size.format(width, height, fit.factor)}")
        self._warn(fit.warning)
        self.place.blockSignals(True)
        self.place.setRange(1, tile.count)
        self.place.setValue(tile.index + 1)
        self.place.blockSignals(False)
        self._count.setText(self.tr("of {:,}").format(tile.count))
        self._tiles.setVisible(tile.count > 1)

    def show_problem(self, sentence: str) -> None:
        """Why there is nothing to see."""
        self.picture.show_pixels(np.zeros((0, 0, 1), np.float32), 0)
        self.facts.clear()
        self._warn(shortened(sentence))
        self._tiles.hide()

    def _about(self, fit: Fit, is_known: bool) -> str:
        if not is_known:
            text = self.tr(
                "The size of the objects is not known yet: segment the image once, or give it. The "
                "network learned from objects as large as the ring, {} px."
            )
            return text.format(_short(fit.known))
        text = self.tr(
            "The network sees an object of {} px at {} px; it learned from objects as large as "
            "the ring, {} px."
        )
        return text.format(*map(_short, (fit.diameter, fit.seen, fit.known)))

    def _warn(self, sentence: str) -> None:
        self.warning.setText(sentence)
        self.warning.setVisible(bool(sentence))

    def _arrange(self) -> None:
        self.place.setKeyboardTracking(False)
        self.place.setAccessibleName(self.tr("Part"))
        self.place.valueChanged.connect(self._on_place_changed)
        font = self.warning.font()
        font.setBold(True)
        self.warning.setFont(font)
        row = QHBoxLayout(self._tiles)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (QLabel(self.tr("Part")), self.place, self._count):
            row.addWidget(part)
        row.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.picture, 1)
        for line in (self._tiles, self.facts, self.warning, buttons):
            column.addWidget(line)

    @Slot(int)
    def _on_place_changed(self, place: int) -> None:
        self.tile_asked.emit(place - 1)


class TilePicture(QWidget):
    """A tile as large as there is room, with a ring of the size that the network knows."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self._known = 0.0
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pixels(self, pixels: np.ndarray, known: float) -> None:
        """pixels: (h, w, 1 or 3) of 0..1, or nothing. known: diameter of the ring, pixels."""
        self.image, self._known = _picture(pixels), known
        self.update()

    @caught
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        frame = QRectF(0, 0, size.width(), size.height())
        frame.moveCenter(QRectF(self.rect()).center())
        scale = frame.width() / self.image.width()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(frame, self.image)
        self._draw_ring(painter, frame, self._known * scale / 2)
        painter.end()

    def _draw_ring(self, painter: QPainter, frame: QRectF, radius: float) -> None:
        """In the lower left corner."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(frame.left() + 8 + radius, frame.bottom() - 8 - radius)
        for colour, width in ((SHADOW, 4), (RING, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(centre, radius, radius)


def _short(pixels: float) -> str:
    return f"{round(pixels, 1):g}"


def _picture(pixels: np.ndarray) -> QImage:
    """Grey or colours; cubic enlarging may leave 0..1 a little."""
    height, width, depth = pixels.shape
    values = np.ascontiguousarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    kind = QImage.Format.Format_Grayscale8 if depth == 1 else QImage.Format.Format_RGB888
    return QImage(values.data, width, height, width * depth, kind).copy() if width else QImage()
