"""The manifests: which networks have weights, where they lie and what is known of them."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from platformdirs import user_data_path

from core.confidence import Bin, Confidence
from core.errors import UnknownNetwork, WeightsUnavailable, reason
from core.models.registry import SPECS
from core.models.spec import Normalisation

SHIPPED = Path(__file__).resolve().parents[1] / "weights"
MANIFEST = "manifest.json"

Share = Annotated[float, Meta(ge=0, le=1)]


class WeightsEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One network with its weights.

    name: what a person chooses; architecture, arguments: how to build it. file, sha256: its
    weights. diameter: pixels, the object size the network knows; images are resized to it.
    threshold, separation, min_confidence: defaults calibrated on validation images.
    accuracy: figures by modality, measured with `cellscribe evaluate`. confidence: from the
    traits of a candidate to the chance that it is an object; reliability: how that held.
    """

    name: str
    title: str
    architecture: str
    arguments: dict[str, Annotated[int, Meta(ge=1)]]
    file: str
    sha256: str
    normalisation: Normalisation
    threshold: Share
    separation: Share
    diameter: Annotated[float, Meta(ge=1, le=10_000)]
    licence: str
    training: str
    accuracy: dict[str, dict[str, float]]
    confidence: Confidence = Confidence()
    min_confidence: Share = 0.0
    reliability: tuple[Bin, ...] = ()


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """The content of manifest.json."""

    networks: list[WeightsEntry]


@dataclass(frozen=True)
class NetworkInfo:
    """A network as shown to a person; `reason` says why it is not available.

    entry, path: None when there are no weights, or none that this version could run.
    """

    name: str
    title: str
    available: bool
    reason: str = ""
    entry: WeightsEntry | None = None
    path: Path | None = None


def manifest_folders() -> list[Path]:
    """Where manifests are looked for: what we ship, then what the person trained."""
    return [SHIPPED, user_data_path("cellscribe", appauthor=False) / "weights"]


def read_manifest(folder: Path) -> list[WeightsEntry]:
    """The entries of one folder; none when it has no manifest. Raises WeightsUnavailable."""
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest).networks
    except (FileNotFoundError, NotADirectoryError):
        return []
    except msgspec.DecodeError as error:
        raise WeightsUnavailable(f"{path} is damaged ({error}); restore it.") from error
    except OSError as error:
        raise WeightsUnavailable(
            f"Cannot read {path}: {reason(error)}; check its rights."
        ) from error


def write_manifest(folder: Path, entries: list[WeightsEntry]) -> None:
    """Write the manifest of one folder, sorted by name."""
    from core.files import write_bytes

    ordered = Manifest(sorted(entries, key=lambda entry: entry.name))
    write_bytes(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(ordered)) + b"\n")


def networks(check_hash: bool = False) -> list[NetworkInfo]:
    """All networks: those with weights, then architectures that have none yet.

    A network of the person takes no name of one that we ship. Raises WeightsUnavailable when the
    manifest that we ship is damaged; another one that is damaged has no networks.
    """
    shipped, *others = manifest_folders()
    entries = [(shipped, entry) for entry in read_manifest(shipped)]
    for folder in others:
        with suppress(WeightsUnavailable):
            entries += [(folder, entry) for entry in read_manifest(folder)]
    found: dict[str, NetworkInfo] = {}
    for folder, entry in entries:
        if entry.name not in found:
            found[entry.name] = _info(entry, folder / entry.file, check_hash)
    for spec in SPECS.values():
        nothing = f"no weights for {spec.name} in {SHIPPED / MANIFEST}"
        found.setdefault(spec.name, NetworkInfo(spec.name, spec.title, False, nothing))
    return list(found.values())


def damaged_manifests() -> list[str]:
    """What is wrong with the manifests that `networks` passes over, a sentence for each."""
    sentences = []
    for folder in manifest_folders():
        try:
            read_manifest(folder)
        except WeightsUnavailable as error:
            sentences.append(str(error))
    return sentences


def _info(entry: WeightsEntry, path: Path, check_hash: bool) -> NetworkInfo:
    if unknown := _unknown(entry):
        return NetworkInfo(entry.name, entry.title, False, f"{unknown}, which its manifest names")
    problem = _damage(entry, path, check_hash)
    return NetworkInfo(entry.name, entry.title, not problem, problem, entry, path)


def _unknown(entry: WeightsEntry) -> str:
    """What of an entry this version could not build; empty when all is known."""
    if entry.architecture not in SPECS:
        return f"this version has no architecture {entry.architecture!r}"
    strange = sorted(entry.arguments.keys() - SPECS[entry.architecture].accepts)
    return f"{entry.architecture} takes no argument {strange[0]!r}" if strange else ""


def _damage(entry: WeightsEntry, path: Path, check_hash: bool) -> str:
    """What is wrong with the file at `path`; empty when nothing is known against it."""
    try:
        if not path.is_file():
            return f"the file {path} is missing"
        if check_hash and hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
            return f"the file {path} is not the one that its manifest names (wrong SHA-256)"
    except OSError as error:
        return f"the file {path} cannot be read ({reason(error)})"
    return ""


def find_network(name: str) -> NetworkInfo:
    """The network called `name`; raises UnknownNetwork with the names that there are.

    Raises WeightsUnavailable when it may stand in a manifest that is damaged.
    """
    everything = {info.name: info for info in networks()}
    if name not in everything:
        for folder in manifest_folders():
            read_manifest(folder)  # says what is wrong with it
        known = ", ".join(everything)
        raise UnknownNetwork(f"There is no network called {name!r}; choose one of: {known}.")
    return everything[name]


def read_weights(info: NetworkInfo) -> bytes:
    """The weights file, checked against its hash; raises WeightsUnavailable."""
    if info.entry is None or info.path is None or not info.available:
        remedy = (
            "Install its weights" if info.name in SPECS else "Update Cellscribe or train it anew"
        )
        raise WeightsUnavailable(f"{info.title} cannot run: {info.reason}. {remedy}.")
    try:
        data = info.path.read_bytes()
    except OSError as error:
        raise WeightsUnavailable(
            f"{info.title} cannot run: cannot read {info.path}: {reason(error)}; check its rights."
        ) from error
    if hashlib.sha256(data).hexdigest() != info.entry.sha256:
        raise WeightsUnavailable(
            f"{info.title} cannot run: {info.path} {_what_it_is(data)}. Install its weights again."
        )
    return data


def _what_it_is(data: bytes) -> str:
    """The commonest accidents, in words."""
    if data.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer, not the weights"
    if data.lstrip()[:1] == b"<":
        return "is a web page, not the weights"
    return "is not the file that the manifest names (wrong SHA-256)"
