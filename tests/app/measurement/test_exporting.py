"""What is shown, as files and on the clipboard."""

from pathlib import Path

import pytest

from app.measurement.exporting import TableWish, copied, with_suffix, write_tables
from core.errors import Cancelled, CannotWrite
from core.progress import Ticket
from tests.app.measurement.samples import sheet
from tests.core.test_tables import cells


def test_suffix_says_the_format(tmp_path: Path) -> None:
    table = sheet().table()
    excel = write_tables(TableWish(tmp_path / "a.xlsx", {"Objects": table}), Ticket())
    csv = write_tables(TableWish(tmp_path / "a.csv", {"Objects": table}), Ticket())
    assert excel.read_bytes().startswith(b"PK\x03\x04")
    assert cells(excel.read_bytes())["E1"] == "Area (px²)"
    assert csv.read_text(encoding="utf-8-sig").splitlines()[0].startswith("Image,ID,Class")
    parquet = write_tables(TableWish(tmp_path / "a.parquet", {"Objects": table}), Ticket())
    assert parquet.read_bytes().startswith(b"PAR1")


def test_stopped_or_impossible_leaves_no_file(tmp_path: Path) -> None:
    ticket = Ticket()
    ticket.stop.set()  # type: ignore[attr-defined]
    with pytest.raises(Cancelled):
        write_tables(TableWish(tmp_path / "a.xlsx", {"Objects": sheet().table()}), ticket)
    with pytest.raises(CannotWrite):
        write_tables(TableWish(tmp_path / "no" / "a.csv", {"O": sheet().table()}), Ticket())
    assert list(tmp_path.iterdir()) == []


def test_clipboard_has_a_line_for_each_row() -> None:
    lines = copied(sheet().table(keys=("id", "area")), Ticket()).splitlines()
    assert lines[0] == "ID\tArea (px²)"
    assert len(lines) == 9


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("a", "Excel (*.xlsx)", "a.xlsx"),
        ("a", "CSV (*.csv)", "a.csv"),
        ("a", "Parquet (*.parquet)", "a.parquet"),
        ("a.csv", "Excel (*.xlsx)", "a.csv"),
        ("plate 1.2", "CSV (*.csv)", "plate 1.2.csv"),
    ],
)
def test_name_gets_an_ending(typed: str, kind: str, name: str) -> None:
    assert with_suffix(Path(typed), kind) == Path(name)
