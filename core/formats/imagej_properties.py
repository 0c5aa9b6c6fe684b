"""The properties of an ImageJ ROI: keys and texts, in the notation of Java's Properties."""

import re
from collections.abc import Mapping

OWN = "cellscribe"
"""The property that holds what ImageJ has no place for."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ODD = re.compile(r"[^ -\[\]-~]")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def to_properties(values: Mapping[str, str]) -> str:
    """One line each; all but ASCII is escaped, for ImageJ reads the text as Latin-1."""
    return "".join(f"{key}: {_ODD.sub(_escaped, text)}\n" for key, text in values.items())


def from_properties(text: str) -> dict[str, str]:
    """The properties by key; what is no line of key and value is passed over."""
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line)
    return {key.strip(): _plain(value.strip()) for key, _, value in pairs}


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    if match[0] == "\\":
        return "\\\\"
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _plain(text: str) -> str:
    """The text without escapes; halves of a letter that stand alone become a question mark."""
    text = _ESCAPE.sub(_unescaped, text)
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else _CONTROL.get(code, code)
