"""A drag that is broken off leaves nothing behind, with any tool."""

from collections.abc import Callable

import pytest

from app.canvas.tools import TOOLS, ToolSpec
from app.canvas.tools.base import Point, Sketch, Tool
from core.annotation.region import Region
from tests.app.canvas.samples import square
from tests.app.canvas.tools.fake_host import FakeHost, Mouse

PLACES: dict[str, tuple[Point, Point]] = {
    "vertices": ((10, 10), (3, 3)),
    "reshape": ((40, 20), (50, 30)),
    "cut": ((5, 25), (50, 25)),
}
CLICKED = {"polygon", "livewire"}  # each press is an act of its own, and nothing is held
BREAKS: dict[str, Callable[[Tool, Mouse], None]] = {
    "right press": lambda tool, mouse: mouse.press(30, 30, "right"),
    "middle press": lambda tool, mouse: mouse.press(30, 30, "middle"),
    "focus lost": lambda tool, mouse: tool.interrupt(),
    "another tool": lambda tool, mouse: tool.cancel(),
    "Escape": lambda tool, mouse: tool.key("Escape") or None,
}
DROPS_CLICKS = {"another tool", "Escape"}
CASES = [
    (spec, way)
    for spec in TOOLS
    for way in BREAKS
    if spec.name not in CLICKED or way in DROPS_CLICKS
]
every_tool = pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)


@pytest.fixture
def host() -> FakeHost:
    region = square(1, 10, 10, 30)
    return FakeHost({1: region}, selected=frozenset((1,)))


def begun(spec: ToolSpec, host: FakeHost) -> tuple[Tool, Mouse]:
    """A tool in the middle of a drag that would change, store or select something."""
    tool = spec.build(host)
    mouse, (start, end) = Mouse(tool), PLACES.get(spec.name, ((25, 25), (55, 35)))
    mouse.move(*start)
    mouse.press(*start)
    mouse.move((start[0] + end[0]) / 2, end[1] + 4)
    mouse.move(*end)
    return tool, mouse


def is_bare(sketch: Sketch) -> bool:
    """Whether nothing is shown but what follows a pointer that holds nothing."""
    return not (
        sketch.regions or sketch.line or sketch.dashed or sketch.rubber or sketch.bad or sketch.note
    )


@pytest.mark.parametrize("spec, way", CASES, ids=lambda value: getattr(value, "name", value))
def test_a_drag_that_is_broken_off_leaves_nothing(host: FakeHost, spec: ToolSpec, way: str) -> None:
    before: dict[int, Region] = dict(host.regions)
    tool, mouse = begun(spec, host)
    assert not is_bare(host.sketch)
    BREAKS[way](tool, mouse)
    assert is_bare(host.sketch)
    mouse.move(60, 60)
    for button in ("right", "middle", "left"):
        mouse.release(60, 60, button)
    mouse.move(61, 61)
    assert is_bare(host.sketch)
    assert host.commits == [] and host.regions == before and host.selected == {1}
    tool.cancel()
    assert host.sketch == Sketch()


@pytest.mark.parametrize("name", [*sorted(CLICKED), "cut"])
def test_what_was_clicked_outlives_an_interruption(host: FakeHost, name: str) -> None:
    (spec,) = (spec for spec in TOOLS if spec.name == name)
    tool = spec.build(host)
    mouse = Mouse(tool)
    for corner in ((20, 60), (60, 60), (60, 75)):
        mouse.click(*corner)
    for way in ("right press", "middle press", "focus lost"):
        BREAKS[way](tool, mouse)
        assert host.sketch.handles == ((20, 60), (60, 60), (60, 75))
    assert tool.key("Backspace") and len(host.sketch.handles) == 2


@every_tool
def test_an_interruption_with_nothing_held_changes_nothing(host: FakeHost, spec: ToolSpec) -> None:
    tool = spec.build(host)
    for way in ("focus lost", "middle press", "right press"):
        BREAKS[way](tool, Mouse(tool))
    assert host.commits == [] and host.sketch == Sketch() and host.selected == {1}


@every_tool
def test_the_tool_works_again_after_an_interruption(host: FakeHost, spec: ToolSpec) -> None:
    tool, mouse = begun(spec, host)
    tool.interrupt()
    mouse.release(60, 60)
    if spec.name in CLICKED:
        tool.cancel()
    begun(spec, host)
    assert not is_bare(host.sketch)


def test_a_measured_line_stays(host: FakeHost) -> None:
    (spec,) = (spec for spec in TOOLS if spec.name == "measure")
    tool = spec.build(host)
    Mouse(tool).drag((10, 10), (40, 10))
    line = host.sketch.line
    BREAKS["right press"](tool, Mouse(tool))
    assert host.sketch.line == line
