"""Shared by all tests: Qt never opens a real window, and the person's folders are temporary."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two test processes share two cores
# How long an example takes says more about what else the machine does than about the code. Always
# the same examples: a check that passed passes again; HYPOTHESIS_PROFILE=explore tries others.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real microscope images; without it the test skips, with the reason."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared image collection is not beside this checkout")
    return SHARED


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home folder: no test reads or writes what belongs to a person."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder))
    # With an empty cache folder every process would convert the networks anew.
    monkeypatch.setenv("CELLSCRIBE_BACKEND", "torch")
    return folder


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Collected in this thread only: Qt objects die of being destroyed in another one."""
    gc.disable()
    yield
    gc.collect(2 if gc.get_count()[2] > 20 else 1)
    gc.enable()
