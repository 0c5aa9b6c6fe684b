"""From data to Qt: actions, menus and tool bars, and their state as facts change."""

import logging
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from app.actions.clashes import find_clashes
from app.actions.desk import Desk
from app.actions.spec import ActionSpec, MenuSpec
from app.theme.icons import Icons
from core.errors import CellscribeError

log = logging.getLogger(__name__)
Fillers = Mapping[str, Callable[[QMenu], None]]
Items = Iterable[str | MenuSpec | None]


def translated(text: str) -> str:
    """A text of the catalog or the menus in the person's language."""
    return QCoreApplication.translate("Actions", text)


class Actions:
    """The QActions by name; keeps them up to date with the facts of the desk."""

    def __init__(
        self, specs: Iterable[ActionSpec], desk: Desk, icons: Icons, parent: QWidget
    ) -> None:
        self._desk, self._parent = desk, parent
        self._specs = {spec.name: spec for spec in specs}
        self._groups: dict[str, QActionGroup] = {}
        for clash in find_clashes(self._specs.values()):
            log.error("shortcut clash: %s", clash)
        self._actions = {name: self._build(spec, icons) for name, spec in self._specs.items()}
        desk.facts.changed.connect(self.refresh)
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def refresh(self) -> None:
        """Enable, check and name every action as the facts are now."""
        facts = self._desk.facts.all
        for name, spec in self._specs.items():
            action = self._actions[name]
            action.setEnabled(spec.needs <= facts)
            if spec.checked:
                action.setChecked(spec.checked(self._desk))
            if spec.label:
                text = spec.label(self._desk)
                action.setVisible(bool(text))
                self._name(action, text)

    def fill_menu(self, menu: QMenu, items: Items, fillers: Fillers | None = None) -> None:
        """Put actions, lines and further menus into a menu."""
        for item in items:
            if item is None:
                menu.addSeparator()
            elif isinstance(item, str):
                menu.addAction(self._actions[item])
            else:
                self._add_menu(menu, item, fillers or {})

    def fill_bar(self, bar: QMenuBar, menus: Iterable[MenuSpec], fillers: Fillers) -> None:
        """Put menus into the menu bar."""
        for spec in menus:
            self.fill_menu(bar.addMenu(translated(spec.title)), spec.items, fillers)

    def fill_tool_bar(self, bar: QToolBar, names: Iterable[str | None]) -> None:
        """Put buttons and lines into a tool bar."""
        for name in names:
            if name is None:
                bar.addSeparator()
                continue
            bar.addAction(self._actions[name])
            bar.widgetForAction(self._actions[name]).setAccessibleName(
                translated(self._specs[name].text)
            )

    def _add_menu(self, menu: QMenu, spec: MenuSpec, fillers: Fillers) -> None:
        inner = menu.addMenu(translated(spec.title))
        self.fill_menu(inner, spec.items, fillers)
        if spec.filler:
            inner.aboutToShow.connect(lambda: fillers[spec.filler](inner))

    def _build(self, spec: ActionSpec, icons: Icons) -> QAction:
        action = QAction(self._parent)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.checked is not None)
        action.setStatusTip(translated(spec.tip))
        action.setToolTip(self._tool_tip(spec))
        action.triggered.connect(lambda: self._run(spec))
        self._name(action, translated(spec.text))
        if spec.icon:
            icons.attach(action, spec.icon)
        if spec.group:
            self._group(spec.group).addAction(action)
        if spec.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        if spec.name == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        return action

    def _run(self, spec: ActionSpec) -> None:
        """Do it; a problem that a person can act on becomes a message."""
        try:
            spec.run(self._desk)
        except CellscribeError as error:
            self._desk.messages.warn(str(error))
        self._desk.facts.refresh()

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(QObject(self._parent))
        return self._groups[name]

    @staticmethod
    def _name(action: QAction, text: str) -> None:
        """Set the text without losing the tooltip, which Qt would derive from it."""
        tip = action.toolTip()
        action.setText(text)
        action.setToolTip(tip)

    @staticmethod
    def _tool_tip(spec: ActionSpec) -> str:
        text, tip = translated(spec.text).rstrip("…"), translated(spec.tip)
        keys = (
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            for key in spec.keys[:1]
        )
        head = " ".join([text, *(f"({key})" for key in keys)])
        return f"{head}\n{tip}" if tip else head
