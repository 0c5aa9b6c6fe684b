"""A manifest entry for tests that need no weights."""

from msgspec import structs

from core.models.spec import Normalisation
from core.weights import WeightsEntry

BASE = WeightsEntry(
    name="tiny",
    title="Tiny network",
    architecture="hrnet",
    arguments={},
    file="tiny.safetensors",
    sha256="0" * 64,
    normalisation=Normalisation(),
    threshold=0.5,
    separation=0.5,
    diameter=20.0,
    licence="BSD-3-Clause",
    training="nuclei",
    accuracy={},
)


def make_entry(**changes: object) -> WeightsEntry:
    """A network "tiny" with some fields of its own."""
    return structs.replace(BASE, **changes)
