"""Messages: one place that takes sentences for the person, and the banner that shows them."""

import logging
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.theme.icons import drawing, tinted
from app.theme.palette import is_dark, mixed

log = logging.getLogger(__name__)
INFO_SECONDS = 6
MOST_WAITING = 20
MOST_LINES, LONGEST = 5, 320
"""Lines of a message and characters of a line; more would hide the image."""
MARGIN = 10
ICON = 20
WIDEST = 720


class Level(Enum):
    """How much a message matters: its icon, and its colour on a light and on a dark ground."""

    INFO = ("info", "#1769c2", "#6db1f2")
    PROBLEM = ("warning", "#b3470b", "#f5a05c")

    def colour(self, palette: QPalette) -> QColor:
        return QColor(self.value[2] if is_dark(palette) else self.value[1])


@dataclass(frozen=True)
class Message:
    """One or more sentences; `details` is shown when the pointer rests on them."""

    text: str
    level: Level = Level.INFO
    details: str = ""


class Messages(QObject):
    """Anything, in any thread, may post a message; the banner of the window shows it, the log has
    what is too long for that."""

    posted = Signal(object)  # Message

    def inform(self, text: str, details: str = "") -> None:
        """Say something that goes away by itself."""
        self._post(text, Level.INFO, details)

    def warn(self, text: str, details: str = "") -> None:
        """Say something that stays until the person closes it."""
        self._post(text, Level.PROBLEM, details)

    def _post(self, text: str, level: Level, details: str) -> None:
        shown = shortened(text)
        if shown != text:
            log.warning("Shown in part: %s", text)
            shown = self.tr("{} The log has the rest.").format(shown)
        self.posted.emit(Message(shown, level, details))


def shortened(text: str) -> str:
    """Not more than a person reads. Lines are kept where they are sentences; a first line that ends
    in the middle of one is the beginning of a text of Python, of which nobody needs the rest."""
    lines = text.splitlines()
    if len(lines) > 1 and not lines[0].endswith("."):
        lines = [f"{lines[0]}…"]
    return "\n".join(map(_cut, lines[:MOST_LINES]))


def _cut(line: str) -> str:
    """Without its middle: what happened stands first, why and what to do last."""
    half = LONGEST // 2
    return line if len(line) <= LONGEST else f"{line[:half].rstrip()} … {line[-half:].lstrip()}"


class Banner(QWidget):
    """Floats at the top of another widget; problems wait for one another, the newest in front."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._waiting: list[Message] = []
        self._icon, self._text, self._more = QLabel(), QLabel(), QLabel()
        self._close = QToolButton(autoRaise=True)
        self._timer = QTimer(self, singleShot=True, interval=INFO_SECONDS * 1000)
        self._timer.timeout.connect(self.dismiss)
        self._close.clicked.connect(self.dismiss)
        self._arrange()
        self.hide()
        over.installEventFilter(self)

    @property
    def text(self) -> str:
        """What is shown, "" for nothing."""
        return self._waiting[-1].text if self._waiting else ""

    def show_message(self, message: Message) -> None:
        """Put a message in front; one that says the same is not said twice."""
        kept = [m for m in self._waiting if m.level is Level.PROBLEM and m.text != message.text]
        self._waiting = [*kept, message][-MOST_WAITING:]
        self._refresh()

    def dismiss(self) -> None:
        """Take the front message away; an older problem comes back into sight."""
        self._waiting = self._waiting[:-1]
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._waiting:
            return
        palette, colour = self.palette(), self._waiting[-1].level.colour(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(mixed(colour, palette.color(QPalette.ColorRole.Window), 0.6))
        painter.setBrush(mixed(colour, palette.color(QPalette.ColorRole.Base), 0.12))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _arrange(self) -> None:
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setWordWrap(True)
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.setToolTip(self._close.accessibleName())
        self.setAccessibleName(self.tr("Messages"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        for part in (self._icon, self._text, self._more, self._close):
            row.addWidget(part)

    def _refresh(self) -> None:
        self._timer.stop()
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        message, older = self._waiting[-1], len(self._waiting) - 1
        self._text.setText(message.text)
        self._text.setToolTip(message.details)
        self._more.setText(self.tr("+{} more").format(older))
        self._more.setVisible(bool(older))
        if message.level is Level.INFO:
            self._timer.start()
        self.setAccessibleDescription(message.text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message.text))
        self._draw_icon()
        self._place()
        self.raise_()
        self.update()

    def _draw_icon(self) -> None:
        if self._waiting:
            level = self._waiting[-1].level
            self._icon.setPixmap(self._pixmap(level.value[0], level.colour(self.palette())))
            self._close.setIcon(tinted("close", self.palette()))

    def _pixmap(self, name: str, colour: QColor) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = drawing(name, colour, round(ICON * ratio))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _place(self) -> None:
        width = min(self._over.width() - 2 * MARGIN, WIDEST)
        height = self.heightForWidth(width)
        self.setGeometry(QRect((self._over.width() - width) // 2, MARGIN, width, height))
