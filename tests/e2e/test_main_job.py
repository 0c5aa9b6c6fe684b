"""The main job in the real window, with the real engine, driven by mouse and keys."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.bootstrap import Program, build
from app.controllers.export import ExportController
from app.selftest import fingerprint, walk_through
from app.settings.store import Settings
from core.engine.config import SegmentConfig
from core.export.request import ExportRequest
from resources import find

PATIENCE = 120_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two samples whose name is not ASCII."""
    place = tmp_path / "Zellen 細胞 µm"
    place.mkdir()
    for name in ("nuclei_small_field.png", "smear_purple_on_white.png"):
        shutil.copy(find(f"samples/{name}"), place)
    return place


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    made = build(Settings(tmp_path / "settings"))
    made.window.resize(1280, 800)
    made.window.show()
    made.show_networks()
    qtbot.waitExposed(made.window)
    yield made
    made.controller.cancel()
    made.window.close()


def drop(program: Program, *paths: Path) -> None:
    """Drop files on the window, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    program.window.dropEvent(event)


def on_screen(program: Program, x: float, y: float) -> QPoint:
    return QPointF(*program.parts.canvas.viewport.to_screen(x, y)).toPoint()


def click(program: Program, x: float, y: float) -> None:
    QTest.mouseMove(program.parts.canvas, on_screen(program, x, y))
    QTest.mouseClick(program.parts.canvas, LEFT, pos=on_screen(program, x, y))


def drag(program: Program, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas, a, b = program.parts.canvas, on_screen(program, *start), on_screen(program, *end)
    QTest.mouseMove(canvas, a)
    QTest.mousePress(canvas, LEFT, pos=a)
    QTest.mouseMove(canvas, (a + b) / 2)
    QTest.mouseMove(canvas, b)
    QTest.mouseRelease(canvas, LEFT, pos=b)


def open_and_segment(program: Program, qtbot: QtBot, folder: Path) -> None:
    drop(program, folder)
    qtbot.waitUntil(lambda: program.session.document is not None, timeout=10_000)
    qtbot.waitUntil(lambda: len(program.session.records) == 2, timeout=10_000)
    with qtbot.waitSignal(program.controller.finished, timeout=PATIENCE):
        program.window.actions_by_name["segment"].trigger()


def test_a_biologist_segments_corrects_and_exports(
    program: Program, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    session, canvas = program.session, program.parts.canvas
    open_and_segment(program, qtbot, folder)
    document = session.document
    assert document is not None and session.current is not None
    assert session.current.name == "nuclei_small_field.png"
    found = dict(document.regions)
    assert len(found) > 15
    assert document.stack.undoText().startswith("Segment with")

    # the list is linked with the canvas
    canvas.set_tool("select")
    target = max(found.values(), key=lambda r: r.area)
    x, y = target.shell.mean(axis=0)
    click(program, x, y)
    assert session.selection.ids == {target.id}
    rows = program.parts.objects.table.selectionModel()
    qtbot.waitUntil(lambda: rows.hasSelection(), timeout=5_000)
    assert {i.data() for i in rows.selectedIndexes() if i.column() == 0} == {str(target.id)}

    # move a vertex, then take it back and do it again
    canvas.set_tool("vertices")
    canvas.show_region(target.id)
    canvas.set_zoom(max(canvas.zoom, 4.0))
    vertex, centre = target.shell[0], target.shell.mean(axis=0)
    drag(program, tuple(vertex), tuple(vertex + (centre - vertex) * 0.4))
    assert document.regions[target.id].edited
    assert document.regions[target.id].area < target.area
    document.stack.undo()
    assert fingerprint(document) != "" and document.regions[target.id].area == target.area
    document.stack.redo()
    assert document.regions[target.id].area < target.area

    # draw a polygon on the background, then delete another region
    canvas.fit()
    canvas.set_tool("polygon")
    corners = [(150.0, 150.0), (170.0, 150.0), (170.0, 172.0), (150.0, 172.0)]
    for corner in corners:
        click(program, *corner)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    drawn = [r for r in document.regions.values() if r.origin.kind == "human"]
    assert len(drawn) == 1 and drawn[0].area == pytest.approx(440, rel=0.05)
    victim = min(found)
    session.selection.set([victim])
    canvas.set_tool("select")
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert victim not in document.regions

    # a new class for the drawn region
    program.parts.classes.add("Debris")
    session.selection.set([drawn[0].id])
    program.window.actions_by_name["class_2"].trigger()
    new = document.regions[drawn[0].id].class_id
    assert document.classes.find(new).name == "Debris"

    # another threshold acts on the cached maps and leaves the person's work alone
    kept = {r.id: r for r in document.regions.values() if r.protected}
    steps = document.stack.index()
    with qtbot.waitSignal(program.controller.adjusted, timeout=20_000):
        limits = SegmentConfig(threshold=0.8, separation=0.5)
        program.controller.adjust(limits, final=True)
    assert document.stack.index() == steps + 1
    assert all(document.regions[i] is r for i, r in kept.items())

    # export, and read every file back
    exporter = ExportController(session, program.runner)
    out = tmp_path / "out"
    out.mkdir()
    formats = ("json", "label-tiff", "mask-png")
    with qtbot.waitSignal(exporter.exported, timeout=20_000) as signal:
        exporter.export(ExportRequest(out, formats, (document.image_id,)))
    assert not signal.args[0].failures
    data = json.loads((out / "nuclei_small_field.json").read_text(encoding="utf-8"))
    assert len(data["polygons"]) == len(document.regions)
    labels = tifffile.imread(next(out.glob("*labels.tif")))
    assert set(np.unique(labels)) - {0} == set(document.regions)
    mask = np.asarray(Picture.open(next(out.glob("*mask.png"))))
    assert np.array_equal(mask > 0, labels > 0) and set(np.unique(mask)) == {0, 255}

    # reopen: the same regions, the same history
    last, path = fingerprint(document), session.project_path
    assert path is not None and session.flush() and session.close()
    session.open_project(path)
    qtbot.waitUntil(lambda: session.document is not None, timeout=10_000)
    again = session.document
    assert again is not None and fingerprint(again) == last
    while again.stack.canUndo():
        again.stack.undo()
    assert not again.regions
    while again.stack.canRedo():
        again.stack.redo()
    assert fingerprint(again) == last


def test_a_result_lands_on_its_image_after_switching(
    program: Program, qtbot: QtBot, folder: Path
) -> None:
    drop(program, folder)
    qtbot.waitUntil(lambda: len(program.session.records) == 2, timeout=10_000)
    qtbot.waitUntil(lambda: program.session.document is not None, timeout=10_000)
    first, second = program.session.records
    program.window.actions_by_name["segment"].trigger()
    program.session.show(second.id)
    qtbot.waitUntil(lambda: program.session.current.id == second.id, timeout=10_000)
    if program.controller.busy:
        with qtbot.waitSignal(program.controller.finished, timeout=PATIENCE):
            pass
    assert program.session.document_of(first.id).regions
    assert not program.session.document.regions


def test_the_selftest_passes(
    qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert walk_through(tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9 and all(line.startswith("ok") for line in lines)
    picture = np.asarray(Picture.open(tmp_path / "window.png").convert("L"))
    assert picture.std() > 20


def test_the_selftest_fails_with_the_step_that_failed(
    qapp: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        "app.selftest.Walk.open_image", lambda walk: (_ for _ in ()).throw(OSError("x"))
    )
    assert walk_through(tmp_path) == 1
    assert "FAILED  open a sample: x" in capsys.readouterr().out
