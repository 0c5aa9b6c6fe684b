"""The panel that runs a network and adjusts what it found. It asks; the controller does."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.panels.adjust_box import AdjustBox, Limits
from app.panels.margins import PANEL_MARGINS
from app.panels.run_box import RunBox
from app.theme.icons import Icons
from core.engine.config import SegmentConfig
from core.weights import NetworkInfo


class SegmentationPanel(QWidget):
    """Above the run, below the adjustment. `network_chosen`: its name, by the person."""

    network_chosen = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.run, self.adjust = RunBox(icons), AdjustBox(icons)
        line = QFrame(frameShape=QFrame.Shape.HLine, frameShadow=QFrame.Shadow.Sunken)
        column = QVBoxLayout(self)
        column.setContentsMargins(*PANEL_MARGINS)
        column.setSpacing(8)
        for part in (self.run, line, self.adjust):
            column.addWidget(part)
        self.run.picker.currentIndexChanged.connect(self._on_network_changed)
        self.run.picker.activated.connect(lambda: self.network_chosen.emit(self.run.picker.network))

    @property
    def network(self) -> str:
        """Name of the chosen network, "" when none can run."""
        return self.run.picker.network

    @property
    def config(self) -> SegmentConfig:
        """What a new run is asked to do: thresholds are the network's own."""
        return SegmentConfig(model=self.network, min_area=self.adjust.limits.min_area)

    @property
    def hint(self) -> str:
        """How to run the network, or why none can."""
        info = self.run.picker.info
        if self.network:
            return self.tr("Ctrl+Return segments the shown image.")
        if info is None:
            return self.tr("Looking for networks…")
        return self.tr("{} cannot run: {}.").format(info.title, info.reason)

    def minimumSizeHint(self) -> QSize:
        """High enough for texts that wrap; Qt would count on one line and squeeze the rest."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(self.width())))

    def event(self, event: QEvent) -> bool:
        """Leave height that is of no use here to the tables, when a text or the width changes."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.setMaximumHeight(self.minimumSizeHint().height())
            self.updateGeometry()
        return done

    def set_networks(self, infos: Sequence[NetworkInfo], wanted: str) -> None:
        self.run.picker.set_networks(infos, wanted)
        self._on_network_changed()

    @Slot()
    def _on_network_changed(self) -> None:
        info = self.run.picker.info
        if info and info.entry:
            least = self.adjust.defaults.min_area
            self.adjust.set_defaults(Limits(info.entry.threshold, info.entry.separation, least))
