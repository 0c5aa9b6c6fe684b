import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.view_actions import ViewActions
from app.settings import schema
from app.settings.store import Settings
from app.theme.palette import apply_appearance, is_dark
from tests.app.actions.fakes import FakeCanvas
from tests.app.panels.fakes import FakeSession


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def view(
    canvas: FakeCanvas, session: FakeSession, settings: Settings, told: list[bool]
) -> ViewActions:
    settings.set(schema.FILL_OPACITY, 0.5)
    return ViewActions(canvas, session, settings, lambda: told.append(True))  # type: ignore[arg-type]


def test_canvas_looks_as_it_did_last_time(view: ViewActions, canvas: FakeCanvas) -> None:
    assert ("set_fill_opacity", 0.5) in canvas.calls
    assert ("set_outline_width", schema.OUTLINE_WIDTH.default) in canvas.calls
    assert ("set_numbers_visible", False) in canvas.calls
    assert ("set_colouring", "class") in canvas.calls
    assert ("set_halo_visible", False) in canvas.calls
    fixtures = {call[1:] for call in canvas.calls if call[0] == "set_fixture_visible"}
    assert fixtures == {("scale_bar", True), ("minimap", True), ("crosshair", False)}


def test_choices_are_remembered_and_told(
    view: ViewActions, canvas: FakeCanvas, settings: Settings, told: list[bool]
) -> None:
    view.set_fill_opacity(0.1)
    view.set_outline_width(3.0)
    view.toggle_labels()
    assert (view.fill_opacity, view.outline_width, view.labels) == (0.1, 3.0, True)
    assert settings.get(schema.LABELS) is True
    assert canvas.calls[-3:] == [
        ("set_fill_opacity", 0.1),
        ("set_outline_width", 3.0),
        ("set_numbers_visible", True),
    ]
    assert len(told) == 3


def test_what_helps_to_see_is_remembered_and_told(
    view: ViewActions, canvas: FakeCanvas, settings: Settings, told: list[bool]
) -> None:
    view.set_colour_by("confidence")
    view.toggle_halo()
    view.toggle("minimap")
    view.toggle("crosshair")
    assert (view.colour_by, view.halo) == ("confidence", True)
    assert not view.shows("minimap") and view.shows("crosshair") and view.shows("scale_bar")
    assert settings.get(schema.COLOUR_BY) == "confidence" and settings.get(schema.CROSSHAIR)
    assert canvas.calls[-4:] == [
        ("set_colouring", "confidence"),
        ("set_halo_visible", True),
        ("set_fixture_visible", "minimap", False),
        ("set_fixture_visible", "crosshair", True),
    ]
    assert len(told) == 4


def test_overlay_goes_off_and_on(view: ViewActions, canvas: FakeCanvas) -> None:
    view.toggle_overlay()
    view.toggle_overlay()
    assert canvas.calls[-2:] == [("set_overlay_visible", False), ("set_overlay_visible", True)]
    assert view.overlay


def test_tool_that_the_canvas_changed_is_told(
    view: ViewActions, canvas: FakeCanvas, told: list[bool]
) -> None:
    canvas.tool = "polygon"
    canvas.tool_changed.emit("polygon")
    assert told and view.tool == "polygon"


def test_appearance(view: ViewActions, qtbot: QtBot, settings: Settings) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    former = app.palette()
    try:
        view.set_appearance("dark")
        assert is_dark(app.palette()) and view.appearance == "dark"
    finally:
        apply_appearance(app, "system")
        app.setPalette(former)
