"""What became of an export: the certificate, file by file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.theme.palette import is_dark
from core.export.plan import PAGE
from core.export.record import READ_BACK, ExportReport, FileRecord, Verdict

COLOURS: dict[Verdict, tuple[str, str]] = {
    "identical": ("#1a7f37", "#4ac26b"),
    "agrees": ("#1a7f37", "#4ac26b"),
    "as announced": ("#805700", "#e0b341"),
    "different": ("#b3261e", "#ff8a80"),
}
"""On a light and on a dark ground."""
MOST_CHANGES = 500
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ExportResultDialog(QDialog):
    """A line for each file, and below what the marked one lacks. show: opens a file or folder."""

    def __init__(
        self, report: ExportReport, show: Callable[[Path], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._report, self._show = report, show
        self.setWindowTitle(self.tr("Export report"))
        self.table = QTableWidget(len(report.files), 4)
        self.details = QPlainTextEdit(readOnly=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.page_button = self._button(self.tr("Open report page"), self._on_page)
        self.folder_button = self._button(self.tr("Open folder"), self._on_folder)
        self._fill()
        self._arrange()
        self._buttons.rejected.connect(self.reject)
        self.table.currentCellChanged.connect(self._on_row)
        self.table.setCurrentCell(self._first_of_interest(), 0)
        self._on_row(self.table.currentRow())

    def _button(self, text: str, pressed: Callable[[], None]) -> QWidget:
        button = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(pressed)
        return button

    def _fill(self) -> None:
        titles = (self.tr("File"), self.tr("Objects"), self.tr("Least overlap"), self.tr("Result"))
        self.table.setHorizontalHeaderLabels(titles)
        for row, record in enumerate(self._report.files):
            for column, text in enumerate(self._cells(record)):
                item = QTableWidgetItem(text)
                if 0 < column < 3:
                    item.setTextAlignment(RIGHT)
                if column == 3:
                    self._colour(item, record.verdict)
                self.table.setItem(row, column, item)

    def _cells(self, record: FileRecord) -> tuple[str, ...]:
        counts = "" if record.found is None else f"{record.found:,} of {record.expected:,}"
        least = "" if record.smallest is None else f"{record.smallest:.6f}"
        return record.name, counts, least, self._verdict(record.verdict)

    def _verdict(self, verdict: Verdict) -> str:
        texts = {
            "identical": self.tr("identical"),
            "agrees": self.tr("agrees"),
            "as announced": self.tr("as announced"),
            "different": self.tr("different"),
        }
        return texts[verdict]

    def _colour(self, item: QTableWidgetItem, verdict: Verdict) -> None:
        if verdict in COLOURS:
            item.setForeground(QColor(COLOURS[verdict][is_dark(self.palette())]))

    def _arrange(self) -> None:
        self.table.setAccessibleName(self.tr("Files"))
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.details.setAccessibleName(self.tr("Details"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setSizes([300, 170])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(self._headline())
        column.addWidget(split, 1)
        column.addWidget(self._buttons)
        self.resize(760, 560)

    def _headline(self) -> QLabel:
        report = self._report
        text = self.tr("{} in {}.").format(report.headline, report.folder)
        bad = self.tr("Something is not as it should be; the lines in red say what.")
        more = [*report.failures[:3]] if report.failures else []
        label = QLabel("\n".join([f"{text} {READ_BACK if report.is_good else bad}", *more]))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _first_of_interest(self) -> int:
        """The first file that differs, else the first one with something to say."""
        verdicts = [record.verdict for record in self._report.files]
        wanted = next((v for v in ("different", "as announced") if v in verdicts), None)
        return verdicts.index(wanted) if wanted else 0

    @Slot(int, int, int, int)
    def _on_row(self, row: int, *_: int) -> None:
        files = self._report.files
        self.details.setPlainText(self._about(files[row]) if 0 <= row < len(files) else "")

    def _about(self, record: FileRecord) -> str:
        lines = list(record.troubles)
        if record.losses:
            lines.append(self.tr("Not carried: {}.").format(", ".join(record.losses)))
        lines += record.notes
        for change in record.changes[:MOST_CHANGES]:
            share = "" if change.agreement is None else f" ({change.agreement:.6f})"
            lines.append(f"{change.image}, {change.object}{share}: {change.reason}")
        size = f"{record.size[0]} x {record.size[1]} px, " if record.size else ""
        kind = f"{record.pixel_type}, " if record.pixel_type else ""
        by = record.reader
        lines.append(
            self.tr("{}{}{:,} bytes, read back with {}").format(size, kind, record.bytes, by)
        )
        lines.append(self.tr("Compared: {}").format(record.compared))
        lines.append(f"SHA-256 {record.sha256}")
        return "\n".join(lines)

    @Slot()
    def _on_page(self) -> None:
        self._show(self._report.folder / PAGE)

    @Slot()
    def _on_folder(self) -> None:
        self._show(self._report.folder)
