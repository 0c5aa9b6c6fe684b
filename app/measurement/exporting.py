"""What the view shows, into a file or onto the clipboard; in the background, as it may be long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.files import write_bytes
from core.progress import Ticket
from core.tables import Table, to_clipboard, to_csv, to_xlsx

EXCEL, CSV = ".xlsx", ".csv"


@dataclass(frozen=True, eq=False)
class TableWish:
    """path: its suffix says which format. sheets: by name; a CSV file holds the first one."""

    path: Path
    sheets: Mapping[str, Table] = field(default_factory=dict)


def write_tables(wish: TableWish, ticket: Ticket) -> Path:
    """Whole or not at all; raises CannotWrite."""
    if wish.path.suffix.lower() == EXCEL:
        data = to_xlsx(wish.sheets, ticket)
    else:
        data = to_csv(next(iter(wish.sheets.values())))
    ticket.check()
    write_bytes(wish.path, data)
    return wish.path


def copied(table: Table, ticket: Ticket) -> str:
    """For the clipboard."""
    ticket.check()
    return to_clipboard(table)


def with_suffix(path: Path, chosen_filter: str) -> Path:
    """The name that a person typed, with the ending of the chosen kind where it has none."""
    if path.suffix.lower() in (EXCEL, CSV):
        return path
    return path.with_name(path.name + (EXCEL if EXCEL in chosen_filter else CSV))
