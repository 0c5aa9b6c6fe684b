"""Runs that were interrupted, or that meet what is no number."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import CannotWrite, UsageError
from core.models.registry import SPECS
from core.progress import Ticket
from core.train import trainer as training
from core.train.settings import TrainSettings
from core.train.trainer import MOST_LEFT_OUT, Trainer
from tests.core.train.collection import draw_collection
from tests.core.train.tiny import SPEC


class Run:
    """A collection to train the tiny network on; `lines` is what a person was told."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder = draw_collection(folder / "data"), folder / "run"
        self.lines: list[str] = []

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def trainer(self, crops: int, **changes: Any) -> Trainer:
        values = {"crop_size": 64, "batch": 2, "synthetic": 0.0} | changes
        ticket = Ticket(report=lambda done, total, text: self.lines.append(text))
        chosen = TrainSettings(self.data, self.folder, SPEC.name, crops, **values)
        return Trainer(chosen, lambda network: {}, ticket)

    def told(self, words: str) -> list[str]:
        return [line for line in self.lines if words in line]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)
    return Run(tmp_path)


def spoil(trainer: Trainer, monkeypatch: pytest.MonkeyPatch, draws: Iterable[int]) -> None:
    """Let the crops with these numbers have pixels that are no numbers."""
    source, numbers = trainer._open_source(), itertools.count()
    draw, bad = source.draw, set(draws)

    def spoilt(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        pixels, targets = draw(rng)
        return (pixels * np.nan if next(numbers) in bad else pixels), targets

    monkeypatch.setattr(source, "draw", spoilt)
    monkeypatch.setattr(trainer, "_open_source", lambda: source)


def is_finite(network: torch.nn.Module) -> bool:
    return all(bool(tensor.isfinite().all()) for tensor in network.state_dict().values())


def test_batches_that_are_no_numbers_are_left_out_and_told_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = run.trainer(20)
    start = trainer.network.state_dict()["0.weight"].clone()
    spoil(trainer, monkeypatch, range(0, 4 * MOST_LEFT_OUT, 4))  # every other batch
    assert is_finite(trainer.run()) and is_finite(trainer.network)
    assert not torch.equal(start, trainer.network.state_dict()["0.weight"])
    assert trainer.crops == 20 and len(run.told("left out")) == 1
    assert is_finite(run.trainer(20).network)


def test_a_gradient_that_is_no_number_is_left_out(run: Run) -> None:
    trainer = run.trainer(20)
    pixels, targets = next(trainer._open_source().batches(2, np.random.default_rng(0)))
    weight = trainer.network.get_parameter("0.weight")
    weight.register_hook(lambda gradient: gradient * np.inf)
    assert trainer._step(pixels, targets) == [] and is_finite(trainer.network)


def test_a_run_without_numbers_ends_and_keeps_the_last_checkpoint(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.trainer(4).run()
    before = run.checkpoint.read_bytes()
    monkeypatch.setattr(training, "SAVE_EVERY", 2)
    trainer = run.trainer(40)
    spoil(trainer, monkeypatch, range(40))
    with pytest.raises(UsageError, match=f"--rate below 0.002 and it goes on from {run.folder}"):
        trainer.run()
    assert trainer.crops == 4 + 2 * MOST_LEFT_OUT
    assert run.checkpoint.read_bytes() == before


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_checkpoint_that_was_cut_is_named(run: Run, share: float) -> None:
    run.trainer(2).run()
    data = run.checkpoint.read_bytes()
    run.checkpoint.write_bytes(data[: int(share * len(data))])
    assert_unusable(run)


@pytest.mark.parametrize("content", [{"model": 1}, [1, 2], torch.zeros(2)])
def test_a_checkpoint_of_another_program_is_named(run: Run, content: object) -> None:
    run.folder.mkdir()
    torch.save(content, run.checkpoint)
    assert_unusable(run)


def test_a_file_that_is_no_checkpoint_is_named(run: Run) -> None:
    run.folder.mkdir()
    run.checkpoint.write_bytes(b"not a checkpoint\n" * 9)
    assert_unusable(run)


@pytest.mark.parametrize("error", [IndexError, AttributeError, TypeError])
def test_whatever_random_bytes_raise_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    run.trainer(2).run()
    monkeypatch.setattr(torch, "load", refuse)
    assert_unusable(run)


@pytest.mark.parametrize("content", [None, 3, [1.0]])
@pytest.mark.parametrize("part", ["weights", "optimizer", "average", "settings"])
def test_a_checkpoint_with_parts_of_another_kind_is_named(
    run: Run, part: str, content: object
) -> None:
    run.trainer(2).run()
    state = torch.load(run.checkpoint)
    torch.save(state | {part: content}, run.checkpoint)
    assert_unusable(run)


@pytest.mark.parametrize("value", [torch.full((2, 2), torch.nan), 1.0])
@pytest.mark.parametrize("part", ["weights", "optimizer", "average"])
def test_a_checkpoint_of_another_version_is_named(run: Run, part: str, value: object) -> None:
    run.trainer(2).run()
    state = torch.load(run.checkpoint)
    state[part] = {"0.weight": value}
    torch.save(state, run.checkpoint)
    assert_unusable(run)


def assert_unusable(run: Run) -> None:
    with pytest.raises(UsageError) as told:
        run.trainer(4)
    assert str(run.checkpoint) in str(told.value)
    assert "delete it or give another --run folder" in str(told.value)


def test_a_folder_that_cannot_be_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.folder.write_text("a file")
    trainer = run.trainer(2)
    monkeypatch.setattr(trainer, "_open_source", pytest.fail)  # nothing is trained in vain
    with pytest.raises(CannotWrite, match="another --run"):
        trainer.run()


def test_a_run_says_from_which_weights_it_begins(run: Run) -> None:
    run.trainer(2).run()
    assert run.lines[0] == "training tiny from new, random weights, up to 2 crops or 150 min"


def test_a_run_that_goes_on_names_what_has_changed(run: Run) -> None:
    run.trainer(4, rate=1e-3).run()
    assert "4 crops done" in run.trainer(6, rate=1e-3).beginning
    trainer = run.trainer(6, seed=1, emphasis={"grey": 2.0})
    for change in (
        "--crops 4 -> 6",
        "--rate 0.001 -> 0.002",
        "--seed 0 -> 1",
        "--emphasis none -> grey 2",
    ):
        assert change in trainer.beginning
    assert trainer.beginning.count("->") == 4


@pytest.mark.parametrize("crops", [2, 4])
def test_a_run_that_is_finished_says_so(run: Run, crops: int) -> None:
    run.trainer(4).run()
    run.lines.clear()
    trainer = run.trainer(crops)
    trainer.run()
    (line,) = run.lines  # also no image was read
    assert "is finished (4 crops" in line and "--crops" in line and "--run" in line


def test_a_finished_run_keeps_its_record_and_names_what_is_ignored(run: Run) -> None:
    run.trainer(4).run()
    trainer = run.trainer(2, crop_size=128, seed=5)
    trainer.run()
    assert trainer.training == "4 crops of 64 px from 3 images (discs), 0 minutes, seed 0"
    assert trainer.beginning.endswith("; ignored: --crop-size 64 -> 128, --seed 0 -> 5")


def test_a_run_that_goes_on_has_a_record_of_every_stage(run: Run) -> None:
    run.trainer(4).run()
    run.trainer(6).run()  # the same crops go on: no stage of its own
    trainer = run.trainer(16, seed=1, synthetic=0.5)
    trainer.run()
    latest, first = trainer.training.split("; before that ")
    assert first == "6 crops of 64 px from 3 images (discs), 0 minutes, seed 0"
    assert latest.startswith("10 crops of 64 px from 3 images (discs) and 50% synthetic scenes, ")
    assert latest.endswith("seed 1")
    assert run.trainer(16).training == trainer.training


def test_the_record_of_the_first_weights_stays_when_others_take_their_place(run: Run) -> None:
    run.trainer(2).run()
    state = torch.load(run.checkpoint)
    torch.save(state | {"origin": "9 crops"}, run.checkpoint)
    assert run.trainer(2).training.endswith(", seed 0; before that 9 crops")


def test_a_checkpoint_without_a_record_tells_what_it_knows(run: Run) -> None:
    run.trainer(2).run()
    state = torch.load(run.checkpoint)
    del state["stages"], state["origin"]
    torch.save(state, run.checkpoint)
    told = run.trainer(2, crop_size=128, seed=5).training
    assert told == "2 crops of 64 px from images that are not recorded, 0 minutes, seed 0"


def test_images_that_are_read_are_counted_apart(run: Run) -> None:
    counted: list[str] = []
    trainer = run.trainer(2)
    trainer.reading = Ticket(report=lambda done, total, text: counted.append(f"{done} {text}"))
    trainer.run()
    assert counted == [f"{n} reading images" for n in (1, 2, 3)] and not run.told("reading")


def test_a_run_from_other_weights_is_another_run(run: Run) -> None:
    run.trainer(2).run()
    state = torch.load(run.checkpoint)
    state["settings"]["start_from_weights"] = "True"
    torch.save(state, run.checkpoint)
    with pytest.raises(UsageError, match="--from-weights"):
        run.trainer(4)


def test_there_is_a_line_after_some_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    run.trainer(8).run()
    assert [line.split(",")[0] for line in run.told("min left")] == [
        "2 crops",
        "4 crops",
        "6 crops",
        "8 crops",
    ]
