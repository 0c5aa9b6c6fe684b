"""The panel of objects: the filter, the table, and how many there are."""

from collections.abc import Iterator

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from app.counted import objects
from app.messages import Level
from app.panels.margins import PANEL_MARGINS
from app.panels.object_filter import NUMBERS
from app.panels.object_table import ObjectTable
from app.panels.objects_model import ObjectsModel
from app.panels.shown import Shown
from core.errors import UsageError

_TYPING_MS = 150


class ObjectsPanel(QWidget):
    """zoom_asked: an id, for a double click or Return. columns_chosen: names of measurements that
    the person wants to see."""

    zoom_asked = Signal(int)
    columns_chosen = Signal(tuple)

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._model = ObjectsModel(shown)
        self._table = ObjectTable(self._model, shown.selection)
        self._filter, self._problem, self._count = QLineEdit(), QLabel(), QLabel()
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._set_up_filter()
        self._arrange()
        self._connect()
        self._show_count()

    @property
    def table(self) -> ObjectTable:
        return self._table

    def set_menu(self, menu: QMenu) -> None:
        """What a right click on the table offers."""
        self._table.set_menu(menu)

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show the measurements with these names of QUANTITIES, and no others."""
        self._table.show_columns(names)

    def ids_from_here(self, step: int) -> Iterator[int]:
        """The regions in the order of the table, all of them once, from the one after (1) or
        before (-1) the selection; regions that just went may be among them."""
        return self._table.ids_from_here(step)

    def _set_up_filter(self) -> None:
        self._filter.setPlaceholderText(self.tr("Words, or area>500 class:cell -state:reviewed"))
        self._filter.setAccessibleName(self.tr("Filter of the table of objects"))
        self._filter.setToolTip(self._help())
        self._filter.setClearButtonEnabled(True)
        self._problem.setWordWrap(True)
        self._problem.hide()

    def _help(self) -> str:
        lines = (
            self.tr("Show only objects for which all of this holds:"),
            self.tr("mitotic — the word occurs in id, class, origin or state"),
            self.tr("class:cell   origin:model   state:reviewed — it occurs there"),
            self.tr("area>500   conf<=0.7   id=12 — compare with <, <=, >, >=, = and !="),
            self.tr("-state:reviewed — a minus in front means the opposite"),
            self.tr('"dead cell" — quotation marks keep words together'),
            self.tr("Numbers are {}.").format(", ".join(NUMBERS)),
            self.tr("The beginning of a name is enough; units are those of the table."),
        )
        return "\n".join(lines)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(6)
        for part in (self._filter, self._problem, self._table, self._count):
            column.addWidget(part)

    def _connect(self) -> None:
        self._filter.textChanged.connect(lambda: self._typed.start())
        self._filter.returnPressed.connect(self._on_typed)
        self._typed.timeout.connect(self._on_typed)
        self._shown.replaced.connect(self._table.begin_anew)
        shown = self._shown
        for news in (self._model.filled, self._model.measuring_changed, shown.regions_changed):
            news.connect(self._show_count)
        self._shown.selection.selection_changed.connect(self._show_count)
        self._table.zoom_asked.connect(self.zoom_asked)
        self._table.columns_chosen.connect(self.columns_chosen)

    @Slot()
    def _on_typed(self) -> None:
        """Filter; while the text makes no sense the rows stay, and the reason stands below it."""
        self._typed.stop()
        try:
            self._model.set_filter(self._filter.text())
            problem = ""
        except UsageError as error:
            problem = str(error)
        self._tell(problem)

    def _tell(self, problem: str) -> None:
        palette = self.palette()
        palette.setColor(self._problem.foregroundRole(), Level.PROBLEM.colour(palette))
        self._problem.setPalette(palette)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._filter.setAccessibleDescription(problem)

    @Slot()
    def _show_count(self) -> None:
        total, visible = self._model.total, self._model.rowCount()
        selected, document = len(self._shown.selection.ids), self._shown.document
        if visible == total:
            text = objects(total)
        else:
            text = self.tr("{:,} of {}").format(visible, objects(total))
        if selected:
            text = self.tr("{}, {:,} selected").format(text, selected)
        if document and (hidden := document.hidden_count):
            text = self.tr("{}, {:,} hidden").format(text, hidden)
        if self._model.measuring:
            text = self.tr("{}, measuring…").format(text)
        self._count.setText(text)
        self._table.set_hint(self._hint(total) if not visible else "")

    def _hint(self, total: int) -> str:
        """Why the table is empty."""
        if total:
            return self.tr("No object fits the filter.")
        if self._shown.document is None:
            return ""
        return self.tr("No objects yet: segment the image, or draw some.")
