"""The choice of the colours of a channel."""

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox

from app.canvas.luts import LUTS, Lut
from app.panels.lut_icon import HEIGHT, WIDTH, lut_icon


class LutBox(QComboBox):
    """chosen: (Lut) by the person."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._luts: tuple[Lut, ...] = ()
        self.setIconSize(QSize(WIDTH, HEIGHT))
        self.setAccessibleName(self.tr("Colour"))
        self.setToolTip(
            self.tr(
                "Colours of the channel, from its black to its white value.\n"
                "Colour-blind people can read those from violet or blue to yellow."
            )
        )
        self.activated.connect(self._on_activated)

    def show_lut(self, shown: Lut, usual: Lut) -> None:
        """Show one without telling anyone; `usual` can be chosen too if the file has its own."""
        extra = (lut for lut in dict.fromkeys((usual, shown)) if lut not in LUTS)
        luts = (*LUTS, *extra)
        with QSignalBlocker(self):
            if luts != self._luts:
                self._fill(luts)
            self.setCurrentIndex(luts.index(shown))

    def _fill(self, luts: tuple[Lut, ...]) -> None:
        self._luts = luts
        self.clear()
        for lut in luts:
            self.addItem(lut_icon(lut), self.tr(lut.name))

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        self.chosen.emit(self._luts[row])
