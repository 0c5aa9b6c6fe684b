"""The list of networks; those that cannot run are shown, with the reason."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy

from core.weights import NetworkInfo

Role = Qt.ItemDataRole


class NetworkPicker(QComboBox):
    """Holds names as data; `network` is the chosen one that can run, "" when none can."""

    def __init__(self) -> None:
        super().__init__()
        self._infos: dict[str, NetworkInfo] = {}
        self.setAccessibleName(self.tr("Network"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.currentIndexChanged.connect(self._show_tip)

    @property
    def network(self) -> str:
        info = self.info
        return info.name if info and info.available else ""

    @property
    def info(self) -> NetworkInfo | None:
        """What is known about the chosen network."""
        return self._infos.get(self.currentData() or "")

    def set_networks(self, infos: Sequence[NetworkInfo], wanted: str) -> None:
        """Offer these; choose `wanted`, or the first that can run."""
        self._infos = {info.name: info for info in infos}
        model = QStandardItemModel(self)
        for info in infos:
            model.appendRow(self._item(info))
        self.setModel(model)
        usable = [info.name for info in infos if info.available]
        name = wanted if wanted in usable else next(iter(usable), wanted)
        self.setCurrentIndex(max(0, self.findData(name)))
        self._show_tip()

    def _item(self, info: NetworkInfo) -> QStandardItem:
        item = QStandardItem(info.title)
        item.setData(info.name, Role.UserRole)
        item.setToolTip(self._tip(info))
        if not info.available:
            item.setText(self.tr("{} (not available)").format(info.title))
            item.setEnabled(False)
        return item

    def _tip(self, info: NetworkInfo) -> str:
        if not info.available:
            return self.tr("{} cannot run: {}.").format(info.title, info.reason)
        lines = [info.title]
        if info.entry:
            lines.append(self.tr("Trained on {}").format(info.entry.training))
            for kind, figures in info.entry.accuracy.items():
                known = ", ".join(f"{name} {value:.2f}" for name, value in figures.items())
                lines.append(f"{kind}: {known}")
        return "\n".join(lines)

    def _show_tip(self) -> None:
        info = self.info
        self.setToolTip(self._tip(info) if info else "")
