"""Icons and other files that come with the program."""

from pathlib import Path


def find(name: str) -> Path:
    """The resource called `name`, such as "icons/open.svg"; raises FileNotFoundError."""
    path = Path(__file__).resolve().parent / name
    if not path.is_file():
        raise FileNotFoundError(f"The resource {name} is missing; install the program again.")
    return path
