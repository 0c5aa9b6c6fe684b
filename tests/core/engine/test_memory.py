"""Memory that runs out: smaller tiles, then the processor, then a sentence; other errors stay."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core.engine import memory as memory_module
from core.engine import predict as predict_module
from core.engine import segment as segment_module
from core.engine.loader import LoadedNetwork
from core.engine.memory import TILE_SIDES, attempts, is_out_of_memory, on_processor
from core.engine.predict import predict, predict_in_tiles
from core.engine.segment import segment
from core.engine.tiles import plan_tiles
from core.errors import Cancelled, OutOfMemory
from core.image.model import Image
from core.models.spec import Normalisation
from core.progress import Ticket
from core.weights import SHIPPED, read_manifest
from tests.core.engine.networks import network_called, picture_strip, probability

PLAIN = Normalisation(mean=0, std=1)
ERRORS = (
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 4 bytes"),
    RuntimeError("Exception from src/inference/src/infer_request.cpp: std::bad_alloc"),
    RuntimeError("MPS backend out of memory"),
    MemoryError(),
)


class Blur(nn.Module):
    """A network that looks 3 pixels far and fails at chosen runs."""

    def __init__(self, fails_at: range = range(0), error: Exception | None = None) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Conv2d(3, 2, 7, padding=3)
        self.fails_at, self.error, self.runs = fails_at, error, 0
        self.sides: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.runs += 1
        self.sides.append(max(x.shape[-2:]))
        if self.runs in self.fails_at and self.error:
            raise self.error
        result: Tensor = self.layer(x)
        return result


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(0).random((80, 2400, 1), np.float32)


@pytest.fixture
def emptied(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[torch.device]]:
    """The devices whose unused memory was given back."""
    seen: list[torch.device] = []
    monkeypatch.setattr(predict_module, "free_unused", seen.append)
    yield seen


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error)[:20] or "MemoryError")
@pytest.mark.parametrize("run", [1, 2, 3])
def test_a_run_goes_on_with_smaller_tiles(
    run: int, error: Exception, pixels: np.ndarray, emptied: list[torch.device]
) -> None:
    network = Blur(range(run, run + 1), error)
    found = predict(network, pixels, PLAIN, Ticket())
    np.testing.assert_allclose(found, predict(Blur(), pixels, PLAIN, Ticket()), atol=1e-4)
    assert max(network.sides[run:]) <= TILE_SIDES[1] < network.sides[0]
    assert len(emptied) == 1


def test_tiles_shrink_twice(pixels: np.ndarray, emptied: list[torch.device]) -> None:
    network = Blur(range(1, 3), MemoryError())
    found = predict(network, pixels, PLAIN, Ticket())
    np.testing.assert_allclose(found, predict(Blur(), pixels, PLAIN, Ticket()), atol=1e-4)
    assert 128 <= max(network.sides[2:]) <= TILE_SIDES[2]
    assert len(emptied) == 2


def test_nothing_is_given_back_without_need(
    pixels: np.ndarray, emptied: list[torch.device]
) -> None:
    predict(Blur(), pixels, PLAIN, Ticket())
    assert emptied == []


def test_a_real_network_answers_nearly_the_same_with_smaller_tiles() -> None:
    network, strip = network_called("hrnet"), picture_strip(96, 1300).transpose(1, 2, 0)
    large, small = (
        probability(predict_in_tiles(network, strip, PLAIN, Ticket(), side))[0]
        for side in TILE_SIDES[:2]
    )
    assert len(plan_tiles(96, 1300, TILE_SIDES[1])) == 3
    assert np.abs(large - small).mean() < 1e-3
    assert ((large > 0.5) != (small > 0.5)).mean() < 1e-3


class Elsewhere(Blur):
    """Pretends to lie on another device; only a copy of it has enough memory."""

    def __init__(self) -> None:
        super().__init__(error=MemoryError())
        self.register_buffer("factor", torch.ones(1))
        self.first = id(self)

    def forward(self, x: Tensor) -> Tensor:
        self.fails_at = range(1, 99) if id(self) == self.first else range(0)
        return super().forward(x)


def test_the_processor_helps_out(pixels: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "device_of", lambda network: torch.device("cuda"))
    network = Elsewhere()
    found = predict(network, pixels, PLAIN, Ticket())
    np.testing.assert_allclose(found, predict(Blur(), pixels, PLAIN, Ticket()), atol=1e-6)
    assert network.runs == len(TILE_SIDES)


def test_a_copy_for_the_processor_is_made_only_when_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_module, "device_of", lambda network: torch.device("cuda"))
    monkeypatch.setattr(memory_module, "on_processor", lambda network: pytest.fail("too early"))
    plan = attempts(Blur())
    assert [next(plan)[1] for _ in TILE_SIDES] == list(TILE_SIDES)


def test_a_copy_shares_nothing() -> None:
    network = Elsewhere()
    copied = on_processor(network)
    assert torch.equal(copied.get_parameter("layer.weight"), network.layer.weight)
    own = {tensor.data_ptr() for tensor in network.state_dict().values()}
    assert own.isdisjoint(tensor.data_ptr() for tensor in copied.state_dict().values())


def test_when_nothing_fits_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Blur(range(1, 99), ERRORS[1])
    loaded = LoadedNetwork(network, read_manifest(SHIPPED)[0])
    monkeypatch.setattr(segment_module, "load_network", lambda *_, **__: loaded)
    image = Image(np.zeros((40, 40, 1), np.uint8), path=Path("cells.png"))
    with pytest.raises(OutOfMemory, match=r"cells\.png needs more memory .* close other programs"):
        segment(image)
    assert network.runs >= len(TILE_SIDES)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("unsupported memory format option Preserve"),
        ValueError("shapes differ"),
        Cancelled(),
    ],
)
def test_any_other_error_passes_through_at_once(error: Exception, pixels: np.ndarray) -> None:
    network = Blur(range(2, 3), error)
    with pytest.raises(type(error)) as caught:
        predict(network, pixels, PLAIN, Ticket())
    assert caught.value is error and network.runs == 2
    assert not is_out_of_memory(error)


def test_the_log_says_that_tiles_became_smaller(
    pixels: np.ndarray, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        predict(Blur(range(1, 2), MemoryError()), pixels, PLAIN, Ticket())
    assert f"Memory ran out on cpu with tiles of {TILE_SIDES[0]} pixels" in caplog.text
