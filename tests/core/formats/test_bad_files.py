"""Damaged pictures, taken for label images and masks, never break a reader."""

from pathlib import Path

import pytest

from core.errors import CellscribeError
from core.formats import readers_of
from tests.core.formats.samples import annotations


def test_damaged_pictures_are_refused_in_a_sentence(shared: Path) -> None:
    files = sorted((shared / "data" / "bad-files").glob("*.[btp]*"))
    assert len(files) > 10
    for path in files:
        for codec in readers_of(path):
            try:
                codec.read(path, annotations([]))
            except CellscribeError as error:
                assert path.name in str(error)
            else:
                pytest.fail(f"{path.name} was read as {codec.name}")
