"""Every network of the registry: sizes, counts, gradients, and agreement of tile and whole."""

from importlib import import_module
from inspect import signature

import pytest
import torch

from core.errors import UnknownNetwork
from core.models.blocks import parameter_count
from core.models.registry import SPECS, find_spec
from core.models.spec import OUTPUTS, ModelSpec
from core.train.loss import training_loss


@pytest.fixture(params=SPECS)
def network(request: pytest.FixtureRequest) -> torch.nn.Module:
    torch.manual_seed(0)
    return find_spec(request.param).build().eval()


@pytest.mark.parametrize("size", [(32, 32), (33, 70), (64, 97), (100, 41)])
def test_output_has_the_size_of_the_input(network: torch.nn.Module, size: tuple[int, int]) -> None:
    with torch.inference_mode():
        answer = network(torch.randn(2, 3, *size))
    assert answer.shape == (2, len(OUTPUTS) + 1, *size)
    assert torch.isfinite(answer).all()


def test_all_parameters_learn(network: torch.nn.Module) -> None:
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), 0.05)
    for _ in range(2):  # residual branches start at zero, so some gradients need a first step
        optimizer.zero_grad()
        training_loss(network(torch.randn(2, 3, 64, 64)), torch.rand(2, 4, 64, 64)).backward()
        optimizer.step()
    without = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert without == []


def test_an_image_does_not_depend_on_its_batch(network: torch.nn.Module) -> None:
    pictures = torch.randn(3, 3, 64, 64)
    with torch.inference_mode():
        together = network(pictures)
        alone = torch.cat([network(p[None]) for p in pictures])
    assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(("width", "millions"), [(18, 9.65), (32, 29.56), (48, 65.88)])
def test_hrnet_widths(width: int, millions: float) -> None:
    network = find_spec("hrnet").build(width=width)
    assert parameter_count(network) / 1e6 == pytest.approx(millions, abs=0.01)
    with torch.inference_mode():
        answer = network.eval()(torch.randn(1, 3, 33, 64))
    assert answer.shape == (1, len(OUTPUTS) + 1, 33, 64) and torch.isfinite(answer).all()


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_a_spec_accepts_what_its_builder_takes(spec: ModelSpec) -> None:
    module, function = spec.builder.split(":")
    assert spec.accepts == signature(getattr(import_module(module), function)).parameters.keys()


def test_an_unknown_network_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNetwork, match="hrnet"):
        find_spec("unet")
