"""OpenVINO: same results, used where it is faster, and never in the way."""

import logging
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core.engine import loader as loader_module
from core.engine import openvino as openvino_module
from core.engine.device import has_fast_bf16
from core.engine.loader import BUDGET, load_network
from core.engine.once import OnceCache
from core.engine.openvino import (
    BACKEND,
    KEPT,
    OpenVinoNetwork,
    accelerated,
    cache_folder,
    recall,
    remember,
    speedup,
)
from core.engine.predict import forward
from core.models.registry import SPECS
from tests.core.engine.networks import install_fresh, network_called, picture_strip, probability

needs_openvino = pytest.mark.skipif(
    find_spec("openvino") is None, reason="the extra [fast] is not installed"
)
SHA = "ab" * 32
SIDES = ((256, 256), (128, 160), (90, 333), (1, 1))


class Small(nn.Module):
    """Converted in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = torch.relu(self.layer(x))
        return result


def small() -> nn.Module:
    return Small().eval()


@pytest.fixture(autouse=True)
def automatic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody chose a backend, and OpenVINO wins the trial."""
    monkeypatch.delenv(BACKEND, raising=False)
    monkeypatch.setattr(openvino_module, "speedup", lambda *_: 2.0)


def no_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("converted again")

    monkeypatch.setattr(openvino_module._Compiler, "_converted", refuse)


def the_file() -> Path:
    (path,) = cache_folder().glob("*.blob")
    return path


@needs_openvino
@pytest.mark.parametrize("name", SPECS)
def test_results_are_those_of_torch(name: str) -> None:
    network = network_called(name)
    fast = accelerated(network, SHA)
    assert isinstance(fast, OpenVinoNetwork)
    again = accelerated(network, SHA)  # from the cache
    tolerance = 0.1 if has_fast_bf16() else 1e-3
    for height, width in SIDES:
        picture = picture_strip(height, width)
        expected = forward(network, picture)
        for other in (fast, again):
            found = forward(other, picture)
            assert found.shape == expected.shape and found.dtype == np.float32
            assert np.abs(probability(found) - probability(expected)).max() < tolerance
            assert np.abs(found - expected).max() < tolerance * max(1, np.abs(expected).max())


@needs_openvino
def test_a_loaded_network_runs_by_openvino(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_fresh(tmp_path, "one")
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [tmp_path])
    monkeypatch.setattr(loader_module, "_loaded", OnceCache(BUDGET))
    loaded = load_network("one", "cpu")
    assert isinstance(loaded.network, OpenVinoNetwork)
    weights = loaded.network.network.state_dict().values()
    assert loaded.nbytes == 2 * sum(tensor.nbytes for tensor in weights)


@needs_openvino
def test_a_compiled_network_is_kept_for_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small()
    accelerated(network, SHA)
    assert recall(the_file())
    no_conversion(monkeypatch)
    assert isinstance(accelerated(network, SHA), OpenVinoNetwork)


@needs_openvino
def test_torch_stays_where_it_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small()
    monkeypatch.setattr(openvino_module, "speedup", lambda *_: 0.9)
    assert accelerated(network, SHA) is network
    no_conversion(monkeypatch)
    assert accelerated(network, SHA) is network


@needs_openvino
def test_a_person_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small()
    monkeypatch.setenv(BACKEND, "torch")
    assert accelerated(network, SHA) is network
    assert not cache_folder().exists()
    monkeypatch.setenv(BACKEND, "openvino")
    monkeypatch.setattr(openvino_module, "speedup", lambda *_: 0.9)
    assert isinstance(accelerated(network, SHA), OpenVinoNetwork)


@needs_openvino
@pytest.mark.parametrize("damage", ["cut", "text", "empty", "another blob", "another network"])
def test_a_broken_cache_is_made_anew(damage: str, caplog: pytest.LogCaptureFixture) -> None:
    network = small()
    accelerated(network, SHA)
    path = the_file()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "text":
        path.write_text("no network at all, and longer than the sum in front of one" * 9)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "another blob":
        remember(path, b"with a right sum" * 100)
    else:
        with torch.no_grad():
            network.get_parameter("layer.weight").neg_()
    with caplog.at_level(logging.WARNING):
        fast = accelerated(network, SHA)
    assert isinstance(fast, OpenVinoNetwork) and caplog.text == ""
    picture = picture_strip(64, 64)
    np.testing.assert_allclose(forward(fast, picture), forward(network, picture), atol=0.1)
    assert recall(path)


@needs_openvino
def test_a_cache_that_cannot_be_written_is_done_without() -> None:
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("a file where the folder should be")
    assert isinstance(accelerated(small(), SHA), OpenVinoNetwork)


@needs_openvino
def test_results_that_differ_are_refused(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    network = small()
    monkeypatch.setattr(openvino_module, "agree", lambda *_: False)
    assert accelerated(network, SHA) is network
    assert "its results differ" in caplog.text


@needs_openvino
def test_a_failure_while_running_leaves_it_to_torch(caplog: pytest.LogCaptureFixture) -> None:
    network, picture = small(), picture_strip(64, 64)
    fast = accelerated(network, SHA)
    assert isinstance(fast, OpenVinoNetwork)

    def fail(_: object) -> None:
        raise RuntimeError("infer request failed")

    fast._compiled = fail
    for _ in range(2):
        np.testing.assert_array_equal(forward(fast, picture), forward(network, picture))
    assert caplog.text.count("torch goes on") == 1


@needs_openvino
def test_memory_that_runs_out_is_not_hidden() -> None:
    def fail(_: object) -> None:
        raise RuntimeError("Exception from src/inference: std::bad_alloc")

    with pytest.raises(RuntimeError, match="bad_alloc"):
        OpenVinoNetwork(small(), fail)(torch.zeros(1, 3, 8, 8))


@pytest.mark.parametrize("error", [ImportError("no libopenvino.so"), RuntimeError("no CPU")])
def test_a_broken_installation_leaves_it_to_torch(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(openvino_module, "find_spec", lambda _: object())
    monkeypatch.setattr(openvino_module, "_import_openvino", fail)
    network = small()
    assert accelerated(network, SHA) is network
    assert str(error) in caplog.text and "torch does" in caplog.text


def test_without_the_extra_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(openvino_module, "find_spec", lambda _: None)
    network = small()
    assert accelerated(network, SHA) is network
    assert caplog.text == ""


@needs_openvino
def test_nothing_is_reported_to_anybody(home: Path) -> None:
    code = (
        "import sys; from core.engine.openvino import _import_openvino as load; load();"
        "print(sys.modules['openvino_telemetry'])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "CI": ""},
    )
    assert shown.stdout.strip() == "None"
    assert not (home / "intel").exists()


def test_the_trial_times_both() -> None:
    class Twice(Small):
        def forward(self, x: Tensor) -> Tensor:
            for _ in range(30):
                super().forward(x)
            return super().forward(x)

    assert speedup(Twice(), small()) > 1 > speedup(small(), Twice())


def test_old_files_go(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        remember(tmp_path / f"{number}.blob", b"x")
        os.utime(tmp_path / f"{number}.blob", (number, number))
    remember(tmp_path / "newest.blob", b"y")
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) == KEPT and {"newest.blob", "14.blob"} <= names and "3.blob" not in names
