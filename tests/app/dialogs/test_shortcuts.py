import pytest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from app.actions.catalog import ACTIONS
from app.dialogs.shortcuts import ShortcutsDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def dialog(qtbot: QtBot) -> ShortcutsDialog:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    return dialog


def lines(dialog: ShortcutsDialog) -> list[tuple[str, str]]:
    """What is visible, sections included."""
    tree, flag = dialog.findChildren(QTreeWidget)[0], QTreeWidgetItemIterator.IteratorFlag.NotHidden
    iterator, found = QTreeWidgetItemIterator(tree, flag), []
    while item := iterator.value():
        found.append((item.text(0), item.text(1)))
        iterator += 1
    return found


def test_lists_every_action_that_has_a_key(dialog: ShortcutsDialog) -> None:
    listed = {text for _, text in lines(dialog)}
    classes = {f"Class {n}" for n in range(1, 10)}  # on one line
    expected = {action.text.rstrip("…") for action in ACTIONS if action.keys} - classes
    assert expected <= listed
    assert ("Ctrl+Shift+Z, Ctrl+Y", "Redo") in lines(dialog)


def test_keys_can_be_read(dialog: ShortcutsDialog) -> None:
    dialog.show()
    tree = dialog.findChildren(QTreeWidget)[0]
    widest = max(tree.fontMetrics().horizontalAdvance(keys) for keys, text in lines(dialog) if text)
    assert tree.columnWidth(0) >= widest + tree.indentation()


def test_search(dialog: ShortcutsDialog) -> None:
    everything = lines(dialog)
    dialog.search("zoom i")
    assert lines(dialog) == [("View", ""), ("Ctrl++, Ctrl+=, +", "Zoom in")]
    dialog.search("")
    assert lines(dialog) == everything
