import os
from pathlib import Path

import numpy as np
import pytest

from app.tasks import shared_block
from app.tasks.shared_block import borrow, lend
from core.errors import OutOfMemory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for blocks."""
    monkeypatch.setattr(shared_block, "MEMORY", tmp_path)
    monkeypatch.setattr(shared_block.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def test_both_sides_see_the_same_bytes(folder: Path) -> None:
    with lend(1000) as (name, mine):
        theirs = borrow(name)
        assert theirs.shape == mine.shape == (1000,)
        mine[:3] = (1, 2, 3)
        theirs[-1] = 9
        assert list(theirs[:3]) == [1, 2, 3]
        assert mine[-1] == 9
    assert list(folder.iterdir()) == []


def test_nothing_is_left_when_the_lender_is_killed_after_the_borrower_came(folder: Path) -> None:
    with lend(10) as (name, _):
        borrow(name)
        assert list(folder.iterdir()) == []


def test_a_folder_in_memory_that_is_too_small_is_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.mkdir()
    large.mkdir()
    monkeypatch.setattr(shared_block, "MEMORY", small)
    monkeypatch.setattr(shared_block.tempfile, "gettempdir", lambda: str(large))
    reserve = os.posix_fallocate

    def fallocate(handle: int, start: int, size: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(small):
            raise OSError(28, "No space left on device")
        reserve(handle, start, size)

    monkeypatch.setattr(os, "posix_fallocate", fallocate)
    with lend(100) as (name, block):
        assert Path(name).parent == large
        block[:] = 1
        assert list(small.iterdir()) == []


def test_no_room_anywhere_is_told_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(OutOfMemory, match="no room for 9223372036855 MB"), lend(2**63 - 1):
        pass
    assert list(folder.iterdir()) == []


def test_the_space_is_really_there(folder: Path) -> None:
    with lend(10_000_000) as (name, _):
        assert Path(name).stat().st_blocks * 512 >= 10_000_000


def test_an_empty_block(folder: Path) -> None:
    with lend(0) as (name, block):
        assert len(borrow(name)) == len(block) == 1
        assert block.dtype == np.uint8
