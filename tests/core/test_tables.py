"""Tables as files, read back by other means than ours."""

import csv
import io
import sys
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest

from core import tables
from core.errors import CannotWrite
from core.tables import Table, to_clipboard, to_csv, to_parquet, to_xlsx

TABLE = Table(
    ("Name", "Area (µm²)", "Count"),
    (["=1+1", "plain, with comma", "https://x.org"], np.array([0.1, np.nan, np.inf]), [1, None, 3]),
    (("Area (µm²)", "how large"),),
)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(data: bytes, sheet: int = 1) -> dict[str, str | float]:
    """What a sheet holds, by place; straight from its XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in strings]
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    found: dict[str, str | float] = {}
    for cell in tree.iter(f"{MAIN}c"):
        assert cell.find(f"{MAIN}f") is None, "no formula"
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            is_text = cell.get("t") == "s"
            found[cell.get("r", "")] = texts[int(value)] if is_text else float(value)
    return found


def test_csv_comes_back() -> None:
    data = to_csv(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(TABLE.headings)
    assert rows[1:] == [
        ["'=1+1", "0.1", "1"],
        ["plain, with comma", "", ""],
        [rows[3][0], "inf", "3"],
    ]


def test_excel_is_excel_and_holds_no_formula() -> None:
    data = to_xlsx({"Objects": TABLE})
    assert data.startswith(b"PK\x03\x04")
    found = cells(data)
    assert (found["A1"], found["B1"]) == ("Name", "Area (µm²)")
    assert (found["A2"], found["B2"], found["C2"]) == ("=1+1", 0.1, 1)
    assert "B3" not in found
    assert "C3" not in found
    assert found["B4"] == "inf"
    assert cells(data, 2)["B2"] == "how large"


def test_parquet_keeps_types_and_empty_cells() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    found = parquet.read_table(io.BytesIO(to_parquet(TABLE))).to_pydict()
    assert list(found) == list(TABLE.headings)
    assert found["Name"] == ["=1+1", "plain, with comma", "https://x.org"]
    assert found["Area (µm²)"] == [0.1, None, np.inf]
    assert found["Count"] == [1, None, 3]


def test_parquet_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CannotWrite, match=r"pip install 'cellscribe\[parquet\]'"):
        to_parquet(TABLE)


def test_same_table_gives_same_bytes() -> None:
    assert to_xlsx({"Objects": TABLE}) == to_xlsx({"Objects": TABLE})
    assert to_csv(TABLE) == to_csv(TABLE)
    pytest.importorskip("pyarrow")
    assert to_parquet(TABLE) == to_parquet(TABLE)


def test_clipboard_is_tab_separated() -> None:
    lines = to_clipboard(TABLE).splitlines()
    assert lines[0].split("\t") == list(TABLE.headings)
    assert len(lines) == 4


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(CannotWrite, match="write CSV instead"):
        to_xlsx({"Objects": TABLE})


def test_empty_table() -> None:
    empty = Table(("A", "B"), ([], np.zeros(0)))
    assert to_csv(empty).decode("utf-8-sig") == "A,B\r\n"
    assert cells(to_xlsx({"Objects": empty})) == {"A1": "A", "B1": "B"}
