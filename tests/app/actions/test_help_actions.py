import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions import help_actions
from app.actions.help_actions import HelpActions, program_version
from app.canvas.tools import TOOLS
from app.dialogs.tool_help import ToolHelp, card
from app.logs import log_file
from app.messages import Message, Messages
from core.errors import CellscribeError
from tests.app.actions.fakes import FakeAsk


@pytest.fixture
def canvas(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def help_menu(canvas: QWidget, ask: FakeAsk, messages: Messages) -> HelpActions:
    return HelpActions(ask, messages, canvas)


def test_version_is_never_empty() -> None:
    assert program_version()


def test_log_is_opened(
    help_menu: HelpActions, monkeypatch: pytest.MonkeyPatch, posted: list[Message]
) -> None:
    opened: list[QUrl] = []
    answer = True

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return answer

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    with pytest.raises(CellscribeError, match="no log file yet"):
        help_menu.open_log()
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_text("x")
    help_menu.open_log()
    assert opened[0].toLocalFile() == str(log_file()) and posted == []
    answer = False
    help_menu.open_log()
    assert str(log_file()) in posted[0].text


def test_dialogs_are_shown(help_menu: HelpActions, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    for name in ("ShortcutsDialog", "AboutDialog"):
        dialog = getattr(help_actions, name)
        monkeypatch.setattr(dialog, "exec", lambda self: shown.append(self.windowTitle()))
    help_menu.shortcuts()
    help_menu.about()
    assert shown == ["Keys and gestures", "About Cellscribe"]


def test_the_card_of_a_tool_lists_its_keys() -> None:
    brush = next(tool for tool in TOOLS if tool.name == "brush")
    text = card(brush)
    assert "Brush (B)" in text and "makes the brush larger" in text and "Esc" in text


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_every_tool_has_a_card(help_menu: HelpActions) -> None:
    for tool in TOOLS:
        help_menu.tool_keys(tool.name)
        windows = QApplication.topLevelWidgets()
        (shown,) = (w for w in windows if isinstance(w, ToolHelp) and w.isVisible())
        assert tool.title in shown.text()
        shown.close()
