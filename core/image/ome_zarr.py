"""OME-Zarr folders of the versions 0.1 to 0.5, through zarr (MIT)."""

from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import UnreadableImage
from core.image import pixel_size
from core.image.decoded import Decoded
from core.image.pixels import LazyPixels, Pixels
from core.image.source import Channel, Plane, Scene
from core.image.walk import Walk, walk_of
from core.image.whole_or_lazy import whole_or_lazy
from core.image.zarr_array import open_array
from core.image.zarr_metadata import MAX_SCENES, Multiscale, multiscales

_PIXEL_AXES = ("C", "Y", "X")
_PRIMARIES = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
_PLAIN_NAMES = [["", "", ""], ["0", "1", "2"], ["r", "g", "b"], ["red", "green", "blue"]]
_PLAIN_NAMES += [[f"channel {n}" for n in range(3)], [f"channel:0:{n}" for n in range(3)]]


class ZarrSource:
    """An OME-Zarr folder; its images are the scenes: one, those of a converted file (0, 1, ...), or
    the fields of a plate.

    Axes other than t, c, z, y, x count as focal planes in an image without z, or else as time
    points; otherwise the first place is shown. Chunks that the folder lacks are what the array
    is filled with. Three channels of bytes in red, green and blue without names are colours.
    """

    def __init__(self, folder: Path) -> None:
        """Raises UnreadableImage, or whatever the library raises; ImportError without it."""
        found = multiscales(folder)
        self.notes: tuple[str, ...] = ()
        if len(found) > MAX_SCENES:
            found = found[:MAX_SCENES]
            self.notes = (f"Only the first {MAX_SCENES} images of this folder are listed.",)
        self._images = [_Image(folder, told) for told in found]
        self.scenes: tuple[Scene, ...] = tuple(image.scene() for image in self._images)

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises UnreadableImage, ImageTooLarge, or anything else."""
        pixels, levels = self._images[plane.scene].pixels(plane)
        return Decoded(pixels, levels)

    def close(self) -> None:
        """Nothing is open: each chunk is a file."""


class _Image:
    """One image of a folder."""

    def __init__(self, folder: Path, told: Multiscale) -> None:
        self._told = told
        self._open = cache(lambda path: open_array(folder, path))
        shape = self._open(told.paths[0]).shape
        if len(shape) != len(told.axes):
            raise UnreadableImage("its axes do not fit its pixels; copy it again from its source")
        self._sizes = dict(zip(told.axes, shape, strict=True))
        self._walk: Walk = walk_of({a: n for a, n in self._sizes.items() if a not in _PIXEL_AXES})

    def scene(self) -> Scene:
        told, sizes, dtype = self._told, self._sizes, self._open(self._told.paths[0]).dtype
        scales = told.scales
        size, notes = pixel_size.single_size(pixel_size.both(scales["X"], scales["Y"]))
        count = sizes.get("C", 1)
        channels = told.channels[:count] + (Channel(),) * (count - len(told.channels))
        is_rgb = dtype == np.uint8 and _are_colours(channels)
        return Scene(
            width=sizes["X"],
            height=sizes["Y"],
            dtype=_native(dtype),
            channels=(Channel(),) * 3 if is_rgb else channels,
            times=sizes.get(self._walk.time, 1),
            depths=sizes.get(self._walk.depth, 1),
            is_rgb=is_rgb,
            name=told.name,
            pixel_size_um=size,
            z_step_um=scales.get("Z"),
            interval_s=scales.get("T"),
            axes="".join(told.axes),
            stored_shape=tuple(sizes.values()),
            notes=(*notes, *self._walk.notes(sizes)),
        )

    def pixels(self, plane: Plane) -> tuple[Pixels, tuple[Pixels, ...]]:
        """The plane, and where it stays in the folder its smaller sizes."""
        first, *smaller = self._told.paths
        array = self._open(first)
        part = prod(array.chunks) * array.dtype.itemsize
        reader = self._reader(array, plane)
        pixels = whole_or_lazy(self._shape(array), _native(array.dtype), reader, part)
        if not isinstance(pixels, LazyPixels):
            return pixels, ()
        arrays = [a for a in map(self._open, smaller) if self._is_level(a, array)]
        return pixels, tuple(
            LazyPixels(self._shape(a), _native(a.dtype), self._reader(a, plane)) for a in arrays
        )

    def _shape(self, array: Any) -> tuple[int, int, int]:
        sizes = dict(zip(self._told.axes, array.shape, strict=True))
        return sizes["Y"], sizes["X"], sizes.get("C", 1)

    def _is_level(self, array: Any, first: Any) -> bool:
        """Whether it has the planes of the first one: stacks may also be made smaller along z."""
        if array.ndim != first.ndim or array.dtype != first.dtype:
            return False
        sizes = zip(self._told.axes, array.shape, first.shape, strict=True)
        return all(size == of_first for axis, size, of_first in sizes if axis not in ("Y", "X"))

    def _reader(self, array: Any, plane: Plane) -> Any:
        places, axes = self._walk.place(plane), self._told.axes

        def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
            wanted = {"Y": slice(y0, y1), "X": slice(x0, x1), "C": slice(None)}
            part = np.asarray(array[tuple(wanted.get(a, places.get(a, 0)) for a in axes)])
            order = [axis for axis in axes if axis in wanted]
            part = part.transpose([order.index(axis) for axis in "YXC" if axis in order])
            part = part.reshape(y1 - y0, x1 - x0, -1)
            if part.dtype.kind == "b":
                return part.astype(np.uint8) * np.uint8(255)
            return np.ascontiguousarray(part, _native(part.dtype))

        return read


def _native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """In the byte order of this machine; the bits of masks become 0 and 255."""
    return np.dtype(np.uint8) if dtype.kind == "b" else dtype.newbyteorder("=")


def _are_colours(channels: tuple[Channel, ...]) -> bool:
    names = [channel.name.lower() for channel in channels]
    return [channel.color for channel in channels] == _PRIMARIES and names in _PLAIN_NAMES
