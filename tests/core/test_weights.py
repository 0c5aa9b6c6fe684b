"""Weights that are missing, wrong or hostile never run; the right ones run once loaded."""

import hashlib
import json
import pickle
import shutil
from pathlib import Path

import msgspec
import pytest
import torch

from core.engine.loader import (
    BUDGET,
    decode_weights,
    encode_weights,
    fill,
    load_network,
    ready_to_run,
)
from core.engine.once import OnceCache
from core.engine.segment import segment
from core.errors import UnknownNetwork, WeightsUnavailable
from core.image.model import Image
from core.models.registry import find_spec
from core.weights import SHIPPED, find_network, networks, read_manifest, write_manifest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped weights that a test may damage."""
    copy = tmp_path / "weights"
    copy.mkdir()
    for path in SHIPPED.glob("*.json"):
        shutil.copy(path, copy)
    for path in SHIPPED.glob("*.safetensors"):
        shutil.copy(path, copy)
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [copy])
    monkeypatch.setattr(
        "core.engine.loader._loaded", OnceCache(BUDGET)
    )  # as a program that just started
    return copy


def file_of(name: str, folder: Path = SHIPPED) -> Path:
    """The weights of a network in `folder`."""
    return folder / next(entry.file for entry in read_manifest(folder) if entry.name == name)


def rename_hash(folder: Path, name: str = "hrnet") -> None:
    """Make the manifest name the file as it is now."""
    entries = read_manifest(folder)
    for i, entry in enumerate(entries):
        if entry.name == name:
            digest = hashlib.sha256((folder / entry.file).read_bytes()).hexdigest()
            entries[i] = msgspec.structs.replace(entry, sha256=digest)
    write_manifest(folder, entries)


def refusal(name: str = "hrnet") -> str:
    """The sentence with which a run is refused."""
    import numpy as np

    from core.engine.config import SegmentConfig

    picture = Image(np.zeros((40, 40, 1), np.uint8))
    with pytest.raises(WeightsUnavailable) as caught:
        segment(picture, SegmentConfig(model=name))
    return str(caught.value)


def test_the_shipped_weights_are_the_ones_of_the_manifest() -> None:
    shipped = [info for info in networks(check_hash=True) if info.entry]
    assert shipped and all(info.available for info in shipped)
    assert sum(path.stat().st_size for path in SHIPPED.glob("*.safetensors")) < 120e6


def test_missing_weights_refuse(folder: Path) -> None:
    file_of("hrnet", folder).unlink()
    info = next(i for i in networks() if i.name == "hrnet")
    assert not info.available and "missing" in info.reason
    assert "missing" in refusal()


def test_a_wrong_hash_refuses(folder: Path) -> None:
    path = file_of("hrnet", folder)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    assert "SHA-256" in refusal()
    assert "SHA-256" in next(i for i in networks(check_hash=True) if i.name == "hrnet").reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"", "SHA-256"),
    ],
)
def test_common_accidents_are_named(folder: Path, content: bytes, words: str) -> None:
    file_of("hrnet", folder).write_bytes(content)
    assert words in refusal()


class Hostile:
    """Unpickling this would create a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (open, (str(self.path), "w"))  # type: ignore[return-value]


