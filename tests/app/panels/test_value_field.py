import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.histogram import Histogram
from app.panels.value_field import ValueField
from core.image.scale import Window

COUNTS = Histogram(np.ones(1), Window(0, 4000), whole=True)
FRACTIONS = Histogram(np.ones(1), Window(0, 1e-6), whole=False)


@pytest.fixture
def field(qtbot: QtBot) -> ValueField:
    field = ValueField("Black", "tip")
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.fixture
def told(field: ValueField) -> list[float]:
    values: list[float] = []
    field.valueChanged.connect(values.append)
    return values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (65535, "65535"),
        (4294967295, "4294967295"),
        (-12, "-12"),
        (3.25e-7, "3.25e-07"),
        (143.27251, "143.273"),
        (-3.4e38, "-3.4e+38"),
        (0, "0"),
    ],
)
def test_any_native_value(field: ValueField, told: list[float], value: float, text: str) -> None:
    field.show_value(value, COUNTS)
    assert field.text() == text and field.value() == value and told == []


def typed(field: ValueField, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_typed_number_counts_when_it_is_finished(field: ValueField, told: list[float]) -> None:
    field.show_value(100, COUNTS)
    field.selectAll()
    QTest.keyClicks(field, "1234.5")
    assert told == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == [1234.5]
    typed(field, "2.5e-4")
    assert told[-1] == 2.5e-4


@pytest.mark.parametrize("text", ["", "-", "abc", "1e"])
def test_what_is_no_number_leaves_the_value(
    field: ValueField, told: list[float], text: str
) -> None:
    field.show_value(100, COUNTS)
    typed(field, text)
    assert field.value() == 100 and field.text() == "100" and told == []


def test_looking_at_a_rounded_number_does_not_round(field: ValueField, told: list[float]) -> None:
    field.show_value(143.27251, COUNTS)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert field.value() == 143.27251 and told == []


def test_steps_are_a_part_of_the_histogram(field: ValueField, told: list[float]) -> None:
    field.show_value(100, COUNTS)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert told == [140]
    field.show_value(5e-7, FRACTIONS)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert told[-1] == pytest.approx(4.9e-7)


def test_numbers_as_they_are_written_elsewhere(qtbot: QtBot) -> None:
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        field = ValueField("Black", "tip")
        qtbot.addWidget(field)
        field.show_value(12345.5, COUNTS)
        assert field.text() == "12345,5"
        assert field.valueFromText("0,25") == field.valueFromText("0.25") == 0.25
    finally:
        QLocale.setDefault(former)
