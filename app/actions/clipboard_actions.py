"""Copy and paste of regions, within an image, to another one, or to another window."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import uuid4

from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from app.actions.selected import Selected
from app.commands import edits
from app.document.document import Document
from app.messages import Messages
from core.annotation.classes import LabelClass
from core.annotation.geometry import clip_to_image, shifted
from core.annotation.region import Region
from core.errors import InvalidGeometry
from core.formats.class_table import ClassTable
from core.project.codec import DamagedBlobError, decode_delta, encode_delta
from core.project.delta import Delta

FORMAT = "application/x-cellscribe-objects"
STEP = 12.0
"""Pixels: what is pasted onto itself lies so far to the right and below."""


class ClipboardActions:
    """Regions go to the clipboard with their classes, as the journal stores them."""

    def __init__(self, selected: Selected, messages: Messages) -> None:
        self._selected, self._messages = selected, messages

    def copy(self) -> None:
        """Put the selected regions on the clipboard."""
        document, regions = self._selected.document, self._selected.regions()
        if document is None or not regions:
            return
        data = QMimeData()
        data.setData(FORMAT, QByteArray(packed(regions, document.classes.all)))
        QGuiApplication.clipboard().setMimeData(data)
        text = _tr("1 object copied") if len(regions) == 1 else _tr("{:,} objects copied")
        self._messages.inform(text.format(len(regions)))

    def cut(self) -> None:
        """Copy, then delete what is not locked."""
        self.copy()
        if document := self._selected.document:
            unlocked = [region.id for region in self._selected.unlocked()]
            self._selected.do(edits.delete(document, unlocked))

    def paste(self) -> None:
        """Add what is on the clipboard, at the same place of this image, or beside it when it is
        there already."""
        document = self._selected.document
        data = QGuiApplication.clipboard().mimeData().data(FORMAT).data()
        if document is None:
            return
        if not data:
            self._messages.inform(_tr("Copy objects first (Edit > Copy)."))
            return
        try:
            regions, classes = unpacked(bytes(data), document.classes.all)
        except DamagedBlobError:
            self._messages.warn(_tr("What is on the clipboard cannot be read; copy it again."))
            return
        self._add(document, regions, _tr("Paste"), classes)

    def duplicate(self) -> None:
        """Add a copy of each selected region beside it."""
        if document := self._selected.document:
            self._add(document, self._selected.regions(), _tr("Duplicate"))

    def _add(
        self,
        document: Document,
        regions: Iterable[Region],
        name: str,
        classes: tuple[LabelClass, ...] = (),
    ) -> None:
        given = list(regions)
        fits = [r for region in given if (r := _fitted(region, document))]
        if len(fits) < len(given):
            text = _tr("{} of {} objects lie outside this image and were left out.")
            self._messages.warn(text.format(len(given) - len(fits), len(given)))
        if fits:
            delta = edits.add(document, _aside(fits, document), name)
            new = {c.id: c for c in classes if c not in document.classes.all}
            self._selected.do(replace(delta, classes_after=new))


def packed(regions: Iterable[Region], classes: Iterable[LabelClass]) -> bytes:
    """Regions and classes as bytes."""
    after, classes_after = {r.id: r for r in regions}, {c.id: c for c in classes}
    return encode_delta(Delta("Copy", after=after, classes_after=classes_after))


def unpacked(
    data: bytes, classes: tuple[LabelClass, ...]
) -> tuple[list[Region], tuple[LabelClass, ...]]:
    """The regions in `data` as new ones, their classes found by name among those of the project,
    and all classes that are needed; raises DamagedBlobError."""
    delta, table = decode_delta(data), ClassTable(classes)
    used = {region.class_id for region in delta.after.values()}
    for number, label in delta.classes_after.items():
        if number in used:
            table.add(number, label.name, label.color)
    regions = (replace(r, class_id=table.find(r.class_id)) for r in delta.after.values())
    return list(regions), table.classes


def _fitted(region: Region, document: Document) -> Region | None:
    """The part of a region that lies in the image, as a new one: not locked, not reviewed, and a
    person's, so that no run takes it away."""
    try:
        fit = clip_to_image(region, document.width, document.height)
    except InvalidGeometry:
        return None
    return replace(fit, uid=uuid4().hex, edited=True, reviewed=False, locked=False)


def _aside(regions: list[Region], document: Document) -> list[Region]:
    """Moved together until none of them lies exactly on a stored one."""
    taken = {region.bounds for region in document.regions.values()}
    for dx, dy in _ways(regions, document):
        moved = [shifted(region, dx, dy) if dx or dy else region for region in regions]
        if not any(region.bounds in taken for region in moved):
            return moved
    return regions


def _ways(regions: list[Region], document: Document) -> Iterator[tuple[float, float]]:
    """Nowhere, then further and further right and down, or left and up where there is more room;
    never over the edge of the image."""
    yield 0.0, 0.0
    x0, y0, x1, y1 = zip(*(region.bounds for region in regions), strict=True)
    right, down = document.width - max(x1), document.height - max(y1)
    room_x, way_x = max((right, 1), (min(x0), -1))
    room_y, way_y = max((down, 1), (min(y0), -1))
    for step in range(1, math.ceil(max(room_x, room_y) / STEP) + 1):
        yield way_x * min(step * STEP, room_x), way_y * min(step * STEP, room_y)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClipboardActions", text)
