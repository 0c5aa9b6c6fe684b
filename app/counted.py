"""How many there are, in words: one object, two objects."""

from PySide6.QtCore import QCoreApplication


def objects(count: int) -> str:
    return _tr("1 object") if count == 1 else _tr("{:,} objects").format(count)


def images(count: int) -> str:
    return _tr("1 image") if count == 1 else _tr("{:,} images").format(count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Counted", text)
