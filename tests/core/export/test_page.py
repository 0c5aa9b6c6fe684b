import json
from pathlib import Path

from core.export.page import page
from core.export.record import Change, ExportReport, FileRecord
from core.export.report_json import report_bytes

MARKUP = "<script>alert('x')</script>&.png"
FILE = FileRecord(
    MARKUP,
    "json",
    (MARKUP,),
    "ab" * 32,
    9,
    "a reader",
    "each outline",
    expected=2,
    found=2,
    smallest=0.5,
    mean=0.75,
    changes=(
        Change(MARKUP, "1", 0.5, f"its class {MARKUP} was left out"),
        Change(MARKUP, "2", 0.1, "nothing says why", announced=False),
    ),
    losses=("holes",),
    notes=("A note.",),
)
REPORT = ExportReport(Path("/home/somebody/out"), 1, [FILE], ["Cannot write /home/somebody/out/x."])


def test_names_are_text_and_the_page_needs_nothing_else() -> None:
    text = page(REPORT).decode()
    assert "<script" not in text and "&lt;script&gt;" in text
    for outside in ("http:", "https:", "src=", "@import", "url("):
        assert outside not in text


def test_everything_is_on_the_page() -> None:
    text = page(REPORT).decode()
    assert "read back with a reader; compared: each outline" in text
    for part in ("2 of 2", "0.500000", "different", "A note.", "holes", "nothing says why"):
        assert part in text
    assert "ab" * 32 in text and "Something is not as it should be" in text
    good = ExportReport(Path("out"), 1, [])
    assert "Each was read back" in page(good).decode()


def test_many_changes_are_cut_on_the_page_only() -> None:
    changes = tuple(Change("a.png", str(n), 0.9, "told") for n in range(1000))
    report = ExportReport(
        Path("out"), 1, [FileRecord("a", "json", (), "", 0, "", "", changes=changes)]
    )
    assert "And 800 more" in page(report).decode()
    assert len(json.loads(report_bytes(report))["files"][0]["changes"]) == 1000


def test_neither_tells_where_the_files_lie() -> None:
    for text in (page(REPORT), report_bytes(REPORT)):
        assert b"/home/somebody" not in text


def test_the_certificate_is_json_with_its_verdicts() -> None:
    data = json.loads(report_bytes(REPORT))
    assert (data["good"], data["failures"]) == (False, ["Cannot write ./x."])
    (file,) = data["files"]
    assert file["compared"] == "each outline"
    assert (file["verdict"], file["expected"], file["smallest"]) == ("different", 2, 0.5)
    assert file["changes"][1] == {
        "image": MARKUP,
        "object": "2",
        "agreement": 0.1,
        "reason": "nothing says why",
        "announced": False,
        "rounded_px": None,
    }
