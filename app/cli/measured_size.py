"""What a person should know of the size of the objects that a run measured by itself."""

SMALLEST, LARGEST = 8, 256
"""Pixels: the cards of the networks do not vouch for measured sizes outside of these."""


def size_note(measured: float) -> str:
    """A sentence when the size (pixels) is outside of what the networks were made for, else ""."""
    if SMALLEST <= measured <= LARGEST:
        return ""
    return (
        f"The objects were measured to be {measured:.1f} px across, and the networks were made for "
        f"{SMALLEST} to {LARGEST} px; if that is wrong, give their size with --diameter."
    )
