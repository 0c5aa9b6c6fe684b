"""Colours: the palettes used where the platform has none, and the one accent colour."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.settings.schema import Appearance

Role = QPalette.ColorRole

_LIGHT = {
    Role.Window: "#f4f5f7",
    Role.WindowText: "#1d2127",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f7f8fa",
    Role.Text: "#1d2127",
    Role.PlaceholderText: "#646c78",
    Role.Button: "#f4f5f7",
    Role.ButtonText: "#1d2127",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#ffffff",
    Role.ToolTipText: "#1d2127",
    Role.Light: "#ffffff",
    Role.Midlight: "#e6e8ec",
    Role.Mid: "#c3c8d0",
    Role.Dark: "#9aa1ac",
    Role.Shadow: "#6b727d",
    Role.Highlight: "#1769c2",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#1769c2",
    Role.Link: "#1769c2",
    Role.LinkVisited: "#6a4fb3",
}
_DARK = {
    Role.Window: "#1f2226",
    Role.WindowText: "#e4e6ea",
    Role.Base: "#31353c",
    Role.AlternateBase: "#363b42",
    Role.Text: "#e4e6ea",
    Role.PlaceholderText: "#a6aeba",
    Role.Button: "#3d434c",
    Role.ButtonText: "#e4e6ea",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#30343b",
    Role.ToolTipText: "#e4e6ea",
    Role.Light: "#454a52",
    Role.Midlight: "#383c43",
    Role.Mid: "#4a4f58",
    Role.Dark: "#17191c",
    Role.Shadow: "#0d0e10",
    Role.Highlight: "#2a72c4",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#4c9be8",
    Role.Link: "#6db1f2",
    Role.LinkVisited: "#b39ddb",
}
_RIMMED = (
    *("QCheckBox", "QRadioButton", "QLineEdit", "QAbstractSpinBox"),
    *("QPlainTextEdit", "QAbstractItemView"),
)
_RIM = "#aeb6c2"
"""Instead of their window: Fusion draws the rims of these 1.4 times as dark as that is."""
_FADED = (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText)


def light_palette() -> QPalette:
    return _palette(_LIGHT, "#9aa1ac")


def dark_palette() -> QPalette:
    return _palette(_DARK, "#8b929e")


def is_dark(palette: QPalette) -> bool:
    """Whether the text is lighter than what it stands on."""
    return palette.color(Role.WindowText).lightness() > palette.color(Role.Window).lightness()


def faded(text: QColor, ground: QColor) -> QColor:
    """Colour of text that matters less, still legible on its ground."""
    return mixed(text, ground, 0.68)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """`share` of the first colour, the rest of the second."""
    one, other = ((colour.red(), colour.green(), colour.blue()) for colour in (first, second))
    pairs = zip(one, other, strict=True)
    return QColor(*(round(a * share + b * (1 - share)) for a, b in pairs))


def apply_appearance(app: QApplication, appearance: Appearance) -> None:
    """Light, dark, or as the system has it; without a system's look, Fusion with our palette."""
    hints = QGuiApplication.styleHints()
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(appearance)
    if scheme is None:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(scheme)
    if _is_native(app):
        return
    dark = appearance == "dark" or (scheme is None and hints.colorScheme() == Qt.ColorScheme.Dark)
    app.setStyle("Fusion")
    app.setPalette(dark_palette() if dark else light_palette())  # and those of all classes go
    if dark:
        rimmed = dark_palette()
        rimmed.setColor(Role.Window, QColor(_RIM))
        for kind in _RIMMED:
            app.setPalette(rimmed, kind)  # type: ignore[arg-type]  # takes str, not bytes


def _is_native(app: QApplication) -> bool:
    """Whether the platform draws its own controls; Fusion is what Qt falls back to."""
    return app.style().objectName().lower() not in ("", "fusion", "windows")


def _palette(colours: dict[QPalette.ColorRole, str], disabled: str) -> QPalette:
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(disabled))
    quiet = palette.color(Role.Mid)
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, quiet)
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Accent, quiet)
    return palette
