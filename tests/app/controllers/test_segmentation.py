import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app import session as session_module
from app.commands import edits
from app.commands.change_regions import perform
from app.controllers import live_threshold, segmentation
from app.controllers.segmentation import SegmentationController
from app.document.document import Document
from app.session import Session
from app.settings.run import RunSettings
from app.tasks.engine_process import EngineProcess
from app.tasks.engine_worker import EngineWorker
from app.tasks.runner import Runner
from core.annotation.annotation_set import RunInfo
from core.annotation.region import Region
from core.engine.config import SegmentConfig, settings_hash
from core.errors import UsageError
from core.image.source import PROJECTION, Plane
from core.project.codec import content_hash
from core.weights import NetworkInfo
from tests.app.controllers.local_engine import LocalEngine
from tests.app.samples import Pictures, open_all, opened, square
from tests.app.tasks.test_engine_process import ENGINE
from tests.entries import make_entry

FINE = RunSettings(SegmentConfig("fine"))
WIDE = RunSettings(SegmentConfig("fine", threshold=0.6))  # two of the three discs
LOW = RunSettings(SegmentConfig("fine", threshold=0.4, separation=0.2))


def limits(threshold: float, min_area: float = 20, **others: float) -> SegmentConfig:
    """As the panel has them: nothing is left to the network."""
    return SegmentConfig("hrnet", threshold, 0.5, 0.0, min_area, **others)  # type: ignore[arg-type]


def state(document: Document) -> str:
    return content_hash(document.regions.values(), document.classes.all)


def shown_document(session: Session) -> Document:
    assert session.document
    return session.document


def run_one(controller: SegmentationController, qtbot: QtBot, settings: RunSettings = FINE) -> int:
    """Segment what is shown; returns the number of regions."""
    with qtbot.waitSignal(controller.finished, timeout=20_000) as finished:
        controller.segment_current(settings)
    return int(finished.args[1])


class Log(list[tuple[object, ...]]):
    """What a controller says, in order; progress apart."""

    def __init__(self, controller: SegmentationController) -> None:
        super().__init__()
        for name in ("started", "finished", "failed", "cancelled"):
            getattr(controller, name).connect(lambda *news, name=name: self.append((name, *news)))

    @property
    def words(self) -> list[object]:
        return [news[0] for news in self]


