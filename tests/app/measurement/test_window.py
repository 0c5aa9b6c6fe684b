"""The window over several images: scope, staleness, going to another image, problems."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.measurement import window as module
from app.measurement.measuring import Measuring
from app.measurement.window import ALL_IMAGES, THIS_IMAGE, MeasurementWindow
from app.session import Session
from app.tasks.runner import Runner
from tests.app.measurement.test_measuring import Desk
from tests.app.samples import Pictures, square

pytestmark = pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)")


@pytest.fixture
def desk(qtbot: QtBot, session: Session, runner: Runner, pictures: Pictures) -> Desk:
    return Desk(qtbot, session, runner, pictures)


@pytest.fixture
def window(desk: Desk, runner: Runner, qtbot: QtBot) -> Iterator[MeasurementWindow]:
    window = MeasurementWindow(desk.session, runner, desk.measuring)
    qtbot.addWidget(window)
    window.open()
    qtbot.waitUntil(lambda: len(window.view.sheet) == 2)
    yield window
    window.close()


def all_images(window: MeasurementWindow, qtbot: QtBot) -> None:
    window.scope.setCurrentIndex(ALL_IMAGES)
    qtbot.waitUntil(lambda: len(window.view.sheet.images) == 2)


def test_all_images_are_measured_when_asked(window: MeasurementWindow, qtbot: QtBot) -> None:
    all_images(window, qtbot)
    assert window.view.sheet.ids.tolist() == [1, 2, 1]
    assert window.status.text() == "3 objects in 2 images"
    assert window.view.model.keys[0] == "image"
    assert window.view.image_model.rowCount() == 2
    window.scope.setCurrentIndex(THIS_IMAGE)
    qtbot.waitUntil(lambda: len(window.view.sheet.images) == 1)


def test_going_to_another_image_keeps_sheet_and_picks(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot
) -> None:
    all_images(window, qtbot)
    window.view._on_gated(np.array([False, True, True]))
    assert desk.session.selection.ids == {2}
    desk.show(1)
    assert len(window.view.sheet) == 3
    assert window.view.picked.rows.tolist() == [False, True, True]
    assert desk.session.selection.ids == {1}


def test_changes_are_told_and_measured_on_demand(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot
) -> None:
    all_images(window, qtbot)
    assert not window.update_button.isVisible()
    desk.draw(square(60, 60, 5))
    assert "changed since" in window.status.text()
    QTest.mouseClick(window.update_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.view.sheet) == 4)
    assert not window.update_button.isVisible()


def test_many_objects_wait_until_a_person_asks(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BY_ITSELF", 1)
    desk.draw(square(60, 60, 5))
    qtbot.wait(600)
    assert len(window.view.sheet) == 2
    QTest.mouseClick(window.update_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.view.sheet) == 3)


def test_another_scale_changes_the_units(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot
) -> None:
    record = desk.session.current
    assert record is not None
    desk.session.put_record(replace(record, pixel_size_um=0.5))
    qtbot.waitUntil(lambda: window.view.sheet.unit == "µm")
    assert window.view.sheet.numbers("area").tolist() == [36, 16]


def test_other_image_is_measured_by_itself(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.show(1)
    qtbot.waitUntil(lambda: window.view.sheet.ids.tolist() == [1])
    assert window.view.sheet.images[0].name == "b.png"


def test_what_is_missing_is_told(window: MeasurementWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.paths[1].unlink()
    all_images(window, qtbot)
    assert "b.png was not found" in window.status.text()


def test_leaving_the_project_empties_it(
    window: MeasurementWindow, desk: Desk, qtbot: QtBot
) -> None:
    all_images(window, qtbot)
    desk.session.close()
    qtbot.waitUntil(lambda: len(window.view.sheet) == 0)
    assert window.view.isHidden() or not window.view.isVisible()


def test_stop_gives_up(window: MeasurementWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.draw(square(60, 60, 5))
    window.measure()
    assert window.stop_button.isVisible()
    QTest.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    assert not desk.measuring.busy
    assert len(window.view.sheet) == 2
    assert window.update_button.isVisible()


def test_before_anything_is_open_it_says_what_to_do(
    qtbot: QtBot, session: Session, runner: Runner
) -> None:
    window = MeasurementWindow(session, runner, Measuring(session, runner, lambda _: None))
    qtbot.addWidget(window)
    window.open()
    assert "Open an image" in window._empty.text()
    assert window._empty.isVisible()
    assert not window.export_button.isEnabled()
    window.close()


def test_one_object_is_not_objects(window: MeasurementWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.show(1)
    qtbot.waitUntil(lambda: window.status.text() == "1 object")
    window.view.model.set_filter("id=2")
    assert window.status.text() == "0 of 1 object"
