"""What the Help menu does."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.canvas.tools import TOOLS
from app.dialogs.about import AboutDialog
from app.dialogs.ask import Ask
from app.dialogs.shortcuts import ShortcutsDialog
from app.dialogs.tool_help import ToolHelp
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

    def __init__(self, ask: Ask, messages: Messages, canvas: QWidget) -> None:
        self._ask, self._messages, self._canvas = ask, messages, canvas

    def shortcuts(self) -> None:
        ShortcutsDialog(self._ask.window).exec()

    def tool_keys(self, tool: str) -> None:
        """Show what the tool in use answers to, over the image."""
        spec = next(spec for spec in TOOLS if spec.name == tool)
        ToolHelp(spec, self._canvas).show_over(self._canvas)

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
