"""The filter of the measurement view: words, and terms such as `area>500 class:cell`. No Qt."""

import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.annotation.runs import Flags, Floats
from core.errors import UsageError
from core.measure.sheet import CLASS, IMAGE, TEXTS, Sheet

_TERM = re.compile(
    r"""(?P<inverse>-)?(?:
        (?P<field>[^\W\d]\w*)\s*(?P<sign><=|>=|!=|[<>=:])\s*(?P<value>"[^"]*"|[^\s"]*)
        |"(?P<quoted>[^"]*)"
        |(?P<word>\S+)
    )""",
    re.VERBOSE,
)
_COMPARED: Mapping[str, Callable[[Floats, float, float], Flags]] = {
    "<": lambda numbers, number, _: numbers < number,
    "<=": lambda numbers, number, half: numbers <= number + half,
    ">": lambda numbers, number, _: numbers > number,
    ">=": lambda numbers, number, half: numbers >= number - half,
    "=": lambda numbers, number, half: abs(numbers - number) <= half,
    "!=": lambda numbers, number, half: abs(numbers - number) > half,
}
_FLAGS = {"yes": "1", "no": "0"}


def fitting(sheet: Sheet, text: str) -> Flags:
    """(n,) which rows a person wants to see: all terms hold.

    Words occur in the name of the class or of the image; `area>500` and the like compare what the
    table shows, in its unit; what has no number fits no comparison; - means the opposite.
    Raises UsageError with what to type.
    """
    if text.count('"') % 2:
        raise UsageError('A quotation mark is missing, as in class:"dead cell".')
    fits = np.ones(len(sheet), np.bool_)
    for term in _TERM.finditer(text):
        fits &= _holds(sheet, term) ^ (term["inverse"] is not None)
    return fits


def _holds(sheet: Sheet, term: re.Match[str]) -> Flags:
    if term["field"] is None:
        word = term["word"] if term["quoted"] is None else term["quoted"]
        return _mentioned(sheet, TEXTS, word)
    key = _key(sheet, term["field"].casefold())
    sign, value = term["sign"], term["value"].strip('"')
    if key in TEXTS:
        found = _mentioned(sheet, (key,), value)
        return ~found if sign == "!=" else found
    return _compared(sheet.numbers(key), key, "=" if sign == ":" else sign, value)


def _key(sheet: Sheet, name: str) -> str:
    """The field that is meant: its key, or the beginning of it or of a later part of it."""
    if name in sheet.keys:
        return name
    meant = [key for key in sheet.keys if f"_{name}" in f"_{key}"]
    if not meant:
        raise UsageError(f"There is no “{name}” to filter by; the columns are named in their tips.")
    if len(meant) > 1:
        raise UsageError(f"“{name}” may mean {_listed(meant)}; type more of it.")
    return meant[0]


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys[:4]) + (" …" if len(keys) > 4 else "")


def _compared(numbers: Floats, key: str, sign: str, value: str) -> Flags:
    """Equal means as rounded as it was typed."""
    value = _FLAGS.get(value.casefold(), value)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"After {key}{sign} comes a plain number, such as 500 or 0.7.")
    half = 0.5 * 10.0 ** -len(value.partition(".")[2])
    return _COMPARED[sign](numbers, number, half if sign in ("=", "!=") else 0.0)


def _mentioned(sheet: Sheet, keys: Sequence[str], text: str) -> Flags:
    """Looked up once for each class and image, not for each row."""
    wanted, found = text.casefold(), np.zeros(len(sheet), np.bool_)
    if IMAGE in keys:
        named = [wanted in image.name.casefold() for image in sheet.images]
        found |= np.array(named, np.bool_)[sheet.image] if named else found
    if CLASS in keys:
        ids = [i for i in np.unique(sheet.class_ids) if wanted in sheet.class_name(i).casefold()]
        found |= np.isin(sheet.class_ids, ids)
    return found
