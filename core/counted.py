"""Things in a sentence, with their number."""


def counted(number: int, thing: str) -> str:
    """Such as "1 object" or "1,200 objects"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
