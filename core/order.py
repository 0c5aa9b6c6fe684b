"""The order in which a person counts."""

import re


def natural_key(text: str) -> list[tuple[bool, int, str]]:
    """A key to sort by: img2 comes before img10, upper and lower case mix."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text.casefold())
    return [(False, int(p), "") if p[0] in "0123456789" else (True, 0, p) for p in parts]
