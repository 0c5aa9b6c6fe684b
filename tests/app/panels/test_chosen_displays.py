"""Displays that a person chose come back with the project."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from pytestqt.qtbot import QtBot

from app.canvas.display import Display, auto_display
from app.canvas.luts import HEAT
from app.panels import display_edits as edits
from app.panels.chosen_displays import ChosenDisplays
from app.panels.kept_displays import key_of
from app.session import Session
from app.tasks.opening import DISPLAY
from app.tasks.runner import Runner
from core.image.model import Image
from core.image.scale import Window
from core.project.store import Project
from tests.app.samples import opened


@pytest.fixture
def session(runner: Runner, qtbot: QtBot, tmp_path: Path) -> Session:
    """With an image of two channels in 16 bits."""
    pixels = np.random.default_rng(1).integers(0, 4000, (2, 40, 50), np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", pixels, imagej=True, metadata={"axes": "CYX"})
    return opened(Session(runner), qtbot, tmp_path / "a.tif")


def shown(session: Session) -> Image:
    assert session.image
    return session.image


def chosen(image: Image) -> Display:
    display = edits.with_window(auto_display(image), 0, Window(5, 700.5))
    display = edits.with_lut(edits.with_gamma(display, 0, 0.5), 0, HEAT)
    return edits.full_range(image, edits.with_visible(display, 1, False), 1)


def reopened(session: Session, path: Path, qtbot: QtBot) -> Session:
    assert session.close()
    return opened(session, qtbot, path)


def test_what_was_chosen_is_there_after_reopening(session: Session, qtbot: QtBot) -> None:
    displays, image = ChosenDisplays(session), shown(session)
    usual, path = auto_display(image), session.project_path
    assert path and displays.of(image, usual) == usual
    displays.keep(image, edits.with_gamma(usual, 0, 2))
    displays.keep(image, chosen(image))  # and closed before the slider has come to rest
    reopened(session, path, qtbot)
    assert displays.of(shown(session), usual) == chosen(image)
    with Project.open(path, read_only=True) as project:
        assert list(project.settings(DISPLAY)) == [key_of(image)]
    session.close()


def test_it_is_written_when_the_slider_rests(session: Session, qtbot: QtBot) -> None:
    displays, project = ChosenDisplays(session), session.project
    assert project
    displays.keep(shown(session), chosen(shown(session)))
    assert project.settings(DISPLAY) == {}
    qtbot.waitUntil(lambda: len(project.settings(DISPLAY)) == 1)
    session.close()


def test_another_file_and_another_kind_are_not_concerned(session: Session) -> None:
    displays, image = ChosenDisplays(session), shown(session)
    displays.keep(image, chosen(image))
    one_channel = replace(image, pixels=np.asarray(image.pixels)[..., :1])
    for other in (replace(image, content_hash="another"), one_channel):
        assert displays.of(other, auto_display(other)) == auto_display(other)
    session.close()


@pytest.mark.parametrize("value", [7, {"channels": []}, {"channels": [{"window": [1, 2]}]}])
def test_what_nobody_understands_is_left_alone(session: Session, value: object) -> None:
    displays, image = ChosenDisplays(session), shown(session)
    session.displays[key_of(image)] = value
    assert displays.of(image, auto_display(image)) == auto_display(image)
    session.close()
