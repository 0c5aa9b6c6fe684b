"""A folder without rights, for tests that run as root, whom no folder refuses."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def seal(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What the system says to others of a folder of mode 000: it is there, and that is all."""
    inside = f"{folder}{os.sep}"

    def refuses(path: object, is_listed: bool, follows: bool) -> bool:
        if not isinstance(path, str | os.PathLike):
            return False
        text = os.path.realpath(path) if follows else os.fspath(path)
        return text.startswith(inside) or (is_listed and text == str(folder))

    def guarded(call: Callable[..., Any], is_listed: bool, follows: bool) -> Callable[..., Any]:
        def answer(path: Any = ".", *args: Any, **options: Any) -> Any:
            if refuses(path, is_listed, follows and options.get("follow_symlinks", True)):
                raise PermissionError(13, "Permission denied", str(path))
            return call(path, *args, **options)

        return answer

    for module, name in ((os, "stat"), (os, "lstat"), (io, "open")):
        call = guarded(getattr(module, name), False, name != "lstat")
        monkeypatch.setattr(module, name, call)
    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name), True, True))
