import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from app.panels.object_size_box import AUTOMATIC, MICROMETRES, PIXELS, ObjectSizeBox


@pytest.fixture
def size(qtbot: QtBot) -> ObjectSizeBox:
    size = ObjectSizeBox()
    qtbot.addWidget(size)
    size.show()
    return size


def given(size: ObjectSizeBox) -> tuple[float | None, float | None]:
    return size.diameter_px, size.diameter_um


def micrometres_enabled(size: ObjectSizeBox) -> bool:
    model = size.unit.model()
    assert isinstance(model, QStandardItemModel)
    return model.item(MICROMETRES).isEnabled()


def test_automatic_at_first(size: ObjectSizeBox) -> None:
    assert given(size) == (None, None)
    assert not size.field.isVisible() and not size.take.isVisible()
    assert "new run" in size.unit.toolTip()


def test_pixels_are_typed(size: ObjectSizeBox, qtbot: QtBot) -> None:
    size.unit.setCurrentIndex(PIXELS)
    assert size.field.isVisible()
    size.field.selectAll()
    qtbot.keyClicks(size.field, "17.5")
    qtbot.keyClick(size.field, Qt.Key.Key_Return)
    assert given(size) == (17.5, None)


def test_the_value_is_converted_with_its_unit(size: ObjectSizeBox) -> None:
    size.set_pixel_size(0.325)
    size.unit.setCurrentIndex(PIXELS)
    size.field.setValue(40)
    size.unit.setCurrentIndex(MICROMETRES)
    assert given(size) == (None, 13.0)
    size.unit.setCurrentIndex(PIXELS)
    assert given(size) == (40, None)
    size.unit.setCurrentIndex(AUTOMATIC)
    assert given(size) == (None, None)
    size.unit.setCurrentIndex(PIXELS)
    assert given(size) == (40, None)


def test_micrometres_need_a_pixel_size_to_be_chosen(size: ObjectSizeBox) -> None:
    assert not micrometres_enabled(size)
    size.set_pixel_size(0.5)
    assert micrometres_enabled(size)
    size.unit.setCurrentIndex(MICROMETRES)
    size.field.setValue(12)
    size.set_pixel_size(None)
    assert given(size) == (None, 12), "it holds for the images that have one"
    size.unit.setCurrentIndex(PIXELS)
    assert given(size) == (12, None)
    assert not micrometres_enabled(size)


def test_another_scale_leaves_what_was_said(size: ObjectSizeBox) -> None:
    size.set_pixel_size(0.5)
    size.unit.setCurrentIndex(MICROMETRES)
    size.field.setValue(12)
    size.set_pixel_size(0.25)
    assert given(size) == (None, 12)
    size.unit.setCurrentIndex(PIXELS)
    assert given(size) == (48, None)


def test_what_was_measured_is_taken_over_with_one_click(size: ObjectSizeBox, qtbot: QtBot) -> None:
    size.show_measured(23.04)
    assert size.take.isVisible() and "23.0 px" in size.take.text()
    qtbot.mouseClick(size.take, Qt.MouseButton.LeftButton)
    assert given(size) == (23.0, None)
    assert not size.take.isVisible()


def test_what_was_measured_is_said_in_the_unit_used_last(size: ObjectSizeBox) -> None:
    size.set_pixel_size(0.5)
    size.unit.setCurrentIndex(MICROMETRES)
    size.unit.setCurrentIndex(AUTOMATIC)
    size.show_measured(23)
    assert "11.50 µm" in size.take.text()
    size.take.click()
    assert given(size) == (None, 11.5)
    size.unit.setCurrentIndex(AUTOMATIC)
    size.set_pixel_size(None)
    assert "23.0 px" in size.take.text()
    size.show_measured(None)
    assert not size.take.isVisible()


def test_taking_over_needs_no_more_room(size: ObjectSizeBox, qtbot: QtBot) -> None:
    size.show_measured(23)
    size.resize(size.minimumSizeHint())
    width = size.width()
    size.take.click()
    qtbot.wait(10)
    assert size.width() == width
