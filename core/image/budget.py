"""How large an image may be, decided from its header before any pixel is decoded."""

import os
from pathlib import Path

from core.errors import ImageTooLarge, UnreadableImage

MAX_PIXELS = 10**9
MAX_BYTES = 4 * 10**9
FREE_SHARE = 0.5  # decoding holds up to two copies for a moment
MAX_CHANNELS = 512


def check_budget(height: int, width: int, samples: int, itemsize: int) -> None:
    """Refuse a plane of `samples` values of `itemsize` bytes a pixel that cannot be held.

    Raises UnreadableImage for sizes that no image has, ImageTooLarge with the numbers.
    """
    if min(height, width, samples, itemsize) < 1:
        raise UnreadableImage("it has no pixels; save it again in the program that made it")
    if samples > MAX_CHANNELS:
        raise UnreadableImage(
            f"it claims {samples} values for each pixel and at most {MAX_CHANNELS} are read; "
            "it is probably damaged, so copy it again from its source"
        )
    needed = height * width * samples * itemsize
    size = f"its {width} x {height} pixels need {needed / 1e9:.1f} GB of memory"
    if height * width > MAX_PIXELS or needed > MAX_BYTES:
        raise ImageTooLarge(
            f"{size}, and {MAX_PIXELS / 1e9:g} gigapixel or {MAX_BYTES / 1e9:g} GB is the limit; "
            "cut it into smaller images"
        )
    free = free_memory()
    if free is not None and needed > free * FREE_SHARE:
        raise ImageTooLarge(
            f"{size}, and only half of the free {free / 1e9:.1f} GB may be used; "
            "close other programs or cut it into smaller images"
        )


def free_memory() -> int | None:
    """Bytes that programs can still get, all of the memory where that is not told, or None."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # a system without sysconf
        return None
