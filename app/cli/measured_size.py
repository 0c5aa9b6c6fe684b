"""What a person should know of the size of the objects that a run measured by itself."""

from core.engine.result import Maps
from core.engine.size import measurable
from core.weights import find_network


def size_note(maps: Maps) -> str:
    """A sentence when the measured size is outside of what can be measured well, else ""."""
    measured, entry = maps.diameter, find_network(maps.model).entry
    if entry is None:  # its weights were removed during the run
        return ""
    smallest, largest = measurable(entry.diameter)
    if smallest <= measured <= largest:
        return ""
    return (
        f"The objects were measured to be {measured:.1f} px across, and the network was made for "
        f"{smallest:.0f} to {largest:.0f} px; if that is wrong, give their size with --diameter."
    )
