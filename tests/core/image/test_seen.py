"""Looking at paths that a person may or may not see."""

from pathlib import Path

import pytest

from core.image.seen import is_seen_file, is_seen_folder
from core.image.zarr_metadata import is_zarr
from tests.sealed import seal


def test_what_is_there(folder: Path) -> None:
    (folder / "a").touch()
    assert is_seen_folder(folder) and is_seen_file(folder / "a")
    assert not is_seen_folder(folder / "a") and not is_seen_file(folder)
    assert not is_seen_folder(folder / "b") and not is_seen_file(folder / ("b" * 300))


def test_what_nobody_lets_us_see_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inner").mkdir()
    (folder / ".zattrs").write_text("{}")
    assert is_zarr(folder)
    seal(monkeypatch, folder)
    with pytest.raises(PermissionError):
        (folder / ".zattrs").is_file()
    assert is_seen_folder(folder) and not is_zarr(folder)
    assert not is_seen_folder(folder / "inner") and not is_seen_file(folder / ".zattrs")
