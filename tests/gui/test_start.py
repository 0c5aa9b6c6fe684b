"""Starting the program, each time in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.app.samples import Pictures

HEAVY = ("torch", "scipy", "skimage", "tifffile", "imagecodecs")
ROOT = Path(__file__).resolve().parents[2]
LOADED = f"[name for name in {HEAVY!r} if name in sys.modules]"


def run(code: str, *arguments: str) -> str:
    """What the code prints; it finds the arguments in sys.argv[1:]."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_window_imports_nothing_heavy() -> None:
    assert run(f"import sys, app.main_window, app.bootstrap; print({LOADED})") == "[]"


def test_first_paint_imports_nothing_heavy() -> None:
    code = f"""
import sys
from pathlib import Path
from app.bootstrap import build, start_application
from app.settings.store import Settings
settings = Settings()
app = start_application(settings)
program = build(settings)
program.window.show()
program.show_networks()
app.processEvents()
assert not program.window.grab().isNull()
print({LOADED})
program.window.close()
"""
    assert run(code) == "[]"


def test_runs_as_a_module_with_paths(tmp_path: Path) -> None:
    path = Pictures(tmp_path).discs("mine.png")
    code = """
import runpy, sys, time
from PySide6.QtWidgets import QApplication

def until_shown():
    app, end = QApplication.instance(), time.monotonic() + 60
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "main")
    while "mine.png" not in window.windowTitle() and time.monotonic() < end:
        app.processEvents()
    print(window.windowTitle())
    window.close()
    return 0

QApplication.exec = staticmethod(until_shown)
try:
    runpy.run_module("app", run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert end.code == 0
"""
    assert run(code, str(path)) == "mine.png – mine – Cellscribe"
    assert (tmp_path / "mine.cellscribe").is_file()
