import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from app.canvas.layers.live import line_shifts, pen

SIDE = 200


def ink(width: float, replaced: bool) -> np.ndarray:
    """(12,) covered px of a circle, in each twelfth of it."""
    angle = np.linspace(0, 2 * np.pi, 49)
    path = QPainterPath(QPointF(SIDE / 2 + 80, SIDE / 2))
    for x, y in (SIDE / 2 + 80 * np.stack((np.cos(angle), np.sin(angle)), axis=1)).tolist():
        path.lineTo(x, y)
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shifts = line_shifts(width) if replaced else (QPointF(),)
        painter.setPen(pen(QColor("white"), 1.0 if len(shifts) > 1 else width))
        for shift in shifts:
            painter.drawPath(path.translated(shift))
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 4)[..., 0] / 255
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    part = (np.degrees(np.arctan2(y, x)) % 360 // 30).astype(int)
    return np.bincount(part.ravel(), shown.ravel(), 12)


@pytest.mark.parametrize("width", [1.5, 2.0])
def test_three_thin_lines_look_like_one_of_that_width_in_every_direction(width: float) -> None:
    assert len(line_shifts(width)) == 3
    assert ink(width, True) == pytest.approx(ink(width, False), rel=0.15)
    assert ink(width, True).sum() == pytest.approx(ink(width, False).sum(), rel=0.06)


@pytest.mark.parametrize("width", [0.67, 1.0, 2.5, 4.0])
def test_other_widths_are_one_line(width: float) -> None:
    assert line_shifts(width) == (QPointF(),)
