"""`python -m app [IMAGE, FOLDER or PROJECT ...]` opens the window."""

import sys

from app.bootstrap import run_window

if __name__ == "__main__":
    sys.exit(run_window(sys.argv[1:]))
