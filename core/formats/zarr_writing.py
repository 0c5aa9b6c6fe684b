"""An OME-Zarr image and its labels, made in memory: the files of the folder and their bytes.

Source: the specifications 0.4 (zarr 2) and 0.5 (zarr 3) at ngff.openmicroscopy.org. All five axes
are written, since some readers want them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from core.errors import CannotWrite

AXES = "tczyx"
CHUNK = 1024
SMALLEST = 512
"""Levels are halved until the longer side is not above it."""

Plane = npt.NDArray[Any]
"""(C, Y, X)."""


@dataclass
class ZarrFolder:
    """The files of an OME-Zarr folder of version "0.4" or "0.5"."""

    version: str
    files: dict[str, Any] = field(default_factory=dict)

    def group(self, path: str, **told: Any) -> None:
        """A group and what OME-Zarr says of it."""
        zarr = _zarr()
        attributes = told if self.is_old else {"ome": {"version": self.version, **told}}
        zarr.create_group(self._store(), path=path, zarr_format=self._zarr, attributes=attributes)

    def levels(
        self, path: str, name: str, levels: list[Plane], scale: float | None, **told: Any
    ) -> None:
        """A group with the sizes of one image, the largest first; scale: µm of a pixel."""
        datasets = [
            {"path": str(n), "coordinateTransformations": [_scale(2**n * (scale or 1))]}
            for n in range(len(levels))
        ]
        multiscale: dict[str, Any] = {"name": name, "axes": _axes(scale), "datasets": datasets}
        if self.is_old:
            multiscale["version"] = self.version
        self.group(path, multiscales=[multiscale], **told)
        for number, pixels in enumerate(levels):
            self._array(f"{path}/{number}".lstrip("/"), pixels)

    @property
    def is_old(self) -> bool:
        """Whether it is of zarr 2, where the attributes have no head."""
        return self.version == "0.4"

    @property
    def _zarr(self) -> int:
        return 2 if self.is_old else 3

    def _store(self) -> Any:
        from zarr.storage import MemoryStore

        return MemoryStore(self.files)

    def _array(self, path: str, pixels: Plane) -> None:
        """All chunks packed in a way that the readers of its version know."""
        count, height, width = pixels.shape
        array = _zarr().create_array(
            self._store(),
            name=path,
            shape=(1, count, 1, height, width),
            dtype=pixels.dtype,
            chunks=(1, 1, 1, min(CHUNK, height), min(CHUNK, width)),
            compressors=self._packed(),
            zarr_format=self._zarr,
            fill_value=0,
            chunk_key_encoding={"name": "v2" if self.is_old else "default", "separator": "/"},
            dimension_names=None if self.is_old else tuple(AXES),
        )
        array[...] = pixels[None, :, None]

    def _packed(self) -> Any:
        if self.is_old:
            from numcodecs import Zlib

            return Zlib(level=1)
        from zarr.codecs import ZstdCodec

        return ZstdCodec(level=3)  # gzip would hold the time of day


def written(folder: ZarrFolder) -> Mapping[str, bytes]:
    """The bytes of each file, in order of their names."""
    files = {name: folder.files[name].to_bytes() for name in sorted(folder.files)}
    return {name: data if _is_chunk(name) else _compact(data) for name, data in files.items()}


def halved(pixels: Plane, is_labels: bool) -> list[Plane]:
    """The image and smaller ones: of labels every second pixel, else the mean of four."""
    levels = [pixels]
    while max(levels[-1].shape[1:]) > SMALLEST:
        last = levels[-1]
        levels.append(last[:, ::2, ::2] if is_labels else _mean_of_four(last))
    return levels


def _mean_of_four(pixels: Plane) -> Plane:
    """Half as large; an odd last row or column counts twice."""
    _, height, width = pixels.shape
    even = np.pad(pixels, ((0, 0), (0, height % 2), (0, width % 2)), "edge")
    rows = even[:, ::2].astype(np.float64) + even[:, 1::2]
    mean = (rows[..., ::2] + rows[..., 1::2]) / 4
    whole = np.rint(mean) if pixels.dtype.kind in "iu" else mean
    smaller: Plane = whole.astype(pixels.dtype)
    return smaller


def _is_chunk(name: str) -> bool:
    return name.rpartition("/")[2].isdecimal()


def _compact(text: bytes) -> bytes:
    """The same JSON in a quarter of the bytes: readers refuse endless texts."""
    return msgspec.json.encode(msgspec.json.decode(text))


def _axes(scale: float | None) -> list[dict[str, str]]:
    kinds = {"t": "time", "c": "channel"}
    axes = [{"name": axis, "type": kinds.get(axis, "space")} for axis in AXES]
    if scale:
        for axis in axes[-2:]:
            axis["unit"] = "micrometer"
    return axes


def _scale(factor: float) -> dict[str, Any]:
    return {"type": "scale", "scale": [1.0, 1.0, 1.0, factor, factor]}


def _zarr() -> Any:
    try:
        import zarr
    except ImportError as error:
        raise CannotWrite(
            "OME-Zarr needs a library more; install it with  pip install 'cellscribe[formats]'"
        ) from error
    return zarr
