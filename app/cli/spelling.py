"""Words that were mistyped, and what was probably meant."""

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.cli import VERBS


def nearest(word: str, known: Iterable[str]) -> str:
    """What `word` looks like, "" when it is like nothing."""
    return next(iter(get_close_matches(word.lower(), known, 1)), "")


def mistyped_verb(words: Sequence[str]) -> str:
    """A sentence when the first word is no file and looks like a command, else ""."""
    word = words[0] if words else ""
    meant = nearest(word, (*VERBS, "--help", "--version"))
    # a/models or train.tif is a path that someone mistyped, not a command.
    if not meant or Path(word).stem != word or Path(word).exists():
        return ""
    return f"There is no file or command {word!r}; did you mean {meant!r}?"


class VerbParser(argparse.ArgumentParser):
    """Names the nearest option when one is not known, which Python's own does not."""

    # Any: the base class has overloads for namespaces of other kinds.
    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        for word in _options(args or ()):
            meant = nearest(word, self._option_string_actions)
            if meant and not self._takes(word):
                self.error(f"there is no option {word}; did you mean {meant}?")
        return super().parse_known_args(args, namespace)

    def _takes(self, word: str) -> bool:
        """Whether it is an option or the beginning of one, which argparse takes as well."""
        return any(option.startswith(word) for option in self._option_string_actions)


def _options(words: Iterable[str]) -> Iterable[str]:
    """The long options among the words, without their values."""
    for word in words:
        if word == "--":
            return
        if word.startswith("--") and " " not in word:
            yield word.partition("=")[0]
