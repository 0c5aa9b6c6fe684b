"""A network is loaded once, whoever asks; beyond the budget the one used longest ago goes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from msgspec import structs
from torch import nn

from core.engine import device as device_module
from core.engine import loader as loader_module
from core.engine.device import choose_device, devices
from core.engine.loader import BUDGET, LoadedNetwork, load_network
from core.engine.once import OnceCache
from core.errors import UsageError
from core.weights import read_manifest, write_manifest
from tests.core.engine.networks import install_fresh

THREADS = 16


@dataclass(frozen=True)
class Block:
    """Something that takes room."""

    nbytes: int = 10


@pytest.fixture
def two_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Names of two networks with fresh weights, none of them loaded."""
    install_fresh(tmp_path, "one", "two")
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [tmp_path])
    monkeypatch.setattr(loader_module, "_loaded", OnceCache(BUDGET))
    monkeypatch.setenv("CELLSCRIBE_BACKEND", "torch")
    return "one", "two"


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[nn.Module]:
    """Every network that becomes ready to run from now on."""
    seen: list[nn.Module] = []
    real = loader_module.ready_to_run

    def count(network: nn.Module) -> nn.Module:
        seen.append(network)
        return real(network)

    monkeypatch.setattr(loader_module, "ready_to_run", count)
    return seen


def all_at_once(call: Callable[[], LoadedNetwork]) -> list[LoadedNetwork]:
    start = threading.Barrier(THREADS)

    def wait_and_call(_: int) -> LoadedNetwork:
        start.wait(30)
        return call()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_call, range(THREADS)))


def test_many_threads_get_one_network(
    two_networks: tuple[str, str], built: list[nn.Module]
) -> None:
    found = all_at_once(lambda: load_network("one"))
    assert len(built) == 1
    assert all(loaded.network is found[0].network for loaded in found)


def test_networks_with_one_file_have_settings_of_their_own(
    two_networks: tuple[str, str], built: list[nn.Module], tmp_path: Path
) -> None:
    one, two = read_manifest(tmp_path)
    two = structs.replace(one, name="two", threshold=0.11)
    write_manifest(tmp_path, [one, two])
    assert [load_network(name).entry for name in two_networks] == [one, two]
    assert len(built) == 1


def test_a_manifest_that_changed_counts_at_once(
    two_networks: tuple[str, str], built: list[nn.Module], tmp_path: Path
) -> None:
    assert load_network("one").entry.threshold != 0.11
    recalibrated = [structs.replace(entry, threshold=0.11) for entry in read_manifest(tmp_path)]
    write_manifest(tmp_path, recalibrated)
    assert load_network("one").entry.threshold == 0.11
    assert len(built) == 1


def test_networks_beyond_the_budget_are_loaded_again(
    two_networks: tuple[str, str], built: list[nn.Module], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = load_network("one").nbytes
    assert size == sum(p.nbytes for p in built[0].state_dict().values()) > 5 * 2**20
    monkeypatch.setattr(loader_module, "_loaded", OnceCache(size + size // 2))
    built.clear()
    for name in ("one", "one", "two", "two", "one"):
        load_network(name)
    assert len(built) == 3


def test_a_network_on_another_device_is_another_one(
    two_networks: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_network("one", "auto").network is load_network("one", devices()[0]).network
    monkeypatch.setattr(loader_module, "forward", lambda *_: None)
    monkeypatch.setattr(device_module, "devices", lambda: ["meta", "cpu"])
    assert load_network("one", "auto").network is not load_network("one", "cpu").network


def test_two_keys_are_made_at_the_same_time() -> None:
    cache: OnceCache[Block] = OnceCache(100)
    both = threading.Barrier(2)

    def make() -> Block:
        both.wait(30)  # breaks unless the other one is being made as well
        return Block()

    with ThreadPoolExecutor(2) as pool:
        assert len(list(pool.map(lambda key: cache.get(key, make), "ab"))) == 2


def test_the_one_used_longest_ago_goes() -> None:
    cache: OnceCache[Block] = OnceCache(25)
    made: list[str] = []

    def ask(key: str) -> None:
        def make() -> Block:
            made.append(key)
            return Block()

        cache.get(key, make)

    for key in "abacab":
        ask(key)
    assert made == ["a", "b", "c", "b"]


def test_one_value_beyond_the_budget_stays() -> None:
    cache: OnceCache[Block] = OnceCache(5)
    assert cache.get("a", Block) is cache.get("a", Block)


def test_a_failure_is_told_and_the_next_one_tries_again() -> None:
    cache: OnceCache[Block] = OnceCache(100)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: Block(1 // 0))
    assert cache.get("a", Block).nbytes == 10


def test_devices_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "devices", lambda: ["cuda:0", "cuda:1", "mps", "cpu"])
    expected = {"auto": "cuda:0", "cuda": "cuda:0", "cuda:1": "cuda:1", "mps": "mps", "cpu": "cpu"}
    assert {name: str(choose_device(name)) for name in expected} == expected


@pytest.mark.parametrize("name", ["cuda:9", "gpu", "", "cpu:0", "CUDA"])
def test_a_device_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"choose auto or one of: .*cpu"):
        choose_device(name)


def test_this_machine_has_a_processor() -> None:
    assert devices()[-1] == "cpu"
    assert choose_device("cpu") == torch.device("cpu")
