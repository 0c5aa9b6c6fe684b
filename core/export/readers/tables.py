"""Tables: the text of all cells."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from core.export.readers.found import Found, Size

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def comma_separated(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """What separates columns stands behind the first heading."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = file.readline()[len("Image")]
        file.seek(0)
        return [Found(grids=(list(csv.reader(file, delimiter=separator)),))]


def excel(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The first two sheets of a book."""
    with ZipFile(path) as book:
        with book.open("xl/sharedStrings.xml") as file:
            texts = ["".join(e.itertext()) for e in _elements(file, "si")]
        grids = []
        for number in (1, 2):
            with book.open(f"xl/worksheets/sheet{number}.xml") as sheet:
                grids.append(_filled([_row(row, texts) for row in _elements(sheet, "row")]))
    return [Found(grids=tuple(grids))]


def _elements(file: Any, name: str) -> Iterator[ElementTree.Element]:
    """One after the other; each is forgotten once it was looked at."""
    for _, element in ElementTree.iterparse(file):
        if element.tag == f"{_NAMESPACE}{name}":
            yield element
            element.clear()


def _filled(rows: list[list[str]]) -> list[list[str]]:
    """As wide as the headings: empty cells at the end of a row are not there either."""
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def _row(row: ElementTree.Element, texts: Sequence[str]) -> list[str]:
    """Cells that are not there are empty."""
    cells: list[str] = []
    for cell in row:
        place = _column(cell.get("r", ""))
        cells += [""] * (place - len(cells))
        value = cell.findtext(f"{_NAMESPACE}v", "")
        cells.append(texts[int(value)] if cell.get("t") == "s" else value)
    return cells


def _column(place: str) -> int:
    """Counted from 0, of a place such as B7 or AA1."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = 26 * number + ord(letter) - 64
    return number - 1
