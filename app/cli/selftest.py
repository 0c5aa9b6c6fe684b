"""`cellscribe selftest`: walk through the real window, a line per step."""

import argparse
import os

from app.cli.display import has_screen
from app.cli.folders import made


def run(options: argparse.Namespace) -> int:
    """0 when every step passed, 1 when one failed; without a display the window is offscreen."""
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.selftest import walk_through

    return walk_through(made(options.out))
