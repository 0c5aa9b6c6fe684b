"""The measurement window: measures what it shows, in the background, and writes it to files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.counted import objects
from app.dialogs.busy_bar import BusyBar
from app.document.document import Document
from app.measurement.exporting import TableWish, copied, with_suffix, write_tables
from app.measurement.measuring import Measurements, Measuring
from app.measurement.picked import Picked
from app.measurement.view import MeasurementView
from app.session import Session
from app.tasks.runner import Outcome, Runner, Work
from core.measure.sheet import Sheet

THIS_IMAGE, ALL_IMAGES = 0, 1
_LATER_MS = 400
MOST_BY_ITSELF = 10_000
"""Objects that are measured anew after each change: it takes less than a second."""
SIZE = QSize(1180, 720)
ChooseFile = Callable[[QWidget, str], Path | None]


def choose_file(parent: QWidget, start: str) -> Path | None:
    """Where to write a table, None when the person thinks better of it."""
    title = parent.tr("Export measurements")
    kinds = "Excel (*.xlsx);;CSV (*.csv);;Parquet (*.parquet)"
    name, chosen = QFileDialog.getSaveFileName(parent, title, start, kinds)
    return with_suffix(Path(name), chosen) if name else None


class MeasurementWindow(QWidget):
    """opened: an image id and the number of an object that a person wants to see."""

    opened = Signal(int, int)

    def __init__(
        self,
        session: Session,
        runner: Runner,
        measuring: Measuring,
        choose: ChooseFile = choose_file,
    ) -> None:
        super().__init__()
        self._session, self._runner, self._measuring = session, runner, measuring
        self._choose_file = choose
        self._writing = 0  # the job that copies or exports
        self._document: Document | None = None
        self._news = ""
        self._is_stale = False
        self.view = MeasurementView(Picked(session.selection, self._shown_id))
        self.scope, self.status, self.bar = QComboBox(), QLabel(), BusyBar()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.export_button = QPushButton(self.tr("Export…"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.update_button = QPushButton(self.tr("Update"))
        self._empty, self._pages = QLabel(), QStackedWidget()
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._set_up()
        self._arrange()
        self._connect()
        self._on_images_changed()
        self._on_shown_changed()

    def open(self) -> None:
        """In front of the other windows."""
        self.show()
        self.raise_()
        self.activateWindow()

    def sizeHint(self) -> QSize:
        return SIZE

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view.picked.active = True
        self.measure()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.view.picked.active = False
        self.stop()
        super().closeEvent(event)

    # What a person asks for

    def measure(self) -> None:
        """What has changed since."""
        self._later.stop()
        self._is_stale = False
        if self._is_of_all:
            self._measuring.measure_all()
        else:
            self._measuring.measure_shown()
        self._show_state()

    def copy(self) -> None:
        """The picked rows, or all that are shown, onto the clipboard."""
        self._write(partial(copied, self.view.to_copy()), self._on_copied)

    def export(self) -> None:
        """What is shown into a file."""
        path = self._session.project_path
        start = path.with_name(f"{path.stem} measurements.xlsx") if path else Path.home()
        if chosen := self._choose_file(self, str(start)):
            wish = TableWish(chosen, self.view.shown())
            self._write(partial(write_tables, wish), self._on_written)

    def stop(self) -> None:
        """Give up what is under way."""
        self._later.stop()
        self._is_stale |= self._measuring.busy
        self._measuring.cancel()
        if self._writing:
            self._runner.cancel(self._writing)
            self._writing = 0
        self._show_state()

    # Making

    def _set_up(self) -> None:
        self.setWindowFlag(Qt.WindowType.Window)
        self.setObjectName("measurements")
        self.setWindowTitle(self.tr("Measurements"))
        self.resize(SIZE)
        self.scope.addItems([self.tr("This image"), self.tr("All images")])
        self.scope.setAccessibleName(self.tr("Which images"))
        self.copy_button.setToolTip(
            self.tr("The selected rows, or all that are shown, tab separated")
        )
        self.export_button.setToolTip(self.tr("What is shown, as Excel, CSV or Parquet"))
        self.update_button.setToolTip(self.tr("Measure again what has changed"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)

    def _arrange(self) -> None:
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        self.bar.setMaximumWidth(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(_row(self.scope, None, self.copy_button, self.export_button))
        column.addWidget(self._pages, 1)
        column.addLayout(_row(self.status, None, self.bar, self.stop_button, self.update_button))

    def _connect(self) -> None:
        session, measuring = self._session, self._measuring
        session.shown_changed.connect(self._on_shown_changed)
        session.images_changed.connect(self._on_images_changed)
        session.classes.classes_changed.connect(self._on_changed)
        measuring.measured.connect(self._on_measured)
        measuring.progressed.connect(self._on_progressed)
        measuring.failed.connect(self._on_failed)
        self._later.timeout.connect(self.measure)
        self.scope.currentIndexChanged.connect(self.measure)
        self.view.opened.connect(self.opened)
        self.view.rows_changed.connect(self._show_state)
        self.view.copy_asked.connect(self.copy)
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self.export)
        self.stop_button.clicked.connect(self.stop)
        self.update_button.clicked.connect(self.measure)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)

    # What happens

    @property
    def _is_of_all(self) -> bool:
        return self.scope.currentIndex() == ALL_IMAGES

    def _shown_id(self) -> int:
        return self._session.document.image_id if self._session.document else 0

    @Slot()
    def _on_shown_changed(self) -> None:
        if self._session.document is not self._document:
            if self._document:
                self._document.regions_changed.disconnect(self._on_changed)
            self._document = self._session.document
            if self._document:
                self._document.regions_changed.connect(self._on_changed)
        if self._is_of_all and self._session.document:
            self.view.show_sheet(self.view.sheet, self._shown_id())  # the same, seen elsewhere
        else:
            self._show(Measurements())
            self._on_changed()

    @Slot()
    def _on_images_changed(self) -> None:
        several = len(self._session.records) > 1
        self.scope.setEnabled(several)
        if not several:
            self.scope.setCurrentIndex(THIS_IMAGE)
        known = {r.id: r.pixel_size_um for r in self._session.records if r.is_read}
        images = self.view.sheet.images
        if any(known.get(i.image_id, i.pixel_size_um) != i.pixel_size_um for i in images):
            self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        """One image is measured again by itself; for many objects a person has to ask."""
        self._is_stale = bool(self.view.sheet.images)
        if self.isVisible() and not self._is_of_all and len(self.view.sheet) <= MOST_BY_ITSELF:
            self._later.start()
        self._show_state()

    @Slot(object)
    def _on_measured(self, found: Measurements) -> None:
        self.bar.rest()
        self._show(found)

    def _show(self, found: Measurements) -> None:
        self._news = "\n".join(found.problems)
        sheet = Sheet(found.images, self._session.classes.all)
        self.view.show_sheet(sheet, self._shown_id())
        self._show_state()

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, name: str) -> None:
        self.bar.report(done, total)
        self._say(self.tr("Measuring: {}").format(name) if name else "")

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.bar.rest()
        self._news = problem
        self._show_state()

    def _write(self, work: Work, then: Callable[[Outcome], None]) -> None:
        self._runner.cancel(self._writing)
        self._writing = self._runner.start(work, then, self._on_write_progressed)
        self._show_state()

    def _on_write_progressed(self, done: int, total: int, name: str) -> None:
        self.bar.report(done, total)

    def _on_copied(self, outcome: Outcome) -> None:
        if not outcome.problem:
            QGuiApplication.clipboard().setText(outcome.value)
            rows = outcome.value.count("\n") - 1
            text = self.tr("1 row copied") if rows == 1 else self.tr("{:,} rows copied")
            self._end_writing(text.format(rows))
        else:
            self._end_writing(outcome.problem)

    def _on_written(self, outcome: Outcome) -> None:
        written = self.tr("Written to {}").format(outcome.value)
        self._end_writing(outcome.problem or written)

    def _end_writing(self, news: str) -> None:
        self._writing = 0
        self.bar.rest()
        self._news = news
        self._show_state()

    # What it says

    @Slot()
    def _show_state(self) -> None:
        sheet, busy = self.view.sheet, self._measuring.busy or self._writing != 0
        rows = len(sheet) > 0
        self._pages.setCurrentIndex(1 if sheet.images else 0)
        self._empty.setText(self._why_empty())
        self.stop_button.setVisible(busy)
        self.update_button.setVisible(not busy and self._is_stale)
        self.copy_button.setEnabled(rows and not self._writing)
        self.export_button.setEnabled(bool(sheet.images) and not self._writing)
        if not busy:
            self.bar.rest()
        self._say(self._news or (self._count() if sheet.images else ""))

    def _why_empty(self) -> str:
        if self._measuring.busy:
            return self.tr("Measuring…")
        if self._session.document is None:
            return self.tr("Open an image; what is outlined in it is measured here.")
        return self._news or self.tr("Nothing is measured yet.")

    def _count(self) -> str:
        total, visible = len(self.view.sheet), len(self.view.model.order)
        picked = int(self.view.picked.rows.sum())
        if visible == total:
            text = objects(total)
        else:
            text = self.tr("{:,} of {}").format(visible, objects(total))
        if len(self.view.sheet.images) > 1:
            text = self.tr("{} in {:,} images").format(text, len(self.view.sheet.images))
        if picked:
            text = self.tr("{}, {:,} selected").format(text, picked)
        return self.tr("{}, changed since").format(text) if self._is_stale else text

    def _say(self, text: str) -> None:
        first, _, more = text.partition("\n")
        self.status.setText(f"{first} …" if more else first)
        self.status.setToolTip(text if more else "")


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Side by side; None is room between."""
    row = QHBoxLayout()
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
