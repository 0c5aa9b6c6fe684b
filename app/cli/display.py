"""Whether there is a screen: Qt ends the process when there is none, so this is asked before."""

import os
import sys

NO_SCREEN = (
    "No screen was found: start it in a desktop session, or use `cellscribe segment …`, which "
    "needs none; on X11, Qt also needs the system packages that README.md lists."
)


def has_screen() -> bool:
    """Whether Qt can be expected to find one; only Linux says so without asking Qt."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, names))
