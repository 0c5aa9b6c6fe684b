"""The displays that a person chose for files, as the project keeps them."""

from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Slot

from app.canvas.display import Display
from app.panels.kept_displays import key_of
from app.session import Session
from app.tasks.opening import DISPLAY
from core.image.model import Image
from core.project.store import Project

REST_MS = 400
"""A slider that is moved is written once it rests."""


class ChosenDisplays(QObject):
    """Reads from the session what the project had when it was opened, and writes what is new."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._unwritten: dict[str, Any] = {}
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._write)
        session.project_left.connect(self._write)

    def of(self, image: Image, automatic: Display) -> Display:
        """What was chosen for the file of an image."""
        display = _read(self._session.displays.get(key_of(image)))
        fits = display and len(display.channels) == len(automatic.channels)
        return display if display and fits else automatic

    def keep(self, image: Image, display: Display) -> None:
        """A person chose this."""
        if image.content_hash:
            chosen = {key_of(image): msgspec.to_builtins(display)}
            self._session.displays.update(chosen)
            self._unwritten.update(chosen)
            self._rest.start()

    @Slot()
    def _write(self) -> None:
        self._rest.stop()
        chosen, self._unwritten = self._unwritten, {}
        project = self._session.project
        if chosen and project and not project.read_only:
            self._session.write(partial(_put, chosen))


def _put(chosen: dict[str, Any], project: Project) -> None:
    for key, value in chosen.items():
        project.set_setting(DISPLAY + key, value)


def _read(value: Any) -> Display | None:
    """None for what this program does not understand; a newer one may have written it."""
    try:
        return msgspec.convert(value, Display)
    except msgspec.ValidationError:
        return None
