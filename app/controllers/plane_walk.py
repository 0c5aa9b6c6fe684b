"""PlaneWalk: from plane to plane of the file that is shown."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.session import Session
from core.image.source import FIRST, PROJECTION, Plane, Scene

FRAME = 100
"""Milliseconds from one time point to the next while they are played, at least."""


class PlaneWalk(QObject):
    """Asks for one plane at a time; of several wishes that come meanwhile the last one counts.

    changed: another plane is wanted or shown, or a film was started or stopped.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: Plane | None = None  # while it is not shown yet
        self._depth = 0  # where the projection was left from
        self._clock = QTimer(self, interval=FRAME)
        self._clock.timeout.connect(self._play_on)
        session.shown_changed.connect(self._on_shown_changed)
        session.problem.connect(self._on_problem)

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Those of the file that is shown."""
        return self._session.image.scenes if self._session.image else ()

    @property
    def scene(self) -> Scene | None:
        """The one that is shown, or will be."""
        scenes = self.scenes
        return scenes[self.plane.scene] if self.plane.scene < len(scenes) else None

    @property
    def plane(self) -> Plane:
        """The one that is shown, or will be."""
        image = self._session.image
        return self._wanted or (image.plane if image else FIRST)

    @property
    def has_arrived(self) -> bool:
        """Whether the wanted plane is the one that is shown."""
        return self._wanted is None

    @property
    def is_playing(self) -> bool:
        return self._clock.isActive()

    def go(self, plane: Plane) -> None:
        """Show a plane, or the one of its scene that is nearest to it."""
        if not 0 <= plane.scene < len(self.scenes):
            return
        busy = self._wanted is not None
        wanted = self.scenes[plane.scene].nearest(plane)
        if wanted != self.plane:
            self._wanted = wanted
            self.changed.emit()
            if not busy:
                self._session.show_plane(wanted)

    def step(self, times: int = 0, depths: int = 0) -> None:
        """So many time points and focal planes on, or back; not beyond the ends."""
        z = self._depth if self.plane.is_projection else self.plane.z
        kept = PROJECTION if self.plane.is_projection and not depths else max(z + depths, 0)
        self.go(replace(self.plane, t=self.plane.t + times, z=kept))

    def project(self, projected: bool) -> None:
        """Show the brightest value over all focal planes, or one of them again."""
        if projected and not self.plane.is_projection:
            self._depth = self.plane.z
        self.go(replace(self.plane, z=PROJECTION if projected else self._depth))

    def play(self, playing: bool) -> None:
        """Show one time point after the other, from the start again after the last one."""
        if playing and self.scene and self.scene.times > 1:
            self._clock.start()
        else:
            self._clock.stop()
        self.changed.emit()

    @Slot()
    def _play_on(self) -> None:
        if self._wanted is None and self.scene:
            self.go(replace(self.plane, t=(self.plane.t + 1) % self.scene.times))

    @Slot(object)
    def _on_shown_changed(self, image: object) -> None:
        wanted, self._wanted = self._wanted, None
        shown = self._session.image
        if image is None or (self.scene is not None and self.scene.times == 1):
            self._clock.stop()
        if wanted and shown and wanted != shown.plane and shown.scenes:
            self.go(wanted)
        self.changed.emit()

    @Slot(str)
    def _on_problem(self, _: str) -> None:
        """Whatever it was, do not ask again and again."""
        self._wanted = None
        self._clock.stop()
        self.changed.emit()
