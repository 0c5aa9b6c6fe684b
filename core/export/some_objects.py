"""Objects in a sentence: how many, and the numbers of the first ones."""

from collections.abc import Sequence

MOST = 5


def some_objects(numbers: Sequence[object]) -> str:
    """Such as "object 7" or "130 objects (1, 2, 3, 4, 5 and 125 more)"."""
    some = ", ".join(map(str, numbers[:MOST]))
    if len(numbers) == 1:
        return f"object {some}"
    more = f" and {len(numbers) - MOST} more" if len(numbers) > MOST else ""
    return f"{len(numbers)} objects ({some}{more})"
