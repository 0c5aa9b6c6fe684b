"""What the View and Tools menus do."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from app.canvas.fixtures import Fixture
from app.canvas.view import Canvas
from app.session import Session
from app.settings import schema
from app.settings.store import Settings
from app.theme.palette import apply_appearance

FIXTURES: dict[Fixture, schema.Setting[bool]] = {
    "scale_bar": schema.SCALE_BAR,
    "minimap": schema.MINIMAP,
    "crosshair": schema.CROSSHAIR,
}


class ViewActions:
    """How things look: kept in the settings, nothing of it is an edit."""

    def __init__(
        self, canvas: Canvas, session: Session, settings: Settings, refresh: Callable[[], None]
    ) -> None:
        """refresh: called when what is checked may have changed."""
        self._canvas, self._session, self._settings = canvas, session, settings
        self._refresh = refresh
        self._overlay = True
        canvas.set_fill_opacity(settings.get(schema.FILL_OPACITY))
        canvas.set_outline_width(settings.get(schema.OUTLINE_WIDTH))
        canvas.set_numbers_visible(settings.get(schema.LABELS))
        canvas.set_colouring(settings.get(schema.COLOUR_BY))
        canvas.set_halo_visible(settings.get(schema.HALO))
        for fixture, setting in FIXTURES.items():
            canvas.set_fixture_visible(fixture, settings.get(setting))
        canvas.tool_changed.connect(lambda name: refresh())

    def fit(self) -> None:
        self._canvas.fit()

    def actual_size(self) -> None:
        self._canvas.actual_size()

    def zoom_in(self) -> None:
        self._canvas.zoom_in()

    def zoom_out(self) -> None:
        self._canvas.zoom_out()

    def next_image(self) -> None:
        self._session.show_next()

    def previous_image(self) -> None:
        self._session.show_previous()

    @property
    def overlay(self) -> bool:
        """Whether the regions are shown."""
        return self._overlay

    def toggle_overlay(self) -> None:
        self._overlay = not self._overlay
        self._canvas.set_overlay_visible(self._overlay)
        self._refresh()

    @property
    def labels(self) -> bool:
        """Whether the numbers of the regions are shown."""
        return self._settings.get(schema.LABELS)

    def toggle_labels(self) -> None:
        self._settings.set(schema.LABELS, not self.labels)
        self._canvas.set_numbers_visible(self.labels)
        self._refresh()

    @property
    def fill_opacity(self) -> float:
        return self._settings.get(schema.FILL_OPACITY)

    def set_fill_opacity(self, opacity: float) -> None:
        self._settings.set(schema.FILL_OPACITY, opacity)
        self._canvas.set_fill_opacity(opacity)
        self._refresh()

    @property
    def outline_width(self) -> float:
        return self._settings.get(schema.OUTLINE_WIDTH)

    def set_outline_width(self, width: float) -> None:
        self._settings.set(schema.OUTLINE_WIDTH, width)
        self._canvas.set_outline_width(width)
        self._refresh()

    @property
    def colour_by(self) -> schema.ColourBy:
        """What the colours of the outlines tell."""
        return self._settings.get(schema.COLOUR_BY)

    def set_colour_by(self, colour_by: schema.ColourBy) -> None:
        self._settings.set(schema.COLOUR_BY, colour_by)
        self._canvas.set_colouring(colour_by)
        self._refresh()

    @property
    def halo(self) -> bool:
        """Whether doubtful borders are shown, where there is a map of the network."""
        return self._settings.get(schema.HALO)

    def toggle_halo(self) -> None:
        self._settings.set(schema.HALO, not self.halo)
        self._canvas.set_halo_visible(self.halo)
        self._refresh()

    def shows(self, fixture: Fixture) -> bool:
        """Whether a fixture is wanted."""
        return self._settings.get(FIXTURES[fixture])

    def toggle(self, fixture: Fixture) -> None:
        self._settings.set(FIXTURES[fixture], not self.shows(fixture))
        self._canvas.set_fixture_visible(fixture, self.shows(fixture))
        self._refresh()

    @property
    def appearance(self) -> schema.Appearance:
        return self._settings.get(schema.APPEARANCE)

    def set_appearance(self, appearance: schema.Appearance) -> None:
        self._settings.set(schema.APPEARANCE, appearance)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_appearance(app, appearance)
        self._refresh()

    @property
    def tool(self) -> str:
        return self._canvas.tool

    def set_tool(self, name: str) -> None:
        self._canvas.set_tool(name)
        self._refresh()
