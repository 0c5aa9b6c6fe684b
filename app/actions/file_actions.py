"""What the File menu does: open and save."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.dialogs.ask import Ask
from app.messages import Messages
from app.session import Session
from app.settings import schema
from app.settings.store import Settings


class FileActions(QObject):
    """Asks which files, then hands them on."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        ask: Ask,
        messages: Messages,
    ) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self._ask, self._messages = ask, messages
        session.project_changed.connect(self._on_project_changed)

    def open(self, paths: Iterable[Path]) -> None:
        """Open what was dropped, chosen or given at the start."""
        if wanted := list(paths):
            first = wanted[0]
            self._settings.set(schema.FOLDER, str(first if first.is_dir() else first.parent))
            self._session.open_paths(wanted)

    def open_images(self) -> None:
        self.open(self._ask.images(self._folder))

    def open_folder(self) -> None:
        if folder := self._ask.folder(self.tr("Open folder"), self._folder):
            self.open([folder])

    def open_project(self) -> None:
        if path := self._ask.project(self._folder):
            self.open([path])

    def recent(self) -> list[Path]:
        """Projects of earlier days that are still there, the newest first."""
        known = (Path(text) for text in self._settings.get(schema.RECENT))
        return [path for path in known if path.is_file()]

    def save(self) -> None:
        """Wait until the last step is on the disk."""
        if self._session.flush():
            text = self.tr("Everything is saved in {}.").format(self._session.project_path)
            self._messages.inform(text)
        else:
            self._messages.warn(
                self.tr("Not saved yet; use File > Save project as… to save it in another place.")
            )

    def save_as(self) -> None:
        start = self._session.project_path or Path(self._folder)
        if path := self._ask.new_project(str(start)):
            self._session.save_project_as(path)

    def quit(self) -> None:
        QApplication.closeAllWindows()

    @property
    def _folder(self) -> str:
        return self._settings.get(schema.FOLDER)

    def _on_project_changed(self) -> None:
        if path := self._session.project_path:
            self._settings.add_recent(path)
