"""Tables: the numbers of the objects that have a row."""

import csv
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from core.export.readers.found import Found, Size

_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def comma_separated(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The second column; what separates columns stands behind the first title."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = file.readline()[len("Image")]
        return [Found(rows=tuple(int(row[1]) for row in csv.reader(file, delimiter=separator)))]


def excel(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The second column of the first sheet."""
    with ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        cells = ElementTree.parse(sheet).getroot().iter(f"{_CELL}c")
        values = {c.get("r", ""): c.findtext(f"{_CELL}v", "") for c in cells}
    places = [place for place in values if place[0] == "B" and place[1:].isdecimal()]
    rows = sorted(int(place[1:]) for place in places if place != "B1")
    return [Found(rows=tuple(int(values[f"B{row}"]) for row in rows))]
