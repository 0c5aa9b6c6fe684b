"""Images with discs, documents and regions for the tests of the application."""

from pathlib import Path

import cv2
import numpy as np
import tifffile
from PIL import Image as PillowImage
from pytestqt.qtbot import QtBot

from app.session import Session
from core.annotation.region import Origin, Region, ring

SIZE = 96  # pixels, edge of the pictures
HUMAN = Origin()
MODEL = Origin("model", "fake", "ab" * 32, 0.5)


class Pictures:
    """Makes PNG files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def discs(self, name: str = "a.png", values: tuple[int, ...] = (220, 180, 140)) -> Path:
        """Discs of radius 10 in a row, with these grey values, on black."""
        pixels = np.zeros((SIZE, SIZE), np.uint8)
        for i, value in enumerate(values):
            cv2.circle(pixels, (16 + 30 * (i % 3), 20 + 30 * (i // 3)), 10, value, -1)
        return self._save(name, pixels)

    def series(self, count: int) -> list[Path]:
        """img1.png, img2.png ..., each with one disc of its own grey value."""
        return [self.discs(f"img{i}.png", (100 + i,)) for i in range(1, count + 1)]

    def crop(self, name: str, size: int) -> Path:
        """The upper left of a picture, in its place."""
        with PillowImage.open(self.folder / name) as picture:
            return self._save(name, np.asarray(picture)[:size, :size])

    def picture(self, name: str, pixels: np.ndarray) -> Path:
        """These pixels."""
        return self._save(name, pixels)

    def scaled(self, name: str, pixel_size_um: float) -> Path:
        """Three discs, in a TIFF that says its pixel size."""
        with PillowImage.open(self.discs(name + ".png")) as picture:
            pixels = np.asarray(picture)
        (self.folder / (name + ".png")).unlink()
        per_cm = (1e4 / pixel_size_um, 1e4 / pixel_size_um)
        tifffile.imwrite(self.folder / name, pixels, resolution=per_cm, resolutionunit="CENTIMETER")
        return self.folder / name

    def _save(self, name: str, pixels: np.ndarray) -> Path:
        path = self.folder / name
        PillowImage.fromarray(pixels).save(path)
        return path


def square(x: float, y: float, size: float = 10, origin: Origin = HUMAN, number: int = 1) -> Region:
    """A square with its upper left corner at x, y."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return Region(number, ring(corners), origin=origin)


def opened(session: Session, qtbot: QtBot, *paths: Path) -> Session:
    """The session once the first of these paths is shown."""
    with qtbot.waitSignal(session.shown_changed, check_params_cb=lambda image: image is not None):
        session.open_paths(list(paths))
    return session


def open_all(session: Session, qtbot: QtBot, *paths: Path) -> list[int]:
    """The ids of the images in the order of their names, once all are in the project."""
    opened(session, qtbot, *paths)
    qtbot.waitUntil(lambda: len(session.records) == len(paths))
    return [record.id for record in session.records]
