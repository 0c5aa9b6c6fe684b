from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.panels import images_model
from app.panels.images_model import DetailRole, ImagesModel
from app.panels.images_panel import ImagesPanel
from app.panels.shown import Shown
from core.image.source import Plane
from tests.app.panels.fakes import FakeSession, box

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def panel(session: FakeSession, shown: Shown, qtbot: QtBot) -> ImagesPanel:
    panel = ImagesPanel(session, shown)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.resize(240, 400)
    panel.show()
    return panel


def detail(panel: ImagesPanel, row: int) -> str:
    return str(panel.list.model().index(row, 0).data(DetailRole))


def test_empty_state_offers_to_open(panel: ImagesPanel, qtbot: QtBot) -> None:
    button = panel.findChildren(QPushButton)[0]
    assert button.isVisible() and not panel.list.isVisible()
    with qtbot.waitSignal(panel.open_asked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_lists_images_with_status_and_count(panel: ImagesPanel, session: FakeSession) -> None:
    session.add(1, [box(1), box(2)], status="edited")
    session.add(2, [box(1)])
    session.documents.pop(2)
    assert panel.list.isVisible()
    assert panel.list.model().index(0, 0).data() == "img1.png"
    assert detail(panel, 0) == "edited · 2 objects"
    assert detail(panel, 1) == "new"  # neither read, nor known to have any


def test_planes_without_objects_are_not_listed(panel: ImagesPanel, session: FakeSession) -> None:
    planes = [Plane(z=z) for z in range(4)]
    for number, plane in enumerate(planes, 1):
        session.add(number, [box(1)] if number == 3 else (), plane=plane)
    session.records = [replace(record, path="stack.tif") for record in session.records]
    session.wanted = 2
    session.images_changed.emit()
    model = panel.list.model()
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert titles == ["stack.tif", "stack.tif, z 2", "stack.tif, z 3"]  # first, shown, begun


def test_count_follows_the_document(panel: ImagesPanel, session: FakeSession) -> None:
    document = session.add(1, [box(1)])
    session.show(1)
    perform(document, edits.add(document, [box(1), box(1)], "Add"))
    assert detail(panel, 0) == "new · 3 objects"
    perform(document, edits.delete(document, [1, 2]))
    assert detail(panel, 0) == "new · 1 object"


def test_click_shows_the_image(panel: ImagesPanel, session: FakeSession, qtbot: QtBot) -> None:
    session.add(1)
    session.add(2)
    session.show(1)
    rect = panel.list.visualRect(panel.list.model().index(1, 0))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert session.asked == [1, 2]


def test_keys_lead_to_both_ends(panel: ImagesPanel, session: FakeSession, qtbot: QtBot) -> None:
    for number in (1, 2, 3):
        session.add(number)
    session.show(2)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(panel.list, key)
    assert session.asked == [2, 3, 1]


def test_shown_image_is_marked_without_asking_again(
    panel: ImagesPanel, session: FakeSession
) -> None:
    for number in (1, 2, 3):
        session.add(number)
    session.show(3)
    assert [index.row() for index in panel.list.selectedIndexes()] == [2]
    session.add(4)
    assert [index.row() for index in panel.list.selectedIndexes()] == [2]
    assert session.asked == [3]


def test_closed_project_leaves_the_empty_state(panel: ImagesPanel, session: FakeSession) -> None:
    session.add(1)
    session.show(1)
    session.leave()
    assert not panel.list.isVisible()


@pytest.fixture
def long_list(
    session: FakeSession, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImagesModel]:
    """Nine images, of which three are looked through at a time."""
    monkeypatch.setattr(images_model, "SLICE", 3)
    for number in range(1, 10):
        session.add(number)
    yield ImagesModel(session, shown)  # type: ignore[arg-type]


def test_a_long_list_is_filtered_bit_by_bit(long_list: ImagesModel, qtbot: QtBot) -> None:
    long_list.set_filter("img9")
    assert len(long_list.ids) == 9, "the former rows stay until all were looked at"
    qtbot.waitUntil(lambda: long_list.ids == [9])
    long_list.set_filter("img1")
    long_list.set_filter("img2")
    qtbot.waitUntil(lambda: long_list.ids == [2])
    long_list.set_filter("")
    assert len(long_list.ids) == 9, "there is nothing to look for"


def test_planes_are_told_apart_across_slices(
    long_list: ImagesModel, session: FakeSession, qtbot: QtBot
) -> None:
    """Of each file the first one is listed."""
    files = "aaaabbbbb"
    session.records = [
        replace(record, path=f"{file}.tif", plane=Plane(z=number))
        for number, (file, record) in enumerate(zip(files, session.records, strict=True))
    ]
    session.images_changed.emit()
    qtbot.waitUntil(lambda: long_list.ids == [1, 5])


def test_images_that_change_during_the_search_are_looked_at_again(
    long_list: ImagesModel, session: FakeSession, qtbot: QtBot
) -> None:
    long_list.set_filter("edited")
    session.records[0] = replace(session.records[0], status="edited")
    session.images_changed.emit()
    qtbot.waitUntil(lambda: long_list.ids == [1])


def test_a_search_ends_with_its_project(long_list: ImagesModel, session: FakeSession) -> None:
    long_list.set_filter("img")
    session.leave()
    assert long_list.ids == []


def test_is_a_sound_model(session: FakeSession, shown: Shown, qtbot: QtBot) -> None:
    model = ImagesModel(session, shown)  # type: ignore[arg-type]
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    session.add(1)
    session.add(2)
    session.images_changed.emit()
    session.leave()
    assert model.rowCount() == 0
    del tester


def test_a_click_back_while_another_image_is_read_counts(
    panel: ImagesPanel, session: FakeSession, qtbot: QtBot
) -> None:
    for number in (1, 2):
        session.add(number)
    session.show(1)
    session.wanted = 2  # the person asked for it; its pixels are being read
    session.loading.emit(session.record(2))
    assert [index.row() for index in panel.list.selectedIndexes()] == [1]
    session.images_changed.emit()
    assert [index.row() for index in panel.list.selectedIndexes()] == [1]
    rect = panel.list.visualRect(panel.list.model().index(0, 0))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert session.asked == [1, 1]


def test_the_list_can_be_filtered_and_next_follows_it(
    panel: ImagesPanel, session: FakeSession
) -> None:
    for number in range(1, 13):
        session.add(number, status="reviewed" if number == 2 else "new")
    session.show(1)
    panel.filter.setText("img1")
    QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert session.walk() == [1, 10, 11, 12]
    assert "4 of 12 images" in [label.text() for label in panel.findChildren(QLabel)]
    assert [index.row() for index in panel.list.selectedIndexes()] == [0]
    panel.filter.setText("reviewed")
    QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert session.walk() == [2] and panel.list.selectedIndexes() == []
    panel.filter.clear()
    QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert len(session.walk()) == 12 and session.asked == [1]


def test_an_image_that_cannot_be_read_says_why(
    panel: ImagesPanel, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add(1)
    monkeypatch.setattr(session, "why_unreadable", lambda image_id: "Cannot read img1.png.")
    assert detail(panel, 0) == "cannot be read"
    tip = panel.list.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "Cannot read img1.png."
