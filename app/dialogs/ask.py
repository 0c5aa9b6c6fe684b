"""Questions that need an answer before anything can be done: which files, and yes or no."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from app.dialogs.export import ExportDialog, ExportOffer, ExportWish
from app.dialogs.export_result import ExportResultDialog
from app.dialogs.import_preview import ImportDialog
from app.dialogs.pixel_size import PixelSizeDialog, PixelSizeWish
from app.tasks.importing import Choice, Preview
from core.annotation.classes import LabelClass
from core.export.record import ExportReport
from core.image.folder import SUFFIXES
from core.project.locate import SUFFIX


class Ask(QObject):
    """Opens the system's dialogs; tests put one with prepared answers in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._window: QWidget | None = None

    @property
    def window(self) -> QWidget | None:
        """What dialogs belong to."""
        return self._window

    def set_window(self, window: QWidget) -> None:
        """The window that dialogs belong to."""
        self._window = window

    def images(self, start: str) -> list[Path]:
        """Image files to open, none when the person thinks better of it."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        kinds = self.tr("Images ({})").format(patterns)
        names, _ = QFileDialog.getOpenFileNames(
            self._window, self.tr("Open images"), start, f"{kinds};;{self._all_files()}"
        )
        return [Path(name) for name in names]

    def folder(self, title: str, start: str) -> Path | None:
        name = QFileDialog.getExistingDirectory(self._window, title, start)
        return Path(name) if name else None

    def project(self, start: str) -> Path | None:
        """A project to open."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open project"), start, self._projects()
        )
        return Path(name) if name else None

    def new_project(self, start: str) -> Path | None:
        """Where to save a project; the suffix is added when it is missing."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save project as"), start, self._projects()
        )
        if not name:
            return None
        if name.endswith(SUFFIX):
            return Path(name)
        path = Path(name + SUFFIX)  # the system asked about the name without the suffix
        return path if not path.exists() or self._may_replace(path) else None

    def _may_replace(self, path: Path) -> bool:
        text = self.tr("{} exists already in {}.").format(path.name, path.parent)
        return self.confirm(self.tr("Replace project?"), text, self.tr("Replace"))

    def annotations(self, start: str, suffixes: tuple[str, ...]) -> list[Path]:
        """Files with outlines or masks."""
        patterns = " ".join(f"*{suffix}" for suffix in suffixes)
        kinds = self.tr("Annotations ({})").format(patterns)
        names, _ = QFileDialog.getOpenFileNames(
            self._window, self.tr("Import annotations"), start, f"{kinds};;{self._all_files()}"
        )
        return [Path(name) for name in names]

    def what_to_import(
        self,
        previews: Sequence[Preview],
        refused: Sequence[tuple[Path, str]],
        classes: Sequence[LabelClass],
    ) -> Choice | None:
        """How to take what files hold, None when the person thinks better of it."""
        dialog = ImportDialog(previews, refused, classes, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.choice if accepted else None

    def export(self, offer: ExportOffer, start: ExportWish) -> ExportWish | None:
        """What to export, None when the person thinks better of it."""
        dialog = ExportDialog(offer, start, self.folder, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.wish if accepted else None

    def show_export(self, report: ExportReport) -> None:
        """Tell what became of an export; work can go on beside it."""
        dialog = ExportResultDialog(report, _open_outside, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def pixel_size(self, name: str, micrometres: float | None, count: int) -> PixelSizeWish | None:
        """How large a pixel is, None when the person thinks better of it."""
        dialog = PixelSizeDialog(name, micrometres, count, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.wish if accepted else None

    def confirm(self, title: str, text: str, yes: str) -> bool:
        """Whether the person presses the button `yes`; Escape means no."""
        box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=self._window)
        button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        no = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(no)
        box.exec()
        return box.clickedButton() is button

    def _projects(self) -> str:
        return self.tr("Cellscribe projects ({})").format(f"*{SUFFIX}")

    def _all_files(self) -> str:
        return self.tr("All files (*)")


def _open_outside(path: Path) -> None:
    """Show a file or folder in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
