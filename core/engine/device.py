"""Where a network runs, and in which number format."""

import torch
from torch import nn

from core.errors import UsageError

CPU = torch.device("cpu")


def devices() -> list[str]:
    """Names of the devices of this machine, best first; the last is always cpu."""
    cuda = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [*cuda, *mps, "cpu"]


def choose_device(name: str = "auto") -> torch.device:
    """The device called auto, cpu, cuda, cuda:1 or mps; raises UsageError when it is not there."""
    found = devices()
    wanted = {"auto": found[0], "cuda": "cuda:0"}.get(name, name)
    if wanted not in found:
        raise UsageError(
            f"There is no device {name!r} here; choose auto or one of: {', '.join(found)}."
        )
    return torch.device(wanted)


def device_of(network: nn.Module) -> torch.device:
    """Where the weights of a network lie."""
    return next((weight.device for weight in network.parameters()), CPU)


def free_unused(device: torch.device) -> None:
    """Give back memory that torch keeps for later; slow, so only after it ran out."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def has_fast_bf16(device: torch.device = CPU) -> bool:
    """Whether this device multiplies bfloat16 in hardware; elsewhere float32 is faster."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    capability = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capability.get("avx512_bf16") or capability.get("amx_bf16"))


def autocast_bf16(device: torch.device = CPU) -> torch.autocast:
    """Run layers in bfloat16 where the device is faster that way, else in float32."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_fast_bf16(device))