def test_a_run_puts_its_regions_into_the_document(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    log, progress = Log(controller), list[object]()
    controller.progressed.connect(lambda *step: progress.append(step))
    assert run_one(controller, qtbot) == 3
    document = shown_document(session)
    assert log == [("started", 1), ("finished", 1, 3, pytest.approx(0.5))]
    assert progress[0] == (1, 0, 1, "predicting")
    assert sorted(document.regions) == [1, 2, 3]
    assert [r.area for r in document.regions.values()] == [pytest.approx(300, rel=0.1)] * 3
    assert not any(r.protected for r in document.regions.values())
    assert not controller.busy


def test_the_result_lands_on_its_image_whatever_is_shown_by_then(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    paths = [pictures.discs(f"img{i}.png", (220,) * i) for i in range(1, 6)]
    ids = open_all(session, qtbot, *paths)
    session.show(ids[2])
    qtbot.waitUntil(lambda: session.image is not None and session.image.name == "img3.png")
    engine.gate.clear()
    controller.segment_current(FINE)
    qtbot.waitUntil(lambda: engine.images == ["img3.png"])
    for image_id in [*random.Random(2).choices(ids, k=19), ids[0]]:
        session.show(image_id)
        qtbot.wait(5)
    with qtbot.waitSignal(controller.finished) as finished:
        engine.gate.set()
    assert finished.args[:2] == [ids[2], 3]
    qtbot.waitUntil(lambda: session.document is not None and session.document.image_id == ids[0])
    assert [len(session.document_of(i).regions) for i in ids] == [0, 0, 3, 0, 0]
    session.close()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    assert [len(session.document_of(i).regions) for i in ids] == [0, 0, 3, 0, 0]


def test_cancel_leaves_the_document_as_it_was_and_the_next_run_works(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    perform(document, edits.add(document, [square(70, 70)], "Draw"))
    before, steps, status = state(document), document.stack.count(), session.records[0].status
    log = Log(controller)
    engine.gate.clear()
    controller.segment_current(FINE)
    qtbot.waitUntil(lambda: bool(engine.images))
    controller.cancel()
    assert log == [("started", 1), ("cancelled", 1)]
    assert not controller.busy
    engine.gate.set()
    qtbot.wait(100)
    assert len(log) == 2
    assert (state(document), document.stack.count()) == (before, steps)
    assert session.records[0].status == status
    assert session.project and session.project.runs(1) == []
    assert run_one(controller, qtbot) == 3
    controller.cancel()
    assert log.words == ["started", "cancelled", "started", "finished"]


def test_cancel_between_the_network_and_the_document(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    start = SegmentationController._place

    def cancel_while_placing(self: SegmentationController, *args: object) -> None:
        start(self, *args)  # type: ignore[arg-type]
        self.cancel()

    monkeypatch.setattr(SegmentationController, "_place", cancel_while_placing)
    with qtbot.waitSignal(controller.cancelled):
        controller.segment_current(FINE)
    qtbot.wait(100)
    assert dict(shown_document(session).regions) == {}


@pytest.fixture
def process_controller(session: Session, runner: Runner, qtbot: QtBot):  # type: ignore[no-untyped-def]
    """With a real engine process."""
    worker = EngineWorker(EngineProcess(ENGINE))
    yield SegmentationController(session, runner, worker)
    assert worker.close()


def test_a_crash_of_the_engine_is_told_and_the_next_run_works(
    process_controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    before = state(shown_document(session))
    with qtbot.waitSignal(process_controller.failed, timeout=20_000) as failed:
        process_controller.segment_current(RunSettings(SegmentConfig("crash")))
    assert failed.args[0] == 1
    assert "ended unexpectedly at a.png" in failed.args[1]
    assert state(shown_document(session)) == before
    assert run_one(process_controller, qtbot) == 3
    tiles: list[int] = []

    def stop_at_three(image_id: int, done: int, total: int, stage: str) -> None:
        tiles.append(done)
        if done == 3:
            process_controller.cancel()

    process_controller.progressed.connect(stop_at_three)
    with qtbot.waitSignal(process_controller.cancelled):
        process_controller.segment_current(RunSettings(SegmentConfig("slow")))
    qtbot.wait(200)
    assert tiles[-1] == 3
    assert run_one(process_controller, qtbot) == 3


def test_closing_everything_during_a_run(
    session: Session, runner: Runner, pictures: Pictures, qtbot: QtBot
) -> None:
    worker = EngineWorker(EngineProcess(ENGINE))
    controller = SegmentationController(session, runner, worker)
    log = Log(controller)
    opened(session, qtbot, pictures.discs())
    with qtbot.waitSignal(controller.progressed, timeout=20_000):
        controller.segment_current(RunSettings(SegmentConfig("slow")))
    assert session.close()
    assert worker.close()
    assert runner.shutdown()
    qtbot.wait(50)
    assert log.words == ["started", "cancelled"]


# People first


def changed_by_hand(document: Document) -> dict[int, Region]:
    """Draw, edit, review and lock something; returns those regions."""
    ids = sorted(document.regions)
    perform(document, edits.add(document, [square(74, 74)], "Draw"))
    first, second = document.regions[ids[0]], document.regions[ids[1]]
    moved = replace(first, shell=square(5, 9, 22).shell, edited=True)
    perform(document, edits.change(document, [moved], "Move"))
    perform(document, edits.change(document, [replace(second, reviewed=True)], "Review"))
    return {i: r for i, r in document.regions.items() if r.protected}


def test_a_run_never_touches_what_a_person_made(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs(values=(220, 180, 140, 200)))
    document = shown_document(session)
    assert run_one(controller, qtbot) == 4
    kept = changed_by_hand(document)
    assert len(kept) == 3
    assert run_one(controller, qtbot, LOW) == 2
    assert {i: r for i, r in document.regions.items() if r.protected} == kept
    assert len(document.regions) == 5, "two proposals lie on what was edited and reviewed"
    for threshold in (0.5, 0.3):
        with qtbot.waitSignal(controller.adjusted):
            controller.adjust(limits(threshold, 10), final=True)
        assert {i: r for i, r in document.regions.items() if r.protected} == kept
        assert len(document.regions) == 5


def test_what_is_drawn_while_the_network_runs_is_respected(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    engine.gate.clear()
    controller.segment_current(FINE)
    qtbot.waitUntil(lambda: bool(engine.images))
    perform(document, edits.add(document, [square(6, 10, 20)], "Draw"))
    with qtbot.waitSignal(controller.finished) as finished:
        engine.gate.set()
    assert finished.args[1] == 2
    assert [r.origin.kind for r in document.regions.values()] == ["human", "model", "model"]


def test_what_is_drawn_while_the_result_is_placed_is_respected(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    place = SegmentationController._place

    def draw_while_placing(self: SegmentationController, *args: object) -> None:
        place(self, *args)  # type: ignore[arg-type]
        monkeypatch.setattr(SegmentationController, "_place", place)
        perform(document, edits.add(document, [square(6, 10, 20)], "Draw"))

    monkeypatch.setattr(SegmentationController, "_place", draw_while_placing)
    assert run_one(controller, qtbot) == 2
    assert len(document.regions) == 3


# One step


def test_a_rerun_replaces_the_earlier_one_in_one_step(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    empty = state(document)
    run_one(controller, qtbot)
    first = state(document)
    assert run_one(controller, qtbot, WIDE) == 2
    second = state(document)
    assert document.stack.count() == 2
    assert sorted(document.regions) == [4, 5]
    document.stack.undo()
    assert state(document) == first
    document.stack.undo()
    assert state(document) == empty
    document.stack.setIndex(2)
    assert state(document) == second
    session.close()
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    assert state(shown_document(session)) == second
    shown_document(session).stack.undo()
    assert state(shown_document(session)) == first


def test_the_step_is_named_after_the_network(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    run_one(controller, qtbot)
    assert shown_document(session).stack.undoText() == "Segment with fine"
    known = NetworkInfo("fine", "HRNetV2-W18", True)
    monkeypatch.setattr(segmentation, "networks", lambda: [known])
    run_one(controller, qtbot)
    assert shown_document(session).stack.undoText() == "Segment with HRNetV2-W18"


def test_objects_beyond_what_resizing_can_reach_are_told_of(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    told: list[tuple[int, str]] = []
    controller.warned.connect(lambda *news: told.append(news))
    for known, words in ((24.0, ""), (1.0, "24 px stay larger"), (200.0, "24 px are smaller")):
        entry = make_entry(diameter=known)  # the engine of the tests measures 24
        infos = [NetworkInfo("fine", "Fine", True, "", entry)]
        monkeypatch.setattr(segmentation, "networks", lambda infos=infos: infos)
        told.clear()
        run_one(controller, qtbot)
        assert [(1, True)] * bool(words) == [(i, words in text) for i, text in told]


def opened_stack(session: Session, qtbot: QtBot, folder: Path) -> None:
    """A file of three time points and two focal planes is shown."""
    stack = np.zeros((3, 2, 40, 50), np.uint8)
    stack[..., 10:20, 10:20] = 200
    path = folder / "film.tif"
    tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TZYX"})
    opened(session, qtbot, path)


def test_all_planes_are_added_and_segmented(
    controller: SegmentationController,
    session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened_stack(session, qtbot, tmp_path)
    log = Log(controller)
    monkeypatch.delattr(session_module, "load_image")  # each was read when it was added
    assert controller.segment_planes(FINE) == 6 and controller.busy
    qtbot.waitUntil(lambda: not controller.busy)
    assert [r.plane for r in session.records] == [Plane(0, t, z) for t in (0, 1, 2) for z in (0, 1)]
    assert log.words == ["started", "finished"] * 6
    assert all(r.status == "segmented" for r in session.records)
    assert controller.segment_planes(FINE) == 6
    qtbot.waitUntil(lambda: not controller.busy)
    assert len(session.records) == 6, "none is added twice"


def test_a_projection_asks_for_projections(
    controller: SegmentationController, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    opened_stack(session, qtbot, tmp_path)
    with qtbot.waitSignal(session.shown_changed):
        session.show_plane(Plane(z=PROJECTION))
    assert controller.segment_planes(FINE) == 3
    qtbot.waitUntil(lambda: not controller.busy)
    done = [r.plane for r in session.records if r.status == "segmented"]
    assert done == [Plane(0, t, PROJECTION) for t in range(3)]


def test_planes_that_wait_can_be_cancelled_while_one_is_added(
    controller: SegmentationController, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    opened_stack(session, qtbot, tmp_path)
    controller.finished.connect(lambda: QTimer.singleShot(0, controller.cancel))
    log = Log(controller)
    controller.segment_planes(FINE)
    qtbot.waitUntil(lambda: "cancelled" in log.words)
    assert not controller.busy and controller.waiting == 0
    assert len(session.records) <= 2


def test_a_file_that_was_replaced_gets_no_planes(
    controller: SegmentationController, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    opened_stack(session, qtbot, tmp_path)
    tifffile.imwrite(tmp_path / "film.tif", np.zeros((9, 9), np.uint8))
    log = Log(controller)
    controller.segment_planes(FINE)
    qtbot.waitUntil(lambda: not controller.busy)
    assert log.words.count("failed") == 5 and len(session.records) == 1


def test_a_run_is_recorded_and_raises_the_status(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    run_one(controller, qtbot, WIDE)
    assert session.records[0].status == "segmented"
    assert session.flush() and session.project
    (run,) = session.project.runs(1)
    assert run.info == RunInfo("fine", 0.6, pytest.approx(500))
    assert run.weights_sha256 == "ab" * 32
    assert run.settings["threshold"] == 0.6
    assert run.settings["separation"] == 0.5


def test_an_image_without_objects(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs(values=()))
    assert run_one(controller, qtbot) == 0
    assert shown_document(session).stack.count() == 0
    assert session.records[0].status == "segmented"
    assert controller.limits(1) is not None


def test_a_second_start_for_the_same_image_gives_up_the_first(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    opened(session, qtbot, pictures.discs())
    log = Log(controller)
    engine.gate.clear()
    controller.segment_current(FINE)
    qtbot.waitUntil(lambda: bool(engine.images))
    with qtbot.waitSignal(controller.finished) as finished:
        controller.segment_current(WIDE)
        engine.gate.set()
    assert finished.args[1] == 2
    assert log.words == ["started", "cancelled", "started", "finished"]
    assert shown_document(session).stack.count() == 1


def test_a_file_that_changed_is_not_segmented(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    path = pictures.discs("a.png")
    opened(session, qtbot, path)
    session.close()
    pictures.discs("a.png", (90, 91))
    opened(session, qtbot, pictures.folder / "a.cellscribe")
    with qtbot.waitSignal(controller.failed) as failed:
        controller.segment_current(FINE)
    assert "a.png was changed after it was added" in failed.args[1]
    assert dict(shown_document(session).regions) == {}


def test_a_result_of_other_pixels_is_refused(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    run = LocalEngine.run
    monkeypatch.setattr(
        LocalEngine, "run", lambda *args: replace(run(*args), content_hash="of another image")
    )
    with qtbot.waitSignal(controller.failed):
        controller.segment_current(FINE)
    assert dict(shown_document(session).regions) == {}
    assert controller.limits(1) is None


def test_nothing_is_shown_nothing_is_segmented(
    controller: SegmentationController, session: Session
) -> None:
    log = Log(controller)
    controller.segment_current(FINE)
    controller.segment_all(FINE)
    controller.cancel()
    controller.adjust(limits(0.5), final=True)
    assert log == []


# All images


def test_all_images_one_after_the_other_bad_ones_apart(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    ids = open_all(
        session, qtbot, *(pictures.discs(f"img{i}.png", (220,) * i) for i in (1, 2, 3, 4))
    )
    session.close()
    (pictures.folder / "img2.png").unlink()
    opened(session, qtbot, pictures.folder / "pictures.cellscribe")
    log = Log(controller)
    controller.segment_all(FINE)
    qtbot.waitUntil(lambda: not controller.busy)
    assert [news[:2] for news in log] == [
        ("started", ids[0]),
        ("finished", ids[0]),
        ("started", ids[1]),
        ("failed", ids[1]),
        ("started", ids[2]),
        ("finished", ids[2]),
        ("started", ids[3]),
        ("finished", ids[3]),
    ]
    assert "Cannot find img2.png" in str(log[3][2])
    assert engine.images == ["img1.png", "img3.png", "img4.png"]
    assert [len(session.document_of(i).regions) for i in ids] == [1, 0, 3, 4]
    assert [r.status for r in session.records] == ["segmented", "new", "segmented", "segmented"]
    assert session.current and session.current.id == ids[0]


def test_cancel_stops_the_whole_batch_and_keeps_what_is_done(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    ids = open_all(
        session, qtbot, *(pictures.discs(f"img{i}.png", (220,) * i) for i in (1, 2, 3, 4))
    )
    controller.finished.connect(lambda *_: engine.gate.clear())
    controller.segment_all(FINE)
    qtbot.waitUntil(lambda: len(engine.images) == 2)
    assert controller.waiting == 2
    controller.cancel()
    engine.gate.set()
    qtbot.wait(100)
    assert [len(session.document_of(i).regions) for i in ids] == [1, 0, 0, 0]
    assert engine.images == ["img1.png", "img2.png"]


def test_the_shown_image_goes_first(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    ids = open_all(session, qtbot, *pictures.series(4))
    with qtbot.waitSignal(session.shown_changed):
        session.show(ids[3])
    engine.gate.clear()
    controller.segment_all(FINE)
    qtbot.waitUntil(lambda: len(engine.images) == 1)
    controller.segment_current(FINE)
    engine.gate.set()
    qtbot.waitUntil(lambda: not controller.busy)
    assert engine.images[:2] == ["img1.png", "img4.png"]
    assert engine.images.count("img4.png") == 1


def test_another_project_ends_the_batch(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    open_all(session, qtbot, *pictures.series(3))
    log = Log(controller)
    engine.gate.clear()
    controller.segment_all(FINE)
    qtbot.waitUntil(lambda: len(engine.images) == 1)
    session.close()
    engine.gate.set()
    opened(session, qtbot, pictures.discs("other.png"))
    qtbot.wait(50)
    assert log.words == ["started", "cancelled"]
    assert dict(shown_document(session).regions) == {}


# Sliders


def slide(controller: SegmentationController, *thresholds: float, final: bool = False) -> None:
    for threshold in thresholds:
        controller.adjust(limits(threshold), final)


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=10_000)


def test_a_slider_shows_drafts_and_makes_one_step(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    opened(session, qtbot, pictures.discs(values=(220, 180, 140)))
    document = shown_document(session)
    run_one(controller, qtbot)
    before, applied = state(document), list[object]()
    document.applied.connect(lambda *step: applied.append(step))
    for threshold, count in ((0.8, 1), (0.6, 2), (0.9, 0), (0.65, 2)):
        with qtbot.waitSignal(controller.drafted) as drafted:
            slide(controller, threshold)
        assert drafted.args == [1, count]
        assert len(document.regions) == count
    assert applied == []
    assert document.stack.count() == 1
    with qtbot.waitSignal(controller.adjusted) as adjusted:
        slide(controller, 0.7, final=True)
    assert adjusted.args == [1, 2]
    assert document.stack.count() == 2
    assert len(applied) == 1
    assert {r.origin.threshold for r in document.regions.values()} == {0.7}
    assert sorted(document.regions) == [4, 5], "drafts use up no ids"
    assert engine.images == ["a.png"], "no slider runs the network"
    assert session.flush() and session.project
    assert [run.info.threshold for run in session.project.runs(1)] == [0.5, 0.7]
    document.stack.undo()
    assert state(document) == before


def test_a_moving_slider_is_followed_without_a_queue(
    controller: SegmentationController,
    session: Session,
    runner: Runner,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    drafts: list[int] = []
    controller.drafted.connect(lambda image_id, count: drafts.append(count))
    for threshold in np.linspace(0.5, 0.95, 200):
        slide(controller, float(threshold))
        assert len(runner._live) <= 1
    slide(controller, 0.8, final=True)
    wait_for(qtbot, lambda: document.stack.count() == 2)
    qtbot.wait(50)
    assert len(drafts) <= 2, "one at the start; the others were never computed"
    assert len(document.regions) == 1
    assert document.stack.count() == 2


def test_letting_go_where_it_was_makes_no_step(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    before = state(document)
    with qtbot.waitSignal(controller.drafted):
        slide(controller, 0.8)
    slide(controller, 0.5, final=True)
    wait_for(qtbot, lambda: state(document) == before)
    qtbot.wait(50)
    assert document.stack.count() == 1


def test_a_draft_is_taken_back_when_another_image_is_shown(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    _, second = open_all(session, qtbot, pictures.discs("a.png"), pictures.discs("b.png", (200,)))
    first = shown_document(session)
    run_one(controller, qtbot)
    before = state(first)
    with qtbot.waitSignal(controller.drafted):
        slide(controller, 0.9)
    assert state(first) != before
    slide(controller, 0.8)
    session.show(second)
    qtbot.waitUntil(lambda: session.document is not None and session.document.image_id == second)
    qtbot.wait(100)
    assert state(first) == before


def test_what_was_let_go_is_made_though_another_image_is_shown(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    _, second = open_all(session, qtbot, pictures.discs("a.png"), pictures.discs("b.png", (200,)))
    first = shown_document(session)
    run_one(controller, qtbot)
    slide(controller, 0.6)
    with qtbot.waitSignal(controller.adjusted) as adjusted:
        slide(controller, 0.8, final=True)
        session.show(second)
    assert adjusted.args == [first.image_id, 1]
    assert len(first.regions) == 1


def test_undo_under_a_draft_is_exact(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    with qtbot.waitSignal(controller.drafted):
        slide(controller, 0.8)
    document.stack.undo()
    assert dict(document.regions) == {}
    with qtbot.waitSignal(controller.drafted):
        slide(controller, 0.6)
    assert len(document.regions) == 2
    with qtbot.waitSignal(controller.adjusted):
        slide(controller, 0.6, final=True)
    document.stack.undo()
    assert dict(document.regions) == {}


def test_limits_that_fail_leave_no_draft(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    before = state(document)
    with qtbot.waitSignal(controller.drafted):
        slide(controller, 0.8)
    assert state(document) != before

    def fail(*_: object) -> object:
        raise UsageError("No.")

    monkeypatch.setattr(live_threshold, "fitted", fail)
    with qtbot.waitSignal(controller.adjusting_failed):
        slide(controller, 0.7, final=True)
    assert state(document) == before and document.stack.count() == 1


def test_a_run_that_lands_drops_what_sliders_asked_of_the_maps_before(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    gate, outline = threading.Event(), live_threshold.outline

    def slow(*wish: object) -> object:
        assert gate.wait(10)
        return outline(*wish)  # type: ignore[arg-type]

    monkeypatch.setattr(live_threshold, "outline", slow)
    log = list[object]()
    controller.adjusted.connect(lambda *news: log.append(news))
    controller.drafted.connect(lambda *news: log.append(news))
    slide(controller, 0.8, 0.9)
    slide(controller, 0.8, final=True)
    assert run_one(controller, qtbot, WIDE) == 2
    gate.set()
    qtbot.wait(100)
    assert log == [] and len(document.regions) == 2 and document.stack.count() == 2


def test_every_limit_acts_without_the_network(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    pixels = np.zeros((160, 160), np.uint8)
    cv2.circle(pixels, (60, 60), 40, 200, 8)  # a ring
    cv2.circle(pixels, (130, 130), 5, 200, -1)
    pixels[140:, :20] = 200  # cut by the edge
    opened(session, qtbot, pictures.picture("a.png", pixels))
    document = shown_document(session)
    assert run_one(controller, qtbot) == 3

    def adjusted(**others: float) -> list[Region]:
        with qtbot.waitSignal(controller.adjusted):
            controller.adjust(limits(0.5, **others), final=True)
        return list(document.regions.values())

    assert len(adjusted(max_area=450)) == 2
    assert len(adjusted(exclude_border=True)) == 2
    assert len(adjusted(min_area=200)) == 2
    assert sum(len(r.holes) for r in adjusted(fill_holes=0)) == 1
    filled = adjusted(fill_holes=9000)
    assert sum(len(r.holes) for r in filled) == 0
    fine = adjusted(fill_holes=9000, detail=0.1)
    assert sum(len(r.shell) for r in fine) > sum(len(r.shell) for r in filled)
    assert engine.images == ["a.png"]
    assert document.stack.count() == 7


def test_limits_of_an_image_are_those_of_its_regions(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    assert controller.limits(1) is None
    run_one(controller, qtbot, WIDE)
    made = controller.limits(1)
    assert made and (made.model, made.threshold, made.separation) == ("fine", 0.6, 0.5)
    with qtbot.waitSignal(controller.drafted):
        controller.adjust(limits(0.8), final=False)
    assert controller.limits(1) == made
    with qtbot.waitSignal(controller.adjusted):
        controller.adjust(limits(0.8, min_area=31), final=True)
    assert controller.limits(1) == replace(made, threshold=0.8, min_area=31)


def test_regions_know_the_settings_of_their_run(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    """Also those that a slider made, of maps of which it changes neither size nor channels."""
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot, RunSettings(SegmentConfig("fine", diameter=11.0, channels=(0,))))
    known = [{r.origin.settings_hash for r in document.regions.values()}]
    with qtbot.waitSignal(controller.adjusted):
        controller.adjust(replace(limits(0.8), min_confidence=None), final=True)
    known.append({r.origin.settings_hash for r in document.regions.values()})
    assert session.flush() and session.project
    runs = session.project.runs(1)
    assert [{settings_hash(run.settings)} for run in runs] == known
    assert known[0] != known[1]
    assert [(run.settings["diameter"], run.settings["channels"]) for run in runs] == [
        (11.0, [0]),
        (11.0, [0]),
    ]


def test_the_threshold_follows_undo_and_redo(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    document = shown_document(session)
    run_one(controller, qtbot)
    with qtbot.waitSignal(controller.adjusted):
        controller.adjust(limits(0.8), final=True)

    def threshold() -> float | None:
        shown = controller.limits(1)
        return shown.threshold if shown else None

    with qtbot.waitSignal(controller.maps_available) as told:
        document.stack.undo()
    assert told.args == [1, True] and threshold() == 0.5
    document.stack.redo()
    assert threshold() == 0.8
    perform(document, edits.add(document, [square(70, 70)], "Draw"))
    document.stack.undo()
    assert threshold() == 0.8, "a step of a person has no threshold"


def test_a_measured_size_is_told_and_a_given_one_is_not(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    opened(session, qtbot, pictures.discs())
    assert controller.measured_diameter(1) is None
    run_one(controller, qtbot)
    assert controller.measured_diameter(1) == 24.0
    run_one(controller, qtbot, RunSettings(SegmentConfig("fine", diameter=30)))
    assert controller.measured_diameter(1) is None


def test_micrometres_become_pixels_of_each_image(
    controller: SegmentationController,
    session: Session,
    engine: LocalEngine,
    pictures: Pictures,
    qtbot: QtBot,
) -> None:
    paths = [
        pictures.scaled("img1.tif", 0.5),
        pictures.discs("img2.png"),
        pictures.scaled("img3.tif", 0.25),
    ]
    ids = open_all(session, qtbot, *paths)
    log = Log(controller)
    controller.segment_all(RunSettings(SegmentConfig("fine"), diameter_um=10))
    qtbot.waitUntil(lambda: not controller.busy)
    assert log.words == ["started", "finished", "started", "failed", "started", "finished"]
    assert "img2.png has no pixel size" in str(log[3][2])
    assert engine.diameters == [20.0, 40.0]
    made = [controller.limits(i) for i in ids]
    assert made[1] is None and [c.diameter for c in made if c] == [20.0, 40.0]


def test_many_images_that_cannot_start(
    controller: SegmentationController,
    session: Session,
    pictures: Pictures,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than calls can nest."""
    opened(session, qtbot, pictures.discs())
    monkeypatch.setattr(session._list, "all", [*session.records] * 2000)
    log = Log(controller)
    controller.segment_all(RunSettings(SegmentConfig("fine"), diameter_um=10))
    assert log.words.count("failed") == 2000 and not controller.busy


def test_maps_are_told_of_for_the_shown_image(
    controller: SegmentationController, session: Session, pictures: Pictures, qtbot: QtBot
) -> None:
    first, second = open_all(session, qtbot, *pictures.series(2))
    told: list[tuple[int, bool]] = []
    controller.maps_available.connect(lambda *news: told.append(news))
    run_one(controller, qtbot)
    session.show(second)
    qtbot.waitUntil(lambda: len(told) == 2)
    session.show(first)
    assert told == [(first, True), (second, False), (first, True)]
    assert controller.limits(first) is not None and controller.limits(second) is None
    session.close()
    assert controller.limits(first) is None


def test_closing_at_any_moment(pictures: Pictures, qtbot: QtBot) -> None:
    """Twenty sessions, each left while files are read, a network runs or a slider moves."""
    chance, paths = random.Random(5), pictures.series(3)
    for _ in range(20):
        runner, worker = Runner(), EngineWorker(LocalEngine())
        session = Session(runner)
        controller = SegmentationController(session, runner, worker)
        session.open_paths(paths)
        qtbot.wait(chance.randint(0, 40))
        controller.segment_all(FINE)
        qtbot.wait(chance.randint(0, 40))
        controller.adjust(limits(chance.random()), final=chance.random() < 0.5)
        qtbot.wait(chance.randint(0, 10))
        assert session.close()
        assert worker.close()
        assert runner.shutdown()
        qtbot.wait(5)
        assert not controller.busy
