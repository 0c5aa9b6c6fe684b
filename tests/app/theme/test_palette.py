from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QListView,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from app.settings.schema import Appearance
from app.theme.palette import apply_appearance, dark_palette, faded, is_dark, light_palette, mixed

Role = QPalette.ColorRole
PAIRS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.Link, Role.Base),
)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in colour.getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """As WCAG 2 defines it; text wants 4.5, large text and signs 3."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [light_palette(), dark_palette()], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].name} on {pair[1].name}")
def test_text_is_legible(palette: QPalette, pair: tuple[Role, Role]) -> None:
    assert contrast(palette.color(pair[0]), palette.color(pair[1])) >= 4.5


@pytest.mark.parametrize("palette", [light_palette(), dark_palette()], ids=["light", "dark"])
def test_quiet_text_is_legible(palette: QPalette) -> None:
    for text, ground in ((Role.WindowText, Role.Window), (Role.Text, Role.Base)):
        quiet = faded(palette.color(text), palette.color(ground))
        assert contrast(quiet, palette.color(ground)) >= 4.5


def test_dark_is_dark() -> None:
    assert is_dark(dark_palette())
    assert not is_dark(light_palette())


def test_mixed_goes_from_second_to_first() -> None:
    black, white = QColor("black"), QColor("white")
    assert mixed(black, white, 1) == black
    assert mixed(black, white, 0) == white
    assert mixed(black, white, 0.25).red() == 191


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    former = qapp.palette()
    yield qapp
    apply_appearance(qapp, "system")
    qapp.setPalette(former)


@pytest.mark.parametrize(("appearance", "dark"), [("light", False), ("dark", True)])
def test_appearance_is_applied(app: QApplication, appearance: Appearance, dark: bool) -> None:
    apply_appearance(app, appearance)
    assert is_dark(app.palette()) is dark


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QListView])
def test_rims_are_seen_in_the_dark(app: QApplication, kind: type[QWidget]) -> None:
    apply_appearance(app, "dark")
    rim = window_of(kind).darker(140)  # as Fusion draws it
    for ground in (Role.Window, Role.Base):
        assert contrast(rim, app.palette().color(ground)) >= 3
    apply_appearance(app, "light")
    assert window_of(kind) == app.palette().color(Role.Window)


def window_of(kind: type[QWidget]) -> QColor:
    """The colour that a widget of this kind takes for its window."""
    widget = kind()
    widget.ensurePolished()
    return widget.palette().color(Role.Window)
