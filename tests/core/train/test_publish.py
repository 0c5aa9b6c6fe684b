"""What validation images say is published; a failure leaves the network that was there."""

import errno
from pathlib import Path

import pytest
import torch

from core.confidence import Bin, Confidence
from core.errors import CannotWrite, WeightsUnavailable
from core.evaluate.calibrate import Setting
from core.evaluate.collection import Sample, read_collection
from core.models.registry import SPECS
from core.progress import Ticket
from core.train import publish as module
from core.train.publish import publish
from core.weights import find_network, read_manifest, read_weights
from tests.core.train.collection import draw_collection
from tests.core.train.tiny import SPEC

BEST = Setting(
    0.9, 0.31, 0.62, 0.15, Confidence(foreground=7.5), (Bin(0.9, 1.0, 23, 0.9543, 0.9321),)
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where networks are published and looked for; BEST is what every calibration finds."""
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)
    monkeypatch.setattr(module, "calibrate", lambda *_: BEST)
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [tmp_path / "weights"])
    return tmp_path / "weights"


@pytest.fixture
def samples(tmp_path: Path) -> list[Sample]:
    return read_collection(draw_collection(tmp_path / "data", size=64), "val")


def publish_tiny(
    folder: Path, samples: list[Sample], seed: int = 0, name: str = "mine", **more: Path
) -> None:
    torch.manual_seed(seed)
    publish(SPEC.build(), SPEC.name, name, samples, folder, f"seed {seed}", Ticket(), **more)


def test_what_the_calibration_finds_is_published(folder: Path, samples: list[Sample]) -> None:
    publish_tiny(folder, samples)
    (entry,) = read_manifest(folder)
    assert (entry.threshold, entry.separation, entry.min_confidence) == (0.31, 0.62, 0.15)
    assert entry.confidence == BEST.confidence and entry.reliability == BEST.reliability
    assert entry.training == "seed 0" and entry.accuracy["all images"]["images"] == 1


def test_only_a_network_in_the_shipped_folder_has_our_licence(
    folder: Path, samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_tiny(folder, samples, name="tiny")
    (theirs,) = read_manifest(folder)
    assert (theirs.title, theirs.licence) == ("Tiny (tiny)", "")
    monkeypatch.setattr(module, "SHIPPED", folder)
    publish_tiny(folder, samples, name="tiny")
    (ours,) = read_manifest(folder)
    assert (ours.title, ours.licence) == ("Tiny", "BSD-3-Clause")


def test_a_new_network_replaces_the_one_of_its_name(folder: Path, samples: list[Sample]) -> None:
    publish_tiny(folder, samples, name="other")
    for seed in (0, 1, 2, 2):
        publish_tiny(folder, samples, seed)
        entry = next(e for e in read_manifest(folder) if e.name == "mine")
        assert entry.training == f"seed {seed}" and read_weights(find_network("mine"))
        files = {path.name for path in folder.glob("*.safetensors")}
        assert files == {entry.file, "other.safetensors"}


@pytest.mark.parametrize("broken", ["write_bytes", "write_manifest"])
def test_a_failure_leaves_the_network_that_was_there(
    folder: Path, samples: list[Sample], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    publish_tiny(folder, samples)
    before = read_weights(find_network("mine"))

    def refuse(*_: object) -> None:
        raise CannotWrite("The disk is full.")

    monkeypatch.setattr(module, broken, refuse)
    with pytest.raises(CannotWrite):
        publish_tiny(folder, samples, seed=1)
    assert read_weights(find_network("mine")) == before


def test_a_file_that_another_network_shares_stays(folder: Path, samples: list[Sample]) -> None:
    publish_tiny(folder, samples)
    (mine,) = read_manifest(folder)
    module.write_manifest(folder, [mine, module.structs.replace(mine, name="shared")])
    publish_tiny(folder, samples, seed=1)
    assert read_weights(find_network("shared")) != read_weights(find_network("mine"))


def test_a_target_that_cannot_be_used_is_noticed_first(
    folder: Path, samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "encode_weights", pytest.fail)
    folder.mkdir()
    (folder / "manifest.json").write_text("{")
    with pytest.raises(WeightsUnavailable, match="damaged"):
        publish_tiny(folder, samples)
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="Choose another folder"):
        publish_tiny(tmp_path / "file" / "weights", samples)
    monkeypatch.setattr(Path, "touch", refuse_to_touch)
    with pytest.raises(CannotWrite, match=r"Cannot write into .* Choose another folder"):
        publish_tiny(tmp_path / "other", samples)


def refuse_to_touch(path: Path) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


def test_curves_are_copied_when_there_are_some(
    folder: Path, samples: list[Sample], tmp_path: Path
) -> None:
    curves = tmp_path / "curves.png"
    publish_tiny(folder, samples, curves=curves)
    assert not (folder / "mine_curves.png").exists() and (folder / "mine_cases.jpg").exists()
    curves.write_bytes(b"a picture")
    publish_tiny(folder, samples, curves=curves)
    assert (folder / "mine_curves.png").read_bytes() == b"a picture"
    publish_tiny(folder, samples, seed=1)
    assert not (folder / "mine_curves.png").exists()
