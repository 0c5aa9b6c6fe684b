"""The import arrows: what may know of what."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QT = ("PySide6", "shiboken6", "superqt")
HEAVY = ("torch", "scipy", "skimage", "tifffile")
WITHOUT_TORCH = (
    "core.image",
    "core.annotation",
    "core.formats",
    "core.project",
    "core.measure",
    "core.weights",
)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def offenders(package: str, forbidden: tuple[str, ...]) -> list[str]:
    """Files of a package that import one of the forbidden modules or something below it."""
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(package)
        for name in imported(path)
        if any(name == f or name.startswith(f + ".") for f in forbidden)
    ]


def test_core_knows_neither_qt_nor_the_app() -> None:
    assert len(files("core")) > 40
    assert offenders("core", (*QT, "app")) == []


def test_values_know_nothing_of_what_is_made_of_them() -> None:
    assert offenders("core/annotation", ("core.formats", "core.engine", "core.project")) == []
    assert offenders("core/image", ("core.annotation", "core.engine", "core.formats")) == []
    assert offenders("core/formats", ("core.engine", "core.models", "core.project")) == []
    assert offenders("core/measure", ("core.engine", "core.formats", "core.project")) == []
    assert offenders("core/annotation", ("core.measure",)) == []
    assert offenders("core/models", ("core.engine", "core.train", "core.weights")) == []
    assert offenders("core/engine", ("core.evaluate", "core.train")) == []
    assert offenders("core/evaluate", ("core.train",)) == []


def test_the_document_knows_no_view() -> None:
    views = ("app.canvas", "app.panels", "app.controllers", "app.main_window", "app.commands")
    assert offenders("app/document", views) == []
    assert offenders("app/canvas", ("app.panels", "app.controllers", "app.main_window")) == []
    assert offenders("app/tasks", ("app.document", "app.canvas", "app.panels")) == []


def test_tools_paint_nothing_and_know_no_qt() -> None:
    assert offenders("app/canvas/tools", QT) == []


def run_python(code: str) -> str:
    """The output of a fresh interpreter that runs `code` beside the packages."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_modules_without_torch_do_not_import_it() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in WITHOUT_TORCH
        for path in files(package.replace(".", "/")) or [ROOT / f"{package.replace('.', '/')}.py"]
    ]
    code = f"import sys\nfor n in {names!r}: __import__(n)\nprint('torch' in sys.modules)"
    assert run_python(code).strip() == "False"


def test_core_works_where_qt_is_not_installed() -> None:
    """Every module of core imports, and an image is segmented, with PySide6 not importable."""
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in files("core")]
    code = f"""
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {QT!r}: raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoQt())
for n in {names!r}: __import__(n)
from pathlib import Path
from core.engine.segment import segment
from core.image.read import read_image
print(len(segment(read_image(Path('resources/samples/nuclei_small_field.png'))).regions))
"""
    assert int(run_python(code)) > 5


def test_core_tests_pass_where_qt_is_not_installed(tmp_path: Path) -> None:
    """Tests of core run by a pytest that has neither pytest-qt nor PySide6.

    Those that do most in little time: all of them run once more, with Qt, in this suite.
    """
    (tmp_path / "no_qt.py").write_text(
        "import sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {QT!r}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoQt())\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\nmarkers = slow: long\n")
    # The second engine knows no Qt either and takes long to convert a network.
    skip = "--ignore=tests/core/engine/test_openvino.py"
    options = [
        skip,
        "-m",
        "not slow",
        "-p",
        "no_qt",
        "-p",
        "no:pytest-qt",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
    ]
    where = ["-c", str(tmp_path / "pytest.ini"), "--rootdir", str(ROOT)]
    parts = ("engine", "evaluate", "measure", "formats/test_native_json.py")
    tests = [f"tests/core/{part}" for part in parts]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *where, *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize("verb", ["segment", "export", "replay", "models", "evaluate", "train"])
def test_verbs_work_without_qt(verb: str) -> None:
    code = f"""
import sys
try:
    from app.cli import main
    main(['{verb}', '--help'])
except SystemExit: pass
import app.cli.{verb}
print(sorted({{m.split('.')[0] for m in sys.modules}} & set({QT!r})))
"""
    assert run_python(code).strip().endswith("[]")


def test_nothing_dangerous_is_called() -> None:
    """Loading weights or projects never runs code from a file."""
    words = ("weights_only=False", "allow_pickle=True", "pickle.load", "yaml.load(", "shell=True")
    bad = [
        f"{path.relative_to(ROOT)}: {word}"
        for package in ("core", "app")
        for path in files(package)
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert bad == []
