from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.dialogs.ask import Ask


class Answering(Ask):
    """Says yes or no."""

    yes = False
    asked = 0

    def confirm(self, title: str, text: str, yes: str) -> bool:
        self.asked += 1
        return self.yes


def test_a_project_is_replaced_only_after_a_yes(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, old = Answering(), tmp_path / "old.cellscribe"
    typed = {"name": str(tmp_path / "old")}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (typed["name"], ""))
    assert ask.new_project("") == old and ask.asked == 0
    old.write_bytes(b"")
    assert ask.new_project("") is None
    ask.yes = True
    assert ask.new_project("") == old and ask.asked == 2
    typed["name"] = str(old)  # the system has asked
    assert ask.new_project("") == old and ask.asked == 2