def test_a_pickle_is_refused_and_its_code_does_not_run(folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "pwned"
    for content in (pickle.dumps(Hostile(trap)), _torch_pickle(trap, tmp_path)):
        file_of("hrnet", folder).write_bytes(content)
        rename_hash(folder)
        assert "safetensors" in refusal()
        assert not trap.exists()


def _torch_pickle(trap: Path, folder: Path) -> bytes:
    path = folder / "hostile.pth"
    torch.save({"weight": Hostile(trap)}, path)
    return path.read_bytes()


def test_weights_of_another_network_list_what_differs(folder: Path) -> None:
    data = encode_weights(find_spec("hrnet").build(width=32))
    file_of("hrnet", folder).write_bytes(data)
    rename_hash(folder)
    assert "shape" in refusal()


def test_weights_that_are_not_finite_refuse() -> None:
    network = find_spec("hrnet").build()
    tensors = decode_weights(encode_weights(network), "x")
    name = next(iter(tensors))
    tensors[name].view(-1)[0] = float("nan")
    del tensors[sorted(tensors)[-1]]
    with pytest.raises(WeightsUnavailable, match="not finite") as caught:
        fill(network, tensors, "x")
    assert "missing" in str(caught.value)


def test_weights_that_cannot_be_read_refuse(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = file_of("hrnet", folder), Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert f"cannot read {path}: permission denied" in refusal()
    info = next(i for i in networks(check_hash=True) if i.name == "hrnet")
    assert not info.available and "permission denied" in info.reason


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"normalisation": {"std": 0.0}}, "normalisation.std"),
        ({"normalisation": {"low": 50.0, "high": 50.0}}, "normalisation"),
        ({"normalisation": {"high": 101.0}}, "normalisation.high"),
        ({"diameter": 0.0}, "diameter"),
        ({"threshold": 1.1}, "threshold"),
        ({"separation": -0.1}, "separation"),
        ({"min_confidence": 2.0}, "min_confidence"),
        ({"confidence": {"products": [0.0] * 27}}, "confidence.products"),
        ({"arguments": {"width": 0}}, "arguments"),
    ],
)
def test_values_that_make_no_sense_refuse(
    folder: Path, changes: dict[str, object], place: str
) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["networks"][0] |= changes
    path.write_text(json.dumps(manifest))
    with pytest.raises(WeightsUnavailable, match=r"manifest\.json is damaged") as caught:
        read_manifest(folder)
    assert f"$.networks[0].{place}" in str(caught.value).replace("[...]", "")


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"architecture": "unet"}, "'unet'"), ({"arguments": {"depth": 5}}, "'depth'")],
)
def test_only_a_network_that_cannot_be_built_is_unavailable(
    folder: Path, changes: dict[str, object], word: str
) -> None:
    entries = [
        msgspec.structs.replace(e, **(changes if e.name == "hrnet" else {}))
        for e in read_manifest(folder)
    ]
    write_manifest(folder, entries)
    infos = {info.name: info for info in networks(check_hash=True)}
    assert [name for name, info in infos.items() if not info.available] == ["hrnet"]
    assert word in infos["hrnet"].reason and word in refusal()


def test_a_damaged_manifest_is_named(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"networks": [{"name": 3}]}')
    with pytest.raises(WeightsUnavailable, match="manifest"):
        networks()


def test_a_damaged_manifest_of_the_person_leaves_the_shipped_networks(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "manifest.json").write_text("{")
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [folder, mine])
    assert find_network("hrnet").available
    with pytest.raises(WeightsUnavailable, match="damaged"):
        find_network("hrnet-mine")


def test_a_network_of_the_person_does_not_replace_a_shipped_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(folder, mine)
    entries = [
        msgspec.structs.replace(e, name=n) for e in read_manifest(mine) for n in (e.name, "x")
    ]
    write_manifest(mine, entries)
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [folder, mine])
    assert find_network("hrnet").path == file_of("hrnet", folder)
    assert find_network("x").path == file_of("x", mine)


def test_an_unknown_network_is_refused_with_the_names() -> None:
    with pytest.raises(UnknownNetwork, match="hrnet"):
        load_network("cellpose")


def test_folding_batch_norm_changes_nothing() -> None:
    torch.manual_seed(3)
    network = find_spec("hrnet").build()
    with torch.no_grad():
        for _ in range(2):
            network(torch.randn(2, 3, 64, 64))
        network.eval()
        picture = torch.randn(1, 3, 64, 64)
        before = network(picture)
        after = ready_to_run(network)(picture)
    assert torch.allclose(before, after, atol=1e-4)


def test_a_network_is_loaded_once() -> None:
    assert load_network("hrnet").network is load_network("hrnet").network
