"""Classes of formats that name the class and its colour at every object."""

from collections.abc import Iterable

from core.formats.class_table import ClassTable


def list_classes(
    table: ClassTable, found: Iterable[tuple[str | None, str]], listed: Iterable[str] = ()
) -> None:
    """Make the classes of all objects known, first the one of objects that have none.

    found: name, None for no class, and colour as #rrggbb, "" when it is unknown. listed: names
    that the file has listed before.
    """
    colors: dict[str | None, str] = {}
    for name, color in found:
        colors[name] = colors.get(name) or color
    known = set(listed)
    if None in colors:
        usual = table.find(None)
        known |= {c.name for c in table.classes if c.id == usual}
    for number, (name, color) in enumerate(colors.items(), 1):
        if name is not None and name not in known:
            table.add(-number, name, color)
