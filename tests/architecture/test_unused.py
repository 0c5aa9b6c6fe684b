"""Code that nothing but tests would use."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def test_every_function_and_class_is_used_by_the_product() -> None:
    """Those in camelCase are Qt's, which calls them, and those with __ are Python's."""
    sources = {
        path: path.read_text(encoding="utf-8")
        for package in ("app", "core")
        for path in (ROOT / package).rglob("*.py")
    }
    words = Counter(word for text in sources.values() for word in re.findall(r"\w+", text))
    unused = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, DEFINITIONS)
        and words[node.name] == 1
        and not re.match(r"__|[a-z]+[A-Z]", node.name)
    ]
    assert len(sources) > 300 and unused == []
