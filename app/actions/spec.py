"""What an action is: a line of data; and what it may need to be possible."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.actions.desk import Desk


class Need(Enum):
    """A fact without which an action makes no sense and is greyed out."""

    PROJECT = auto()
    IMAGE = auto()
    PLANES = auto()
    SEVERAL_IMAGES = auto()
    OBJECTS = auto()
    SELECTION = auto()
    UNDO = auto()
    REDO = auto()
    NETWORK = auto()
    MAPS = auto()
    IDLE = auto()
    RUNNING = auto()


PROJECT, IMAGE, SELECTION = (frozenset({n}) for n in (Need.PROJECT, Need.IMAGE, Need.SELECTION))


@dataclass(frozen=True)
class ActionSpec:
    """One action. Texts are translated when it is built.

    keys: shortcuts, the first is shown. needs: all must hold. checked: makes it a checkable one,
    and tells its state. label: a text that changes; "" hides the action. group: of a set of
    actions with the same group one is checked.
    """

    name: str
    text: str
    run: Callable[["Desk"], object]
    keys: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    needs: frozenset[Need] = frozenset()
    checked: Callable[["Desk"], bool] | None = None
    label: Callable[["Desk"], str] | None = None
    group: str = ""


@dataclass(frozen=True)
class MenuSpec:
    """A menu: names of actions, further menus, None for a line; `filler` fills it when opened."""

    title: str
    items: tuple["str | MenuSpec | None", ...] = ()
    filler: str = ""
    name: str = ""
