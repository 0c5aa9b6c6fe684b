"""The language of the filter box: words, and terms such as `area>500 class:nucleus`. No Qt."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.document.classes import ClassTable
from app.panels.object_rows import ORIGINS, STATES, Rows, state_words
from core.annotation.runs import Flags, Floats, Ints
from core.errors import UsageError
from core.measure.quantities import QUANTITIES

NUMBERS = ("id", "confidence", *(quantity.name for quantity in QUANTITIES))
TEXTS: Mapping[str, tuple[str, ...]] = {"class": (), "origin": ORIGINS, "state": STATES}
"""Fields of text, with all that they can say, if that is known."""

_TERM = re.compile(
    r"""(?P<inverse>-)?(?:
        (?P<field>[^\W\d]\w*)\s*(?P<sign><=|>=|!=|==|[≤≥≠=<>:])\s*(?P<value>"[^"]*"|[^\s"]*)
        |"(?P<quoted>[^"]*)"
        |(?P<word>\S+)
    )""",
    re.VERBOSE,
)
_SIGNS = frozenset("<>=≤≥≠")
_PLAIN = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "=", ":": "="}
_FLAGS = {"yes": 1.0, "no": 0.0}
_HOLDS: Mapping[str, Callable[[Floats, float, float], Flags]] = {
    "<": lambda numbers, number, _: numbers < number,
    "<=": lambda numbers, number, _: numbers <= number,
    ">": lambda numbers, number, _: numbers > number,
    ">=": lambda numbers, number, _: numbers >= number,
    "=": lambda numbers, number, half: abs(numbers - number) <= half,
    "!=": lambda numbers, number, half: abs(numbers - number) > half,
}


@dataclass(frozen=True)
class Comparison:
    """A field with a number; nothing holds of what is unknown.

    half: so far from the number still counts as equal, because the table shows rounded ones.
    """

    field: str
    sign: str
    number: float
    half: float = 0.0
    inverse: bool = False


@dataclass(frozen=True)
class Mention:
    """A text that occurs in a field, or, without one, anywhere. text: casefolded."""

    field: str
    text: str
    inverse: bool = False


@dataclass(frozen=True)
class Filter:
    """All terms must hold."""

    terms: tuple[Comparison | Mention, ...] = ()

    @property
    def measured(self) -> frozenset[str]:
        """Names of QUANTITIES that the terms are about."""
        fields = {term.field for term in self.terms if isinstance(term, Comparison)}
        return frozenset(fields) - {"id", "confidence"}

    def fits(self, rows: Rows, classes: ClassTable, values: Mapping[str, Floats]) -> Flags:
        """(n,) which of the rows are to be shown; values: (n,) by name, of what is `measured`."""
        shown = np.ones(len(rows.ids), np.bool_)
        for term in self.terms:
            if isinstance(term, Comparison):
                holds = _compared(term, rows, values)
            else:
                holds = _mentioned(term, rows, classes)
            shown &= holds ^ term.inverse
        return shown


def parse(text: str) -> Filter:
    """The filter that a person typed.

    Words must occur in id, class, origin or state; `area>500`, `class:nucleus` and the like speak
    of one of them; - before a term means the opposite. Raises UsageError, with what to type.
    """
    if text.count('"') % 2:
        raise UsageError('A quotation mark is missing, as in class:"dead cell".')
    return Filter(tuple(map(_term, _TERM.finditer(text))))


def _term(found: re.Match[str]) -> Comparison | Mention:
    inverse = found["inverse"] is not None
    if found["quoted"] is not None:
        return Mention("", found["quoted"].casefold(), inverse)
    if found["word"] is not None:
        return Mention("", _word(found["word"].casefold()), inverse)
    field = _field(found["field"].casefold())
    sign, value = _PLAIN.get(found["sign"], found["sign"]), found["value"].strip('"').casefold()
    if field in TEXTS:
        return _mention(field, sign, value, inverse)
    return _comparison(field, sign, value, inverse)


def _word(word: str) -> str:
    if _SIGNS.intersection(word):
        raise UsageError(f"Before and after the sign in “{word}” comes something: area>500.")
    return word


def _field(name: str) -> str:
    """The field that is meant: its name, or the beginning of it or of a later part of it."""
    known = (*TEXTS, *NUMBERS)
    if name in known:
        return name
    meant = [field for field in known if f"_{name}" in f"_{field}"]
    if not meant:
        raise UsageError(f"There is no “{name}” to filter by; try {', '.join(known)}.")
    if len(meant) > 1:
        raise UsageError(f"“{name}” may mean {' or '.join(meant)}; type more of it.")
    return meant[0]


def _mention(field: str, sign: str, value: str, inverse: bool) -> Mention:
    if sign not in ("=", "!="):
        raise UsageError(f"The {field} is no number; write {field}: and a word.")
    if not value:
        raise UsageError(f"After {field}: comes a word, or several in quotation marks.")
    known = [word.casefold() for word in TEXTS[field]]
    meant = [word for word in known if word.startswith(value)]
    if known and not meant:
        raise UsageError(f"After {field}: comes {', '.join(known[:-1])} or {known[-1]}.")
    return Mention(field, meant[0] if known else value, inverse ^ (sign == "!="))


def _comparison(field: str, sign: str, value: str, inverse: bool) -> Comparison:
    try:
        number = _FLAGS[value] if value in _FLAGS else float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"After {field}{sign} comes a plain number, such as 500 or 0.7.")
    decimals = len(value.partition(".")[2])
    return Comparison(field, sign, number, 0.5 * 10.0**-decimals, inverse)


def _compared(term: Comparison, rows: Rows, values: Mapping[str, Floats]) -> Flags:
    if term.field == "id":
        numbers = rows.ids.astype(np.float64)
    else:
        numbers = rows.confidence if term.field == "confidence" else values[term.field]
    return _HOLDS[term.sign](numbers, term.number, term.half)


def _mentioned(term: Mention, rows: Rows, classes: ClassTable) -> Flags:
    """Looked up once for each class, origin and state that occurs, not for each row."""
    columns: dict[str, Callable[[], Flags]] = {
        "class": lambda: _in_names(term.text, rows.class_id, classes),
        "origin": lambda: _in_words(term.text, rows.origin, ORIGINS.__getitem__),
        "state": lambda: _in_words(term.text, rows.state, state_words),
    }
    if term.field:
        return columns[term.field]()
    anywhere = _in_ids(term.text, rows.ids)
    for look in columns.values():
        anywhere |= look()
    return anywhere


def _in_names(text: str, class_ids: Ints, classes: ClassTable) -> Flags:
    named = [c.id for c in classes.all if text in c.name.casefold()]
    return np.isin(class_ids, named)


def _in_words(text: str, numbers: Ints, word: Callable[[int], str]) -> Flags:
    used, which = np.unique(numbers, return_inverse=True)
    return np.array([text in word(int(n)).casefold() for n in used], np.bool_)[which]


def _in_ids(text: str, ids: Ints) -> Flags:
    if not text.isdecimal():
        return np.zeros(len(ids), np.bool_)
    return np.fromiter((text in str(i) for i in ids.tolist()), np.bool_, len(ids))
