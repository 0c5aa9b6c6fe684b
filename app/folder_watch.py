"""FolderWatch: says when files came into a folder, such as those that a microscope writes."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

PAUSE = 1000
"""Milliseconds in which changes are collected."""


class FolderWatch(QObject):
    """changed: (Path) files came or went in a folder, a moment ago."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_directory_changed)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._on_timeout)
        self._changed: set[str] = set()

    def watch(self, folder: Path) -> None:
        """From now on; a folder that is watched already is fine."""
        if str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))

    def clear(self) -> None:
        """Watch nothing any more."""
        self._timer.stop()
        self._changed.clear()
        if folders := self._watcher.directories():
            self._watcher.removePaths(folders)

    @Slot(str)
    def _on_directory_changed(self, folder: str) -> None:
        self._changed.add(folder)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        changed, self._changed = self._changed, set()
        for folder in map(Path, sorted(changed)):
            if folder.is_dir():
                self.watch(folder)  # one that was replaced is forgotten
                self.changed.emit(folder)
