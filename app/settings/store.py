"""Where settings are kept: an ini file of the person; only what differs from the default."""

import logging
from pathlib import Path
from typing import TypeVar

import msgspec
from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from app.settings.schema import MOST_RECENT, RECENT, Setting

T = TypeVar("T")
log = logging.getLogger(__name__)


def config_folder() -> Path:
    """The person's folder for the settings of this program."""
    return user_config_path("cellscribe", appauthor=False)


class Settings(QObject):
    """Reads and writes the settings of the table; a bad stored value counts as not stored."""

    changed = Signal(str)  # key

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        folder = folder or config_folder()
        self._values = _ini(folder / "settings.ini")
        self._window = _ini(folder / "window.ini")

    def get(self, setting: Setting[T]) -> T:
        """The stored value, or the default."""
        text = self._values.value(setting.key)
        if text is None:
            return setting.default
        try:
            value: T = msgspec.json.decode(str(text), type=setting.type)
        except msgspec.DecodeError as error:
            log.warning("setting %s is damaged, its default is used: %s", setting.key, error)
            return setting.default
        return value if setting.sensible(value) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember a value; the default itself is not stored."""
        if value == self.get(setting):
            return
        if value == setting.default:
            self._values.remove(setting.key)
        else:
            self._values.setValue(setting.key, msgspec.json.encode(value).decode())
        self.changed.emit(setting.key)

    def add_recent(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        text = str(path)
        others = (p for p in self.get(RECENT) if p != text)
        self.set(RECENT, (text, *others)[:MOST_RECENT])

    def window_state(self, key: str) -> QByteArray:
        """Geometry or layout of a window, empty when there is none."""
        value = self._window.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_window_state(self, key: str, state: QByteArray) -> None:
        self._window.setValue(key, state)

    def save(self) -> None:
        """Write what is pending; a failure is logged, for it must not keep anyone from working."""
        for store in (self._values, self._window):
            store.sync()
            if store.status() != QSettings.Status.NoError:
                log.warning("settings could not be written to %s", store.fileName())


def _ini(path: Path) -> QSettings:
    return QSettings(str(path), QSettings.Format.IniFormat)
