"""Words that were mistyped, and what was probably meant."""

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from app.cli import VERBS, WRONG_INPUT


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


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage that Python's own prints before it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register("type", float, _number)
        self.register("type", int, _whole)

    def error(self, message: str) -> NoReturn:
        told = message.replace("argument ", "")
        self.exit(WRONG_INPUT, f"cellscribe: {told}; see `{self.prog} --help`.\n")


class VerbParser(Parser):
    """Names the nearest option when one is not known, which Python's own does not."""

    # Any: the base class has overloads for namespaces of other kinds.
    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        for word in _options(args or ()):
            meant = nearest(word, self._option_string_actions)
            if meant and not self._takes(word):
                self.error(f"there is no option {word} (did you mean {meant}?)")
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:  # told here, where the help of the verb is known
            self.error(f"these words are not understood: {' '.join(unknown)}")
        return found, unknown

    def _takes(self, word: str) -> bool:
        """Whether it is an option or the beginning of one, which argparse takes as well."""
        return any(option.startswith(word) for option in self._option_string_actions)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _options(words: Iterable[str]) -> Iterable[str]:
    """The long options among the words, without their values."""
    for word in words:
        if word == "--":
            return
        if word.startswith("--") and " " not in word:
            yield word.partition("=")[0]
