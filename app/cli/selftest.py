"""`cellscribe selftest`: walk through the real window, a line per step."""

import argparse
import os
import sys

from app.cli.folders import made


def run(options: argparse.Namespace) -> int:
    """0 when every step passed, 1 when one failed; without a display the window is offscreen."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, displays)):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.selftest import walk_through

    return walk_through(made(options.out))
