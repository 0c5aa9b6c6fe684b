import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.actions import help_actions
from app.actions.help_actions import HelpActions, program_version
from app.logs import log_file
from app.messages import Message, Messages
from core.errors import CellscribeError
from tests.app.actions.fakes import FakeAsk


@pytest.fixture
def help_menu(qapp: object, ask: FakeAsk, messages: Messages) -> HelpActions:
    return HelpActions(ask, messages)


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
