import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QListView, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.classes_model import ClassesModel
from app.panels.classes_panel import ClassesPanel
from app.panels.shown import Shown
from app.theme.icons import Icons
from tests.app.panels.fakes import FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def panel(session: FakeSession, shown: Shown, qtbot: QtBot) -> ClassesPanel:
    panel = ClassesPanel(shown, Icons())
    qtbot.addWidget(panel)
    panel.resize(300, 200)
    panel.show()
    session.add(1, [box(1, class_id=1)])
    session.show(1)
    return panel


def names(session: FakeSession) -> list[str]:
    return [c.name for c in session.classes.all]


def the_list(panel: ClassesPanel) -> QListView:
    return panel.findChildren(QListView)[0]


def test_active_class_and_selected_row_are_one(
    panel: ClassesPanel, session: FakeSession, qtbot: QtBot
) -> None:
    view = the_list(panel)
    session.classes.set_active(2)
    assert view.currentIndex().row() == 2
    rect = view.visualRect(view.model().index(1, 0))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert session.classes.active == 1


def test_every_change_is_one_step_that_can_be_undone(
    panel: ClassesPanel, session: FakeSession
) -> None:
    document = session.document
    assert document is not None
    before = session.classes.all
    panel.add("Debris")
    panel.rename(0, "Nucleus")
    panel.recolour(1, "#102030")
    assert names(session) == ["Nucleus", "Mitotic", "Dead", "Debris"]
    assert session.classes.find(1).color == "#102030"
    assert document.stack.count() == 3
    after = session.classes.all
    for _ in range(3):
        document.stack.undo()
    assert session.classes.all == before
    for _ in range(3):
        document.stack.redo()
    assert session.classes.all == after


def test_new_class_becomes_the_active_one(panel: ClassesPanel, session: FakeSession) -> None:
    panel.add("Debris")
    assert session.classes.find(session.classes.active).name == "Debris"
    assert the_list(panel).currentIndex().row() == 3


def test_typed_name_renames(panel: ClassesPanel, session: FakeSession, qtbot: QtBot) -> None:
    view = the_list(panel)
    view.setCurrentIndex(view.model().index(2, 0))
    view.edit(view.currentIndex())
    editor = view.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit) and editor.text() == "Dead"
    editor.setText("Apoptotic")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(session)[2] == "Apoptotic")


def test_nothing_to_change_without_a_document(panel: ClassesPanel, session: FakeSession) -> None:
    session.leave()
    assert not any(button.isEnabled() for button in panel.findChildren(QToolButton))
    panel.add("Debris")
    assert "Debris" not in names(session)


def test_rows_show_the_key_that_gives_the_class(session: FakeSession, qtbot: QtBot) -> None:
    model = ClassesModel(session.classes)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert model.index(1, 0).data() == "2   Mitotic"
    assert model.index(1, 0).data(Qt.ItemDataRole.EditRole) == "Mitotic"
    session.classes.set_active(1)
    assert "active" in model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    del tester
