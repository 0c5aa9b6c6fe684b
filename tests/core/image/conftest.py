"""Reading is silent: whatever a decoder warns, logs or prints must not reach the person."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def silence(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert capfd.readouterr().err == ""
    assert [record.getMessage() for record in caplog.records] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name no decoder may stumble over."""
    path = tmp_path / "Ärzte 細胞 µm"
    path.mkdir()
    return path
