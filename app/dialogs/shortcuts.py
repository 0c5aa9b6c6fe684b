"""All keys, and what the mouse does, on one page."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.catalog import HELP, SEGMENT, TOOL
from app.actions.catalog_edit import EDIT
from app.actions.catalog_file import FILE
from app.actions.catalog_outline import OUTLINE
from app.actions.catalog_planes import PLANE
from app.actions.catalog_view import VIEW
from app.actions.spec import ActionSpec

Row = tuple[str, str]
ROW_HEIGHT = 22
SECTIONS: tuple[tuple[str, tuple[ActionSpec, ...]], ...] = (
    ("File", FILE),
    ("Edit", EDIT),
    ("Outline", OUTLINE),
    ("Planes", PLANE),
    ("View", VIEW),
    ("Tools", TOOL),
    ("Segment", SEGMENT),
    ("Help", HELP),
)
GESTURES: tuple[Row, ...] = (
    ("Mouse wheel", "Zoom at the pointer"),
    ("Space + drag, middle button", "Move the picture"),
    ("Arrow keys", "Move the picture, or the selected objects by 1 px, with Shift by 10 px"),
    ("Click", "Select an object"),
    ("Shift + click", "Add an object to the selection, or take it out"),
    ("Drag over empty space", "Select the objects in a rectangle"),
    ("Alt + drag", "Select the objects in a loop"),
    ("Drag a selected object", "Move it"),
    ("Right click with Select, menu key", "What can be done with the selected objects"),
    ("Hold ` or Shift + H", "Hide the outlines"),
    ("Click or drag in the minimap", "Look there"),
    ("Return in the table", "Zoom to the object"),
    ("Right click on the table's header", "More columns"),
    ("Return, double click", "Close the outline that is being drawn"),
    ("Backspace", "Take the last corner back, while drawing"),
    ("Ctrl + wheel, [ and ]", "Size of the brush and the eraser"),
    ("F", "The other side of the border, while reshaping"),
    ("Q", "Live wire and magic wand by the image, or by the network's map"),
    ("Esc", "Drop what was begun, then the selection"),
)
CLASS_ROW: Row = ("1 … 9", "Class of the selection, or of new objects")


class ShortcutsDialog(QDialog):
    """A list that can be searched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys and gestures"))
        self.resize(560, 620)
        self._filter, self._tree = QLineEdit(), QTreeWidget()
        self._sections: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._filter.setPlaceholderText(self.tr("Search"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self.search)
        self._set_up_tree()
        self._fill()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part in (self._filter, self._tree, buttons):
            column.addWidget(part)

    def search(self, text: str) -> None:
        """Show only lines that contain the text."""
        wanted = text.casefold()
        for section, rows in self._sections:
            for row in rows:
                row.setHidden(wanted not in f"{row.text(0)}\n{row.text(1)}".casefold())
            section.setHidden(all(row.isHidden() for row in rows))

    def _set_up_tree(self) -> None:
        tree = self._tree
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(12)
        tree.setAccessibleName(self.windowTitle())
        tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tree.setItemsExpandable(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    def _fill(self) -> None:
        for title, actions in SECTIONS:
            extra = [CLASS_ROW] if actions is EDIT else []
            self._add_section(title, [*_rows(actions), *extra])
        self._add_section("Mouse and canvas", GESTURES)
        self._tree.expandAll()

    def _add_section(self, title: str, rows: Iterable[Row]) -> None:
        section = QTreeWidgetItem(self._tree, [_tr(title)])
        font = section.font(0)
        font.setBold(True)
        section.setFont(0, font)
        section.setFirstColumnSpanned(True)
        lines = [QTreeWidgetItem(section, [_tr(keys), _tr(text)]) for keys, text in rows]
        for item in (section, *lines):
            item.setSizeHint(1, QSize(0, ROW_HEIGHT))  # column 0 fits its contents
        self._sections.append((section, lines))


def _rows(actions: Iterable[ActionSpec]) -> list[Row]:
    """Keys as they are written on this system, and the text of the action."""
    return [(_keys(action), _tr(action.text).rstrip("…")) for action in actions if action.keys]


def _keys(action: ActionSpec) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in action.keys)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
