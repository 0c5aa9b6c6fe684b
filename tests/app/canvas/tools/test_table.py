from app.canvas.tools import TOOLS
from tests.app.canvas.tools.fake_host import FakeHost


def test_names_shortcuts_and_titles_are_unique() -> None:
    for field in ("name", "shortcut", "title", "icon"):
        values = [getattr(spec, field) for spec in TOOLS]
        assert all(values) and len(set(values)) == len(values)


def test_each_tool_is_built_for_a_host_under_its_name() -> None:
    for spec in TOOLS:
        assert spec.build(FakeHost()).name == spec.name
