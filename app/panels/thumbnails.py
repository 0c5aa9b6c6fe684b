"""Thumbnails: small pictures of the images of a project, made in the background."""

from collections import OrderedDict
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from app.canvas.thumbnail import thumbnail
from app.session import Session
from app.tasks.runner import Outcome
from core.byte_cache import ByteCache
from core.image.read import read_image
from core.image.source import Plane
from core.progress import Ticket
from core.project.records import ImageRecord

SIDE = 80
"""Pixels of the longer side: sharp on screens with two device pixels for one."""
KEPT = 64 * 2**20  # bytes: about 2,500 pictures
MOST_WAITING = 60
"""More are forgotten: they were scrolled past."""


class Thumbnails(QObject):
    """One at a time, what was asked for last first. made: id of an image that has one now."""

    made = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._pictures: ByteCache[QImage] = ByteCache(KEPT)
        self._refused: set[ImageRecord] = set()  # not tried again as long as they stay the same
        self._waiting: OrderedDict[int, ImageRecord] = OrderedDict()
        self._job = 0
        session.project_left.connect(self._on_project_left)

    def of(self, record: ImageRecord) -> QImage | None:
        """The picture of an image; None while it is made, and where it cannot be."""
        picture = self._pictures.get(record.id)
        if picture is None and record not in self._refused:
            self._waiting[record.id] = record
            self._waiting.move_to_end(record.id)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
            self._begin()
        return picture

    def _begin(self) -> None:
        project = self._session.project
        if self._job or project is None or not self._waiting:
            return
        _, record = self._waiting.popitem()
        self._job = self._session.start_job(
            partial(_made, project.folder / record.path, record.plane),
            partial(self._on_made, record),
        )

    def _on_made(self, record: ImageRecord, outcome: Outcome) -> None:
        self._job = 0
        if outcome.problem:  # it is told when the image is shown; it may still be written
            self._refused.add(record)
        else:
            self._pictures.put(record.id, _picture(outcome.value), outcome.value.nbytes)
            self.made.emit(record.id)
        self._begin()

    @Slot()
    def _on_project_left(self) -> None:
        self._job = 0
        self._waiting.clear()
        self._refused.clear()
        self._pictures.clear()


def _made(path: Path, plane: Plane, ticket: Ticket) -> np.ndarray:
    return thumbnail(read_image(path, plane, ticket), SIDE)


def _picture(pixels: np.ndarray) -> QImage:
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
