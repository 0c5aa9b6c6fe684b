"""What the tool in use does and answers to, on a small card over the image."""

from html import escape

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.canvas.tools import ToolSpec

WIDTH = 380  # px
TABLE = '<table cellspacing="0" cellpadding="0" style="margin-top: 10px">'
ALL_TOOLS = (("Esc", "drops what was begun"), ("F1", "lists all keys"))


class ToolHelp(QLabel):
    """Goes away with the next click or key, which does nothing else."""

    def __init__(self, tool: ToolSpec, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click would paint a dot
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(card(tool))
        self.setWordWrap(True)
        self.setMargin(14)
        self.setFrameShape(QLabel.Shape.StyledPanel)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(tool.title)

    def show_over(self, widget: QWidget) -> None:
        """In the top left corner of a widget."""
        self.adjustSize()
        self.move(widget.mapToGlobal(QPoint(12, 12)))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():  # the key that opened it may still be held
            self.close()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()


def card(tool: ToolSpec) -> str:
    """Title, what the mouse does, and a line for each key, as rich text."""
    rows = (*tool.keys, *ALL_TOOLS)
    lines = "".join(
        f"<tr><td><b>{escape(key)}</b>&nbsp;&nbsp;</td><td>{escape(_tr(text))}</td></tr>"
        for key, text in rows
    )
    title = f"{escape(_tr(tool.title))} ({escape(tool.shortcut)})"
    return f"<h3>{title}</h3><p>{escape(_tr(tool.hint))}</p>{TABLE}{lines}</table>"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
