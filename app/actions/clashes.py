"""Finding shortcuts that two actions lay claim to; both would be dead."""

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtGui import QKeySequence

from app.actions.spec import ActionSpec


def find_clashes(actions: Iterable[ActionSpec]) -> list[str]:
    """One sentence for each shortcut that is taken twice, or that Qt does not understand."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    unknown = []
    for action in actions:
        for key in action.keys:
            portable = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
            owners[portable].append(action.name)
            if not portable:
                unknown.append(f"{key!r} of {action.name} is not a shortcut.")
    return unknown + [
        f"{key} belongs to {' and '.join(names)}."
        for key, names in owners.items()
        if len(names) > 1
    ]
