"""Measuring in the background: the shown image, all of the project, only what has changed."""

import gc
from pathlib import Path
from typing import Any
from weakref import ref

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.commands import edits
from app.commands.change_regions import perform
from app.measurement import measuring as module
from app.measurement.measuring import Measurements, Measuring
from app.session import Session
from app.tasks.runner import Runner
from core.annotation.annotation_set import AnnotationSet
from core.measure.measured import Column, Measured, measure_image
from core.measure.prediction import Prediction
from core.measure.quantities import ERROR_BARS, INTENSITY, OUTLINE
from tests.app.samples import MODEL, SIZE, Pictures, square

AREA, MEAN = Column(OUTLINE[0]), Column(INTENSITY[0], 1)


class Desk:
    """Two images; the first one is shown, and has two squares, the other one has one."""

    def __init__(self, qtbot: QtBot, session: Session, runner: Runner, pictures: Pictures) -> None:
        self.qtbot, self.session = qtbot, session
        self.predictions: dict[int, Prediction] = {}
        self.measuring = Measuring(session, runner, self.predictions.get)
        paths = [pictures.discs("a.png"), pictures.discs("b.png", (90, 60))]
        session.open_paths([pictures.folder])
        qtbot.waitUntil(lambda: session.document is not None)
        self.paths = paths
        self.ids = [record.id for record in session.records]
        self.draw(square(10, 14, 12), square(40, 14, 8, MODEL, 2))
        self.show(1)
        self.draw(square(10, 14, 4))
        self.show(0)

    def show(self, place: int) -> None:
        self.session.show(self.ids[place])
        self.qtbot.waitUntil(
            lambda: (
                self.session.document is not None
                and self.session.document.image_id == self.ids[place]
            )
        )

    def draw(self, *regions: object) -> None:
        document = self.session.document
        assert document is not None
        perform(document, edits.add(document, regions, "Draw"))  # type: ignore[arg-type]

    def found(self, all_images: bool = False) -> Measurements:
        with self.qtbot.waitSignal(self.measuring.measured) as news:
            self.measuring.measure_all() if all_images else self.measuring.measure_shown()
        assert news.args is not None
        result: Measurements = news.args[0]
        return result


@pytest.fixture
def desk(qtbot: QtBot, session: Session, runner: Runner, pictures: Pictures) -> Desk:
    return Desk(qtbot, session, runner, pictures)


def test_shown_image_as_it_is_now(desk: Desk) -> None:
    (image,) = desk.found().images
    assert image.values[AREA].tolist() == [144, 64]
    assert image.values[MEAN][0] == pytest.approx(220)
    assert (image.name, image.image_id, image.width) == ("a.png", desk.ids[0], SIZE)


def test_all_images_also_those_that_are_only_in_the_project(desk: Desk) -> None:
    desk.session.flush()
    desk.session._documents._documents.pop(desk.ids[1])
    found = desk.found(all_images=True)
    assert [image.name for image in found.images] == ["a.png", "b.png"]
    assert [image.values[AREA].tolist() for image in found.images] == [[144, 64], [16]]
    assert found.problems == ()


def test_what_did_not_change_is_not_measured_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.found(all_images=True)
    measured: list[str] = []

    def noted(given: AnnotationSet, *more: Any) -> Measured:
        measured.append(given.image_name)
        return measure_image(given, *more)

    monkeypatch.setattr(module, "measure_image", noted)
    again = desk.found(all_images=True)
    assert measured == []
    pairs = zip(first.images, again.images, strict=True)
    assert all(a.values is b.values for a, b in pairs)
    desk.draw(square(60, 60, 5))
    assert desk.found(all_images=True).images[0].count == 3
    assert measured == ["a.png"]


def test_missing_file_costs_brightness_only(desk: Desk) -> None:
    desk.paths[1].unlink()
    found = desk.found(all_images=True)
    assert found.images[1].values[AREA].tolist() == [16]
    assert MEAN not in found.images[1].values
    assert MEAN in found.images[0].values
    assert "b.png was not found, so its brightness is missing" in found.problems[0]


def test_damaged_file_is_told(desk: Desk, pictures: Pictures) -> None:
    Path(desk.paths[1]).write_bytes(desk.paths[1].read_bytes()[:60])
    found = desk.found(all_images=True)
    assert found.images[1].count == 1
    assert len(found.problems) == 1
    assert "b.png" in found.problems[0]


def test_map_of_the_network_brings_error_bars(desk: Desk) -> None:
    low = Column(ERROR_BARS[0])
    assert low not in desk.found().images[0].values
    desk.predictions[desk.ids[0]] = Prediction(np.full((SIZE, SIZE), 0.55, np.float32), 0.5)
    values = desk.found().images[0].values[low]
    assert np.isnan(values[0])  # drawn by hand
    assert values[1] == 0


def test_map_is_not_kept_alive(desk: Desk, qtbot: QtBot) -> None:
    desk.predictions[desk.ids[0]] = Prediction(np.full((SIZE, SIZE), 0.55, np.float32), 0.5)
    first = desk.found().images[0]
    assert desk.found().images[0].values is first.values  # known
    foreground = ref(desk.predictions.pop(desk.ids[0]).foreground)
    assert Column(ERROR_BARS[0]) not in desk.found().images[0].values

    def is_gone() -> bool:
        gc.collect()
        return foreground() is None

    qtbot.waitUntil(is_gone)  # the thread that measured lets go of it a little later


def test_measuring_leaves_a_draft_alone(desk: Desk) -> None:
    document = desk.session.document
    assert document is not None
    document.show_draft(edits.add(document, [square(60, 60, 5)], "Draft"))
    assert desk.found().images[0].count == 3
    assert document._draft is not None
    document.drop_draft()


def test_can_be_stopped(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.measuring.stopped):
        desk.measuring.measure_all()
        desk.measuring.cancel()
    assert not desk.measuring.busy
    desk.found()


def test_without_a_project_there_is_nothing(qtbot: QtBot, session: Session, runner: Runner) -> None:
    measuring = Measuring(session, runner, lambda _: None)
    with qtbot.waitSignal(measuring.measured) as news:
        measuring.measure_all()
    assert news.args == [Measurements()]
