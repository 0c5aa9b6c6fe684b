"""Label images and masks, read with tifffile, Pillow, zarr and NumPy."""

import csv
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.export.readers.found import Found, Size

_HARMLESS = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}


def tiff(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The one page of a TIFF."""
    import tifffile

    with tifffile.TiffFile(path) as file:
        return [_found(file.series[0].asarray())]


def png(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """A grey PNG; 16 bits are 16 bits."""
    from PIL import Image

    with Image.open(path) as picture:
        pixels = np.asarray(picture)
        return [_found(pixels.astype(np.uint16) if picture.mode.startswith("I") else pixels)]


def training_set(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The label images of a folder to train with, in the order of its manifest.csv."""
    with (path / "manifest.csv").open(encoding="utf-8", newline="") as file:
        names = [
            path / row["set"] / "labels" / f"{row['name']}.png" for row in csv.DictReader(file)
        ]
    return [replace(png(name, sizes)[0], in_order=True) for name in names]


def zarr_labels(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The first level of the first labels of an OME-Zarr."""
    import zarr

    group = zarr.open_group(path, mode="r")
    labels: Any = group["labels"]
    told = dict(labels.attrs)
    first = told.get("ome", told)["labels"][0]
    attributes = dict(labels[first].attrs)
    levels = attributes.get("ome", attributes)["multiscales"][0]["datasets"]
    return [_found(np.squeeze(np.asarray(labels[first][levels[0]["path"]])))]


class _Harmless(pickle.Unpickler):
    """Makes arrays and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError(f"{module}.{name} is not an array")
        return super().find_class(module, name)


def cellpose(path: Path, sizes: Sequence[Size]) -> list[Found]:
    """The masks of a _seg.npy, with our numbers where the file has them."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        content = _Harmless(file).load().item()
    masks = content["masks"]
    ids = content.get("cellscribe_ids")
    if ids is not None and len(ids) == masks.max():
        masks = np.concatenate(([0], ids))[masks].astype(np.int32)
    return [_found(masks)]


def _found(pixels: Any) -> Found:
    height, width = pixels.shape[:2]
    return Found((width, height), pixels=pixels)
