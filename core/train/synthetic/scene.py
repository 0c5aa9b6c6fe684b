"""The table of kinds, and the draw from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.train.synthetic.blood import blood_smear, bone_marrow
from core.train.synthetic.fluorescent import cell_walls, crowded_nuclei, cytoplasm, membranes
from core.train.synthetic.microbes import bacteria_fluorescence, bacteria_phase, yeast
from core.train.synthetic.negatives import dirt_only, empty_field
from core.train.synthetic.population import Drawn
from core.train.synthetic.spheroids import clear_organoids, solid_spheroids
from core.train.synthetic.stained import tissue_nuclei
from core.train.synthetic.transmitted import (
    bright_cells,
    phase_adherent,
    phase_epithelium,
    phase_round,
    relief_cells,
)


@dataclass(frozen=True)
class Kind:
    """draw(size, rng): pixels and labels of one scene. share: how often, against the others."""

    draw: Callable[[int, np.random.Generator], Drawn]
    share: float = 1.0


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "phase contrast, adherent": Kind(phase_adherent, 1.5),
        "phase contrast, round": Kind(phase_round, 1.5),
        "phase contrast, epithelium": Kind(phase_epithelium, 1.5),
        "bright field": Kind(bright_cells, 1.5),
        "relief contrast": Kind(relief_cells),
        "blood smear": Kind(blood_smear, 1.5),
        "bone marrow": Kind(bone_marrow),
        "yeast": Kind(yeast, 1.5),
        "solid spheroids": Kind(solid_spheroids, 0.7),
        "clear organoids": Kind(clear_organoids, 0.7),
        "cytoplasm": Kind(cytoplasm, 2.0),
        "membranes": Kind(membranes, 1.2),
        "cell walls": Kind(cell_walls, 0.8),
        "bacteria, phase contrast": Kind(bacteria_phase, 1.2),
        "bacteria, fluorescence": Kind(bacteria_fluorescence, 0.8),
        "crowded nuclei": Kind(crowded_nuclei, 1.2),
        "tissue nuclei": Kind(tissue_nuclei, 1.2),
        "dirt": Kind(dirt_only, 0.5),
        "empty": Kind(empty_field, 0.3),
    }
)
_SHARES = np.array([kind.share for kind in KINDS.values()])


def random_scene(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, str]:
    """Draw one scene of a random kind.

    Returns pixels (size, size, 1) or (size, size, 3) float32 in 0..1; labels (size, size) int32,
    0 background and 1..N objects of one 4-connected piece each; the name of the kind. `size` is
    the side in pixels, at least 64. The same state of `rng` gives the same scene.
    """
    name = str(rng.choice(list(KINDS), p=_SHARES / _SHARES.sum()))
    return *KINDS[name].draw(size, rng), name
