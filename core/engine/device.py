"""Where a network runs, and in which number format."""

from contextlib import AbstractContextManager

import torch


def has_fast_bf16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; elsewhere float32 is faster."""
    capability = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capability.get("avx512_bf16") or capability.get("amx_bf16"))


def autocast_bf16() -> AbstractContextManager[None]:
    """Run layers in bfloat16 where the processor is faster that way, else in float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_fast_bf16())
