"""Finding images among files, for annotations that no project ties to theirs."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import normalize

from core.image.fingerprint import fingerprint_of


class ImageSearch:
    """Images by content and by name; each is read at most once, and only if need be."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        self._content = cache(fingerprint_of)

    def with_content(self, content_hash: str, name: str) -> Path | None:
        """The image with this content, None when there is none; those with the name go first."""
        likeliest = sorted(self.paths, key=lambda path: not _is_called(path, name))
        return next((path for path in likeliest if self._content(path) == content_hash), None)

    def called(self, name: str) -> list[Path]:
        """The images with this name: several, when they lie in several folders."""
        return [path for path in self.paths if _is_called(path, name)]


def _is_called(path: Path, name: str) -> bool:
    """Letters with accents are written in two ways, which look the same."""
    return normalize("NFC", path.name) == normalize("NFC", name)
