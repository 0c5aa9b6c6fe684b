"""What a person should know of the size of the objects that a run measured by itself."""

from core.engine.size import measurable


def size_note(measured: float, known: float) -> str:
    """A sentence when the size is outside of what can be measured well, else "".

    measured, known: by the network; pixels.
    """
    smallest, largest = measurable(known)
    if smallest <= measured <= largest:
        return ""
    return (
        f"The objects were measured to be {measured:.1f} px across, and the network was made for "
        f"{smallest:.0f} to {largest:.0f} px; if that is wrong, give their size with --diameter."
    )
