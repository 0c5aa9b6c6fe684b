"""`cellscribe selftest`: walk through the real window, a line per step."""

import argparse
import os
import sys

from core.errors import CannotWrite, reason


def run(options: argparse.Namespace) -> int:
    """0 when every step passed, 1 when one failed; without a display the window is offscreen."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, displays)):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.selftest import walk_through

    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"Cannot make {options.out}: {reason(error)}. Choose another --out."
        ) from error
    return walk_through(options.out)
