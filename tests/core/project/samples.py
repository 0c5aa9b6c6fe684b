"""Objects and steps made at random, for the tests of this folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region, ring
from core.image.model import Image
from core.project.codec import content_hash
from core.project.delta import Delta
from core.project.store import Project

ORIGINS = (Origin(), Origin("model", "unet", "ab" * 32, 0.5), Origin("import", source="a.tif"))


def image(path: Path | None = None, content_hash: str = "hash of the image") -> Image:
    pixels = np.zeros((48, 64, 1), np.uint8)
    return Image(pixels, path=path, pixel_size_um=0.5, content_hash=content_hash)


def region(number: int, rng: np.random.Generator) -> Region:
    """A region whose fields all vary; its outline need not be simple here."""
    return Region(
        number,
        ring(rng.random((rng.integers(3, 30), 2)) * 64),
        tuple(ring(rng.random((4, 2))) for _ in range(rng.integers(0, 3))),
        class_id=int(rng.integers(0, 3)),
        confidence=None if rng.random() < 0.3 else float(rng.random()),
        origin=ORIGINS[rng.integers(0, 3)],
        edited=bool(rng.integers(0, 2)),
        reviewed=bool(rng.integers(0, 2)),
        locked=bool(rng.integers(0, 2)),
        attributes={"note": "Zellkern 細胞", "values": [1, 2.5, None]}
        if rng.random() < 0.3
        else {},
    )


def deltas(count: int, seed: int) -> Iterator[tuple[Delta, dict[int, Region]]]:
    """Steps that add, change and remove objects and classes, each with the objects after it."""
    rng = np.random.default_rng(seed)
    regions: dict[int, Region] = {}
    classes = {0: LabelClass(0, "Cell", "#56b4e9")}
    number = 1
    for step in range(count):
        touched = [int(i) for i in rng.permutation(list(regions))[: rng.integers(0, 4)]]
        before = {i: regions[i] for i in touched}
        kept = {i: changed(before[i], rng) for i in touched if rng.random() < 0.6}
        added = {number + k: region(number + k, rng) for k in range(rng.integers(0, 4))}
        number += len(added)
        renamed = {0: replace(classes[0], name=f"Cell {step}")} if rng.random() < 0.1 else {}
        was = {i: classes[i] for i in renamed}
        delta = Delta(f"step {step}", before, kept | added, was, renamed)
        regions = {i: r for i, r in regions.items() if i not in before} | kept | added
        classes = classes | renamed
        yield delta, regions


def changed(old: Region, rng: np.random.Generator) -> Region:
    return (
        replace(region(old.id, rng), uid=old.uid)
        if rng.random() < 0.5
        else replace(old, class_id=old.class_id + 1)
    )


def state(project: Project, image_id: int) -> str:
    """The content hash of what the project holds."""
    return content_hash(project.regions(image_id).values(), project.classes())
