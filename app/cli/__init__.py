"""The command line: `cellscribe` opens the window, `cellscribe VERB …` works without one."""

import sys
from collections.abc import Sequence

VERBS = ("segment", "import", "export", "replay", "models", "train", "evaluate", "selftest")
WRONG_INPUT = 2
"""Exit code for anything that the person can put right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command `cellscribe`; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if (given and given[0] in VERBS) or given[:1] in (["-h"], ["--help"], ["--version"]):
        from app.cli.parser import run_verb

        return run_verb(given)
    from app.bootstrap import run_window

    return run_window(given)
