"""Tables as files: CSV, Excel and Parquet, for measurements and whatever else comes in columns.

Text stays text: a name that begins like a formula is no formula in the file. The same table gives
the same bytes.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.errors import CannotWrite
from core.progress import Ticket

Cell: TypeAlias = str | float | int | bool | None
Column: TypeAlias = Sequence[Any] | npt.NDArray[Any]
MOST_ROWS = 1_048_575
"""Of a sheet, below its headings."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime(2000, 1, 1)


@dataclass(frozen=True, eq=False)
class Table:
    """columns: arrays or lists of one length, one for each heading; NaN and None are empty cells.

    notes: what stands on a sheet of its own in Excel, as (word, meaning).
    """

    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def to_csv(table: Table, separator: str = ",") -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it; lines end as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(map(_harmless, table.headings))
    writer.writerows(zip(*(_texts(column) for column in table.columns), strict=True))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Mapping[str, Table], ticket: Ticket | None = None) -> bytes:
    """One sheet for each table, with its headings frozen and a filter, and one with the notes.

    Raises CannotWrite for more rows than a sheet holds, Cancelled between two columns.
    """
    from xlsxwriter import Workbook

    ticket = ticket or Ticket()
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, {**options, "nan_inf_to_errors": False, "strings_to_numbers": False})
    book.set_properties({"created": _EPOCH})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, table in sheets.items():
        _add_sheet(book, bold, name, table, ticket)
    notes = dict(note for table in sheets.values() for note in table.notes)
    if notes:
        listed = Table(("Column", "Meaning"), (list(notes), list(notes.values())))
        _add_sheet(book, bold, "About", listed, ticket)
    book.close()
    return file.getvalue()


def to_parquet(table: Table) -> bytes:
    """Columns with their types, empty cells as null; the notes do not come along.

    Raises CannotWrite where pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise CannotWrite(
            "Parquet needs the extra 'parquet': pip install 'cellscribe[parquet]'; or write CSV."
        ) from error
    columns = [pyarrow.array(_cells(column), from_pandas=True) for column in table.columns]
    file = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_arrays(columns, list(table.headings)), file)
    return file.getvalue()


def to_clipboard(table: Table) -> str:
    """Tab separated, as spreadsheets take it."""
    return to_csv(table, "\t").decode("utf-8-sig").replace("\r\n", "\n")


def _add_sheet(book: Any, bold: Any, name: str, table: Table, ticket: Ticket) -> None:
    if table.rows > MOST_ROWS:
        raise CannotWrite(
            f"Excel holds {MOST_ROWS:,} rows and this table has {table.rows:,}; write CSV instead."
        )
    sheet = book.add_worksheet(name[:31])
    for number, (heading, column) in enumerate(zip(table.headings, table.columns, strict=True)):
        ticket.step(number, len(table.headings), name)
        sheet.write_string(0, number, heading, bold)
        sheet.set_column(number, number, min(max(9, len(heading) * 0.9), 40))
        for row, cell in enumerate(_cells(column), 1):
            _write(sheet, row, number, cell)
    if table.rows:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, table.rows, len(table.headings) - 1)


def _write(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif math.isfinite(cell):
        sheet.write_number(row, column, cell)
    elif math.isinf(cell):
        sheet.write_string(row, column, "inf" if cell > 0 else "-inf")


def _cells(column: Column) -> Sequence[Cell]:
    """As Python has them."""
    cells: Sequence[Cell] = column.tolist() if isinstance(column, np.ndarray) else column
    return cells


def _texts(column: Column) -> list[str]:
    return [_text(cell) for cell in _cells(column)]


def _text(cell: Cell) -> str:
    """With all digits that tell a number from the next one."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return _harmless(cell) if isinstance(cell, str) else str(cell)


def _harmless(text: str) -> str:
    """A name that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
