from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence

import resources
from app.actions import menus
from app.actions.catalog import ACTIONS, TOOL
from app.actions.clashes import find_clashes
from app.actions.spec import ActionSpec, MenuSpec
from app.canvas.tools import TOOLS

BY_NAME = {action.name: action for action in ACTIONS}


def names_in(menu: MenuSpec) -> Iterator[str]:
    for item in menu.items:
        if isinstance(item, MenuSpec):
            yield from names_in(item)
        elif item:
            yield item


IN_MENUS = [name for menu in menus.MENUS for name in names_in(menu)]


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ACTIONS)


def test_every_action_is_in_one_menu() -> None:
    assert sorted(IN_MENUS) == sorted(BY_NAME)


def test_tool_bar_and_context_menu_know_only_actions() -> None:
    context = names_in(MenuSpec("", menus.OBJECT_MENU))
    assert {name for name in (*menus.TOOL_BAR, *context) if name} <= BY_NAME.keys()


def test_tool_bar_has_icons_only() -> None:
    assert all(BY_NAME[name].icon for name in menus.TOOL_BAR if name)


def test_no_two_actions_share_a_shortcut() -> None:
    assert find_clashes(ACTIONS) == []


def test_clashes_are_found_however_they_are_written() -> None:
    def action(name: str, *keys: str) -> ActionSpec:
        return ActionSpec(name, name, lambda desk: None, keys)

    found = find_clashes(
        [action("a", "Ctrl+Shift+Z"), action("b", "shift+ctrl+z", "F5"), action("c", "F5", "F6")]
    )
    assert found == ["Ctrl+Shift+Z belongs to a and b.", "F5 belongs to b and c."]
    assert find_clashes([action("d", "Nonsense+Q+")]) == ["'Nonsense+Q+' of d is not a shortcut."]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("undo", {"Ctrl+Z"}),
        ("redo", {"Ctrl+Y", "Ctrl+Shift+Z"}),
        ("segment", {"Ctrl+Return", "F5"}),
        ("fit", {"F", "Ctrl+0"}),
        ("actual_size", {"Ctrl+1"}),
        ("overlay", {"H"}),
        ("tool_select", {"V"}),
        ("tool_vertices", {"E"}),
        ("tool_polygon", {"P"}),
        ("shortcuts", {"F1"}),
        ("tool_keys", {"?"}),
        *((f"class_{n}", {str(n)}) for n in range(1, 10)),
    ],
)
def test_keys_that_people_expect(name: str, keys: set[str]) -> None:
    assert set(BY_NAME[name].keys) == keys


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.icon], ids=lambda a: a.name)
def test_icon_exists(action: ActionSpec) -> None:
    resources.find(f"icons/{action.icon}.svg")


def test_every_tool_is_an_action() -> None:
    assert [action.text for action in TOOL] == [tool.title.capitalize() for tool in TOOLS]


def test_every_action_outside_the_submenus_says_what_it_does() -> None:
    assert [a.name for a in ACTIONS if not a.tip and not a.group] == []


def test_portable_keys_are_readable_on_this_system() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
