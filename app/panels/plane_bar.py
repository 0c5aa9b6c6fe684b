"""The bar below the image with which a person moves through scenes, time and focus."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.controllers.plane_walk import PlaneWalk
from app.theme.icons import Icons
from core.image.source import Plane, Scene


class AxisRow(QWidget):
    """Where along one axis: a slider and a number, counted from 1. moved: the new place, from 0."""

    moved = Signal(int)

    def __init__(self, letter: str, title: str) -> None:
        super().__init__()
        self.slider, self.field = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        self._total, label = QLabel(), QLabel(letter)
        self.slider.setMinimumWidth(60)
        self.field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setKeyboardTracking(False)
        for part in (self.slider, self.field):
            part.setAccessibleName(title)
            part.setToolTip(title)
            part.valueChanged.connect(lambda value: self.moved.emit(value - 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (label, self.slider, self.field, self._total):
            row.addWidget(widget, 1 if widget is self.slider else 0)

    def show_place(self, place: int, count: int) -> None:
        """Show a place among so many, without telling anyone."""
        for part in (self.slider, self.field):
            with QSignalBlocker(part):
                part.setRange(1, count)
                part.setValue(place + 1)
        digits = self.fontMetrics().horizontalAdvance("0" * len(str(count)))
        self.field.setFixedWidth(digits + 24)
        self._total.setText(f"/ {count}")
        self.setVisible(count > 1)


class PlaneBar(QWidget):
    """Shown for files with more than one plane."""

    def __init__(self, walk: PlaneWalk, icons: Icons) -> None:
        super().__init__()
        self._walk = walk
        self.scenes, self.times = QComboBox(), AxisRow("t", self.tr("Time point"))
        self.depths = AxisRow("z", self.tr("Focal plane"))
        self.play, self.brightest = QToolButton(), QToolButton()
        self.scenes.setAccessibleName(self.tr("Scene"))
        self.scenes.setToolTip(self.tr("Scene: another field of view of this file"))
        self.play.setToolTip(self.tr("Play the time points (Shift+P)"))
        self.play.setAccessibleName(self.tr("Play"))
        self.play.setCheckable(True)
        icons.attach(self.play, "play")
        self.brightest.setText(self.tr("Max"))
        self.brightest.setToolTip(self.tr("Show the brightest value over all focal planes"))
        self.brightest.setCheckable(True)
        self._arrange()
        self._connect()
        self._show()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(self.scenes)
        row.addWidget(self.play)
        row.addWidget(self.times, 1)
        row.addWidget(self.depths, 1)
        row.addWidget(self.brightest)

    def _connect(self) -> None:
        self._walk.changed.connect(self._show)
        self.scenes.activated.connect(lambda number: self._walk.go(Plane(scene=number)))
        self.times.moved.connect(lambda t: self._walk.step(times=t - self._walk.plane.t))
        self.depths.moved.connect(self._on_depth_moved)
        self.play.clicked.connect(self._walk.play)
        self.brightest.clicked.connect(self._walk.project)

    @Slot(int)
    def _on_depth_moved(self, z: int) -> None:
        plane = self._walk.plane
        self._walk.go(Plane(plane.scene, plane.t, z))

    @Slot()
    def _show(self) -> None:
        scene, plane = self._walk.scene, self._walk.plane
        several = len(self._walk.scenes) > 1
        self.setVisible(scene is not None and (several or scene.planes > 1))
        if scene is None:
            return
        self._list_scenes(self._walk.scenes, plane.scene)
        self.times.show_place(plane.t, scene.times)
        self.depths.show_place(max(plane.z, 0), scene.depths)
        self.depths.slider.setEnabled(not plane.is_projection)
        self.depths.field.setEnabled(not plane.is_projection)
        self.play.setVisible(scene.times > 1)
        self.play.setChecked(self._walk.is_playing)
        self.brightest.setVisible(scene.depths > 1)
        self.brightest.setChecked(plane.is_projection)

    def _list_scenes(self, scenes: tuple[Scene, ...], shown: int) -> None:
        self.scenes.setVisible(len(scenes) > 1)
        names = [f"{n}. {s.name}" if s.name else str(n) for n, s in enumerate(scenes, 1)]
        if names != [self.scenes.itemText(row) for row in range(self.scenes.count())]:
            self.scenes.clear()
            self.scenes.addItems(names)
        self.scenes.setCurrentIndex(shown)
