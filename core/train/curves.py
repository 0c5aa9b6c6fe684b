"""Loss and validation curves of a training run as a picture."""

from pathlib import Path

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from core.files import write_atomically

WIDTH, HEIGHT, MARGIN = 900, 480, 60
LOSS, SCORE, INK = "#0072b2", "#d55e00", "#404040"


def draw_curves(history: list[dict[str, float]], path: Path) -> None:
    """Write a PNG: training loss (left axis, logarithmic) and validation AP (right axis, 0..1)."""
    trained = [h for h in history if "loss" in h]
    if len(trained) < 2:
        return
    picture = Picture.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    crops = np.array([h["crops"] for h in trained])
    losses = np.array([h["loss"] for h in trained])
    low, high = losses.min() * 0.9, losses.max() * 1.1
    left = np.log(losses / low) / np.log(high / low)
    _axes(pen, crops[-1], low, high)
    _curve(pen, crops / crops[-1], left, LOSS)
    scored = [h for h in history if "ap50" in h]
    if scored:
        share = np.array([h["crops"] for h in scored]) / crops[-1]
        _curve(pen, share, np.array([h["ap50"] for h in scored]), SCORE)
    write_atomically(path, lambda file: picture.save(file, "PNG"))


def _place(share: float, level: float) -> tuple[float, float]:
    """Pixel of a point given as shares of both axes."""
    return (
        MARGIN + share * (WIDTH - 2 * MARGIN),
        HEIGHT - MARGIN - level * (HEIGHT - 2 * MARGIN),
    )


def _curve(pen: ImageDraw.ImageDraw, shares: np.ndarray, levels: np.ndarray, colour: str) -> None:
    points = [_place(x, y) for x, y in zip(shares, levels, strict=True)]
    pen.line(points, fill=colour, width=2)
    if len(points) < 40:
        for x, y in points:
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=colour)


def _axes(pen: ImageDraw.ImageDraw, crops: float, low: float, high: float) -> None:
    pen.rectangle((*_place(0, 1), *_place(1, 0)), outline="#c0c0c0")
    for level in np.linspace(0, 1, 6):
        loss = low * (high / low) ** level
        pen.text((8, _place(0, level)[1] - 6), f"{loss:.3f}", fill=LOSS)
        pen.text((WIDTH - MARGIN + 8, _place(0, level)[1] - 6), f"{level:.1f}", fill=SCORE)
        x = _place(level, 0)[0]
        pen.text((x - 16, HEIGHT - MARGIN + 8), f"{round(crops * level)}", fill=INK)
    pen.text((MARGIN, 24), "training loss", fill=LOSS)
    pen.text((WIDTH - MARGIN - 150, 24), "validation AP at IoU 0.5", fill=SCORE)
    pen.text((WIDTH / 2 - 20, HEIGHT - 24), "crops", fill=INK)
