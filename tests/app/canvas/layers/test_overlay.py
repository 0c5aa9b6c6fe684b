"""What the overlay does with tiles that arrive late; pictures are compared in tests/gui."""

from collections.abc import Callable, Collection, Hashable

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from app.canvas.layers import overlay
from app.canvas.layers.frame import Frame
from app.canvas.layers.overlay import OverlayLayer
from app.canvas.polygon_store import PolygonStore
from app.canvas.style import CanvasStyle
from app.canvas.tile_worker import Made
from app.canvas.viewport import Viewport
from tests.app.canvas.samples import CLASSES, square

VIEW = Viewport(200, 200, 200, 200, scale=1.0, x=100, y=100)


class PatientWorker(QObject):
    """Makes nothing before it is told to."""

    made = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[tuple[Hashable, Callable[[], object]]] = []

    def request(self, key: Hashable, work: Callable[[], object]) -> int:
        self.requests.append((key, work))
        return len(self.requests)

    def forget(self, keys: Collection[Hashable]) -> None:
        """What is forgotten may be under way already."""

    def deliver(self, number: int) -> None:
        key, work = self.requests[number - 1]
        self.made.emit(Made(key, number, work()))


class Screen:
    """An overlay of one tile on a transparent picture."""

    def __init__(self) -> None:
        self.worker = PatientWorker()
        self.layer = OverlayLayer(self.worker, lambda bounds: None)
        self.layer.set_style(CanvasStyle(fill_opacity=1.0).with_classes(CLASSES))
        self.regions = {1: square(1, 20, 20, 60)}
        self.store = PolygonStore(self.regions)
        self.layer.show(self.store)

    def paint(self) -> np.ndarray:
        """(200, 200) opacity."""
        pixels = np.zeros((200, 200, 4), np.uint8)
        form = QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(pixels.data, 200, 200, 800, form)
        with QPainter(picture) as painter:
            self.layer.paint(painter, Frame(VIEW, 1.0, VIEW.visible))
        return pixels[..., 3]

    def shows(self, x: int, y: int) -> bool:
        return bool(self.paint()[y, x] > 200)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    monkeypatch.setattr(overlay, "AT_ONCE", 0)
    return Screen()


def test_a_tile_appears_when_it_is_made_and_is_asked_for_once(screen: Screen) -> None:
    assert not screen.shows(50, 50) and not screen.shows(50, 50)
    assert len(screen.worker.requests) == 1 and not screen.layer.is_settled
    screen.worker.deliver(1)
    assert screen.shows(50, 50) and screen.layer.is_settled


def test_few_regions_are_painted_at_once(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "AT_ONCE", 1)
    assert screen.shows(50, 50) and screen.worker.requests == []


def test_a_tile_made_before_an_edit_is_dropped(screen: Screen) -> None:
    screen.paint()
    screen.regions[1] = square(1, 120, 120, 60)
    screen.layer.refresh(screen.store.update(frozenset((1,))))
    screen.paint()
    screen.worker.deliver(1)
    assert not screen.shows(50, 50)
    screen.worker.deliver(2)
    assert screen.shows(150, 150) and not screen.shows(50, 50)


def test_an_edit_elsewhere_does_not_drop_the_tile(screen: Screen) -> None:
    screen.paint()
    screen.regions[2] = square(2, 5000, 5000, 60)
    screen.layer.refresh(screen.store.update(frozenset((2,))))
    screen.worker.deliver(1)
    assert screen.shows(50, 50) and len(screen.worker.requests) == 1


def test_an_edit_is_seen_at_once_in_the_tiles_there_are(screen: Screen) -> None:
    screen.paint()
    screen.worker.deliver(1)
    screen.regions[1] = square(1, 120, 120, 60)
    screen.layer.refresh(screen.store.update(frozenset((1,))))
    assert screen.shows(150, 150) and not screen.shows(50, 50)
    screen.layer.lift(frozenset((1,)))
    assert not screen.shows(150, 150)
    screen.layer.lift(frozenset())
    assert screen.shows(150, 150) and len(screen.worker.requests) == 1


def test_an_outdated_tile_stays_until_the_new_one_is_there(screen: Screen) -> None:
    screen.paint()
    screen.worker.deliver(1)
    screen.layer.set_style(CanvasStyle(fill_opacity=0.5).with_classes(CLASSES))
    assert screen.paint()[50, 50] == 255
    screen.worker.deliver(2)
    assert screen.paint()[50, 50] == 128


def test_under_a_moving_slider_late_tiles_are_shown_in_order(screen: Screen) -> None:
    for opacity in (0.2, 0.4, 0.6):
        screen.layer.set_style(CanvasStyle(fill_opacity=opacity).with_classes(CLASSES))
        screen.paint()
    seen = []
    for number in (2, 1, 3):
        screen.worker.deliver(number)
        seen.append(round(screen.paint()[50, 50] / 255, 1))
    assert seen == [0.4, 0.4, 0.6]


def test_a_tile_of_the_document_before_is_dropped(screen: Screen) -> None:
    screen.paint()
    screen.layer.show(PolygonStore({}))
    screen.worker.deliver(1)
    assert not screen.shows(50, 50)


def test_a_coarser_tile_stands_in(screen: Screen) -> None:
    screen.regions |= {i: square(i, 20, 20, 60) for i in range(2, 5)}
    screen.layer.refresh(screen.store.update(frozenset(range(2, 5))))
    far = Viewport(200, 200, 200, 200, scale=0.5, x=100, y=100)
    picture = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(picture) as painter:
        screen.layer.paint(painter, Frame(far, 1.0, far.visible))
    for number in range(1, len(screen.worker.requests) + 1):
        screen.worker.deliver(number)
    asked = len(screen.worker.requests)
    assert screen.shows(50, 50) and len(screen.worker.requests) > asked


def test_a_tile_that_failed_is_asked_for_again(screen: Screen) -> None:
    screen.paint()
    assert not screen.layer.is_settled
    key, _ = screen.worker.requests[0]
    screen.worker.made.emit(Made(key, 1, None))
    assert screen.layer.is_settled
    screen.paint()
    assert len(screen.worker.requests) == 2
    screen.worker.deliver(2)
    assert screen.shows(50, 50)
