"""What the Help menu does."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.dialogs.about import AboutDialog
from app.dialogs.ask import Ask
from app.dialogs.shortcuts import ShortcutsDialog
from app.logs import log_file
from app.messages import Messages
from core.errors import CellscribeError


def program_version() -> str:
    """The version that is installed, or that it runs from its sources."""
    try:
        return version("cellscribe")
    except PackageNotFoundError:
        return "(from source)"


class HelpActions:
    """Dialogs that only show something; one of each at a time."""

    def __init__(self, ask: Ask, messages: Messages) -> None:
        self._ask, self._messages = ask, messages

    def shortcuts(self) -> None:
        ShortcutsDialog(self._ask.window).exec()

    def about(self) -> None:
        dialog = AboutDialog(program_version(), self._ask.window)
        dialog.log_asked.connect(self.open_log)
        dialog.exec()

    def open_log(self) -> None:
        """Show the log file with the program that the person has for texts."""
        path = log_file()
        if not path.is_file():
            raise CellscribeError(f"There is no log file yet; it will be {path}.")
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._messages.inform(f"The log file is {path}")
