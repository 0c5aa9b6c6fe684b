"""What annotation files hold, before any of it is taken: a dialog that only asks."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.counted import images, objects
from app.tasks.importing import Arrival, Choice, Preview
from core.annotation.classes import LabelClass

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_LINES = 500
AS_IT_IS = -1


class ImportDialog(QDialog):
    """Files with their images and counts, classes and what they become; `choice` is the answer.

    refused: files that could not be read, with a sentence each.
    """

    def __init__(
        self,
        previews: Sequence[Preview],
        refused: Sequence[tuple[Path, str]],
        classes: Sequence[LabelClass],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews, self._refused, self._classes = previews, refused, classes
        self.setWindowTitle(self.tr("Import annotations"))
        self.files = QTableWidget(len(previews) + len(refused), 5)
        self.classes = QTableWidget(0, 3)
        self.skip = QCheckBox()
        self.report = QPlainTextEdit(readOnly=True)
        self._fields: dict[str, QComboBox] = {}
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.import_button = self._buttons.addButton(
            self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._fill_files()
        self._fill_classes()
        self._fill_report()
        self._arrange()
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.skip.toggled.connect(self._on_skip_toggled)
        self._on_skip_toggled()

    @property
    def choice(self) -> Choice:
        """What the person wants."""
        chosen = {name: field.currentData() for name, field in self._fields.items()}
        mapped = {name: number for name, number in chosen.items() if number != AS_IT_IS}
        return Choice(self.skip.isChecked(), mapped)

    @property
    def taken(self) -> int:
        """How many objects will be added."""
        known = sum(len(p.known) for p in self._previews) if self.skip.isChecked() else 0
        return sum(p.objects for p in self._previews) - known

    def _fill_files(self) -> None:
        counts = self.tr("Objects"), self.tr("There already")
        titles = (self.tr("File"), self.tr("For image"), self.tr("Format"), *counts)
        self.files.setHorizontalHeaderLabels(titles)
        for row, read in enumerate(self._previews):
            counts = f"{read.objects:,}", f"{len(read.known):,}"
            _fill(self.files, row, (read.path.name, read.image_name, read.format, *counts))
        for row, (path, _) in enumerate(self._refused, len(self._previews)):
            _fill(self.files, row, (path.name, self.tr("cannot be read"), "", "", ""))

    def _fill_classes(self) -> None:
        titles = (self.tr("Class in the file"), self.tr("Objects"), self.tr("Becomes"))
        self.classes.setHorizontalHeaderLabels(titles)
        arrivals = _joined(self._previews)
        self.classes.setRowCount(len(arrivals))
        for row, arrival in enumerate(arrivals):
            _fill(self.classes, row, (arrival.label_class.name, "", ""))
            count = QTableWidgetItem(f"{arrival.objects:,}")
            count.setTextAlignment(RIGHT)
            self.classes.setItem(row, 1, count)
            self.classes.setCellWidget(row, 2, self._field(arrival))

    def _field(self, arrival: Arrival) -> QComboBox:
        """What the class may become: itself, or another one of the project."""
        name, field = arrival.label_class.name, QComboBox()
        same = self.tr("{} (new class)") if arrival.is_new else "{}"
        field.addItem(same.format(name), AS_IT_IS)
        for other in self._classes:
            if arrival.is_new or other.id != arrival.label_class.id:
                field.addItem(other.name, other.id)
        field.setAccessibleName(self.tr("What {} becomes").format(name))
        self._fields[name] = field
        return field

    def _fill_report(self) -> None:
        """Everything that is not plain: what was repaired, left out, changed or refused."""
        lines = [sentence for _, sentence in self._refused]
        for read in self._previews:
            lines += [f"{read.path.name}: {line}" for line in self._lines(read)]
        more = len(lines) - MOST_LINES
        shown = lines[:MOST_LINES] + ([self.tr("… and {:,} more").format(more)] if more > 0 else [])
        nothing = self.tr("Nothing had to be repaired or left out.")
        self.report.setPlainText("\n".join(shown) or nothing)

    def _lines(self, read: Preview) -> list[str]:
        report = read.report
        size = read.reading.annotations
        lines = [f"{size.width} x {size.height} px: {report.done:,} of {objects(report.total)}"]
        lines += report.notes
        return lines + [f"object {p.id}: {p.reason}" for p in report.problems]

    def _arrange(self) -> None:
        for table, stretched in ((self.files, 0), (self.classes, 0)):
            _plain(table, stretched)
        self.files.setAccessibleName(self.tr("Files"))
        self.classes.setAccessibleName(self.tr("Classes"))
        self.report.setAccessibleName(self.tr("Repairs and refusals"))
        known = sum(len(read.known) for read in self._previews)
        self.skip.setText(self.tr("Leave out what is there already ({})").format(objects(known)))
        self.skip.setChecked(True)
        self.skip.setVisible(known > 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(_box(self.tr("Files"), self.files, self.skip), 2)
        column.addWidget(_box(self.tr("Classes"), self.classes), 2)
        column.addWidget(_box(self.tr("Checked and repaired"), self.report), 2)
        self._outcome = QLabel()
        self._outcome.setTextFormat(Qt.TextFormat.PlainText)
        self._outcome.setWordWrap(True)
        column.addWidget(self._outcome)
        column.addWidget(self._buttons)
        self.resize(720, 640)

    @Slot()
    def _on_skip_toggled(self) -> None:
        count = len({read.image_id for read in self._previews})
        text = self.tr("Adds {} to {}, one undo step in each.")
        if count == 1:
            text = self.tr("Adds {} to {}, in one undo step.")
        whom = self._previews[0].image_name if count == 1 else images(count)
        nothing = self.tr("There is nothing to add.")
        self._outcome.setText(text.format(objects(self.taken), whom) if self.taken else nothing)
        self.import_button.setEnabled(self.taken > 0)


def _joined(previews: Sequence[Preview]) -> list[Arrival]:
    """The classes of all files by name, with all their objects."""
    found: dict[str, Arrival] = {}
    for arrival in (a for read in previews for a in read.arrivals):
        name = arrival.label_class.name
        before = found.get(name, Arrival(arrival.label_class, 0, False))
        is_new = before.is_new or arrival.is_new
        found[name] = Arrival(arrival.label_class, before.objects + arrival.objects, is_new)
    return list(found.values())


def _fill(table: QTableWidget, row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts):
        item = QTableWidgetItem(text)
        if column > 2:
            item.setTextAlignment(RIGHT)
        table.setItem(row, column, item)


def _plain(table: QTableWidget, stretched: int) -> None:
    """A table to read."""
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)


def _box(title: str, *parts: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    for part in parts:
        column.addWidget(part)
    return box
