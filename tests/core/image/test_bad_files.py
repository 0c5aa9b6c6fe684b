"""Broken files from the wild: a refusal or a picture, never a crash, a hang or a full memory."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHILD = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from core.errors import CellscribeError
from core.image.read import read_image
for name in sys.argv[1:]:
    start = time.monotonic()
    try:
        image = read_image(Path(name))
        outcome, text = "open", str(image.pixels.shape)
    except CellscribeError as error:
        outcome, text = "error", str(error)
    # not ru_maxrss, which a process inherits from the one that started it
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
    row = {"name": Path(name).name, "outcome": outcome, "text": text, "peak": peak}
    print(json.dumps(row | {"seconds": time.monotonic() - start}), flush=True)
"""


@pytest.fixture
def outcomes(shared: Path) -> dict[str, dict[str, Any]]:
    """Every file of the collection read in one child with a small memory and little time."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux limits the memory of a child and tells its peak")
    files = sorted(str(path) for path in (shared / "data/bad-files").iterdir())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD, *files],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["name"]: row for row in rows}


def test_every_broken_file_ends_as_expected(
    shared: Path, outcomes: dict[str, dict[str, Any]]
) -> None:
    with (shared / "data/bad-files/manifest.csv").open(encoding="utf-8") as file:
        expected = {row["name"]: row["expect"] for row in csv.DictReader(file)}
    assert len(expected) == 15
    for name, expect in expected.items():
        row = outcomes[name]
        assert expect in ("either", row["outcome"]), row
        assert row["seconds"] < 20 and row["peak"] < 1000, row
        if row["outcome"] == "error":
            assert row["text"].startswith(f"Cannot open {name}: ") and row["text"].endswith(".")
            assert "\n" not in row["text"] and "Error" not in row["text"]
