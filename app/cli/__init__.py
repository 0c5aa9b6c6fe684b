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
    return _open_window(given)


def _open_window(paths: Sequence[str]) -> int:
    """The window, unless something stands in the way that can be told in a sentence."""
    from app.cli.display import NO_SCREEN, has_screen
    from app.cli.spelling import mistyped_verb

    problem = mistyped_verb(paths) or ("" if has_screen() else NO_SCREEN)
    if problem:
        print(f"cellscribe: {problem}", file=sys.stderr)
        return WRONG_INPUT
    from app.bootstrap import run_window

    return run_window(paths)
