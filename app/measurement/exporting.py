"""What the view shows, into a file or onto the clipboard; in the background, as it may be long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.files import write_bytes
from core.progress import Ticket
from core.tables import Table, to_clipboard, to_csv, to_parquet, to_xlsx

EXCEL, CSV, PARQUET = ".xlsx", ".csv", ".parquet"


@dataclass(frozen=True, eq=False)
class TableWish:
    """path: its suffix says which format. sheets: by name; Excel alone holds several."""

    path: Path
    sheets: Mapping[str, Table] = field(default_factory=dict)


def write_tables(wish: TableWish, ticket: Ticket) -> Path:
    """Whole or not at all; raises CannotWrite."""
    suffix, first = wish.path.suffix.lower(), next(iter(wish.sheets.values()))
    if suffix == EXCEL:
        data = to_xlsx(wish.sheets, ticket)
    else:
        data = to_parquet(first) if suffix == PARQUET else to_csv(first)
    ticket.check()
    write_bytes(wish.path, data)
    return wish.path


def copied(table: Table, ticket: Ticket) -> str:
    """For the clipboard."""
    ticket.check()
    return to_clipboard(table)


def with_suffix(path: Path, chosen_filter: str) -> Path:
    """The name that a person typed, with the ending of the chosen kind where it has none."""
    kinds = (EXCEL, PARQUET, CSV)
    if path.suffix.lower() in kinds:
        return path
    return path.with_name(path.name + next((k for k in kinds if k in chosen_filter), CSV))
