"""A small annotated collection drawn for tests: bright discs on noise, grey and colour."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image as Picture

FIELDS = ("set", "name", "split", "modality", "group")


def draw_collection(folder: Path, train: int = 3, val: int = 1, size: int = 96) -> Path:
    """Write `train` + `val` images with labels and a manifest; returns the folder."""
    rng = np.random.default_rng(0)
    splits = ["train"] * train + ["val"] * val
    for kind in ("images", "labels"):
        (folder / "discs" / kind).mkdir(parents=True)
    with (folder / "manifest.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, FIELDS)
        table.writeheader()
        for i, split in enumerate(splits):
            modality = ("grey", "colour")[i % 2]
            values = ("discs", f"d{i}", split, modality, f"g{i}")
            table.writerow(dict(zip(FIELDS, values, strict=True)))
            pixels, labels = draw_scene(size, rng, colour=i % 2 == 1)
            Picture.fromarray(pixels).save(folder / "discs" / "images" / f"d{i}.png")
            Picture.fromarray(labels).save(folder / "discs" / "labels" / f"d{i}.png")
    return folder


def draw_scene(
    size: int, rng: np.random.Generator, colour: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """uint8 picture (H, W) or (H, W, 3) and uint16 labels of discs on a jittered grid."""
    rows, columns = np.mgrid[:size, :size]
    labels = np.zeros((size, size), np.uint16)
    for number, (y, x) in enumerate(np.ndindex(size // 32, size // 32), 1):
        cy, cx = 32 * np.array([y, x]) + 16 + rng.uniform(-3, 3, 2)
        labels[np.hypot(rows - cy, columns - cx) < rng.uniform(8, 12)] = number
    grey = 30 + 150 * (labels > 0) + rng.normal(0, 8, labels.shape)
    picture = grey.clip(0, 255).astype(np.uint8)
    return (np.stack([picture, 255 - picture, picture], 2) if colour else picture), labels
