"""Leica LIF files; liffile (BSD-3-Clause) finds the images in them, which are memory-mapped."""

import logging
import struct
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from core.counted import counted
from core.errors import UnreadableImage
from core.image import pixel_size
from core.image.budget import MAX_CHANNELS
from core.image.decoded import Decoded
from core.image.lif_image import LifChannel, LifImage, read_lif_image
from core.image.source import Channel, Plane, Scene
from core.image.walk import Walk, walk_of
from core.image.whole_or_lazy import whole_or_lazy

MAX_SCENES = 1_000
MAX_XML = 64_000_000  # characters
_SPECTRA = "λΛ"
_CUT = "it is damaged or cut short; copy it again from its source"


class LifSource:
    """An open LIF file; its images are the scenes, and so is each tile of a mosaic (axis M).

    Wavelengths (λ emission, Λ excitation) are channels, up to MAX_CHANNELS. Other axes count as
    focal planes in an image without any, or else as time points; otherwise the first place is
    shown. A scan along a line is shown with focus or time downwards.
    """

    def __init__(self, path: Path, file: BufferedReader) -> None:
        """Raises UnreadableImage, or whatever the library raises; ImportError without it."""
        import liffile

        _check_header(file)
        log = logging.getLogger("liffile")
        log.addHandler(logging.NullHandler())
        log.propagate = False  # what it notices of odd files is nothing for a person
        file.seek(0)
        self._lif: Any = liffile.LifFile(file)
        self._path = path
        self._views, self.notes = _views(self._lif)
        self.scenes: tuple[Scene, ...] = tuple(view.scene() for view in self._views)

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises UnreadableImage or ImageTooLarge."""
        view, scene = self._views[plane.scene], self.scenes[plane.scene]
        offset, room = _block(view.element)
        end = self._lif.filehandle.seek(0, 2)
        if view.image.extent > room or offset < 0 or offset + view.image.extent > end:
            raise UnreadableImage(_CUT)
        values = np.memmap(self._path, np.uint8, "r", offset, (view.image.extent,))
        parts = view.channels(values, plane)

        def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
            return np.stack([part[y0:y1, x0:x1] for part in parts], axis=2, dtype=scene.dtype)

        shape = scene.height, scene.width, len(scene.channels)
        return Decoded(whole_or_lazy(shape, scene.dtype, read))

    def close(self) -> None:
        self._lif.close()


class _View:
    """A scene of a LIF file: an image of it, or one tile of an image that has several."""

    def __init__(self, element: Any, image: LifImage, tile: int) -> None:
        self.element, self.image, self.tile = element, image, tile
        self._colors = _spectra(image)
        pixels = {"X", image.rows, "M", *self._colors}
        self.walk: Walk = walk_of({a: n for a, n in image.sizes.items() if a not in pixels})

    def scene(self) -> Scene:
        image, sizes = self.image, self.image.sizes
        x, y, z, t = (image.axes.get(name) for name in ("X", image.rows, "Z", "T"))
        stated = pixel_size.both(x.step_um if x else None, y.step_um if y else None)
        size, notes = pixel_size.single_size(stated)
        channels = self._channels()
        name = self.element.path
        return Scene(
            width=sizes["X"],
            height=sizes[image.rows],
            dtype=np.result_type(*(c.dtype for c in image.channels)).newbyteorder("="),
            channels=channels,
            times=sizes.get(self.walk.time, 1),
            depths=sizes.get(self.walk.depth, 1),
            is_rgb=image.is_rgb and len(channels) == 3,
            name=f"{name}, tile {self.tile + 1}" if sizes.get("M", 1) > 1 else name,
            pixel_size_um=size,
            z_step_um=z.step_um if z else None,
            interval_s=t.step if t and t.step > 0 and t.unit == "s" else None,
            axes="".join(sizes) + "C",
            stored_shape=(*sizes.values(), len(image.channels)),
            notes=(*notes, *self.walk.notes(sizes)),
        )

    def channels(self, values: np.ndarray, plane: Plane) -> list[np.ndarray]:
        """(H, W) of each channel, as views of the bytes of the image."""
        places = {**self.walk.place(plane), "M": self.tile}
        return [
            self._channel(values, channel, places | color)
            for channel in self.image.channels
            for color in self._colors_of_a_channel()
        ]

    def _channel(
        self, values: np.ndarray, channel: LifChannel, places: dict[str, int]
    ) -> np.ndarray:
        axes, rows = self.image.axes, self.image.axes[self.image.rows]
        at = {**places, "X": 0, rows.name: 0}
        offset = channel.offset + sum(a.stride * at.get(n, 0) for n, a in axes.items())
        shape, strides = (rows.size, axes["X"].size), (rows.stride, axes["X"].stride)
        # numpy refuses a layout that reaches beyond the bytes.
        return np.ndarray(shape, channel.dtype, values, offset, strides)

    def _channels(self) -> tuple[Channel, ...]:
        told = [channel.told for channel in self.image.channels]
        axes = self.image.axes
        names = [
            " ".join(axes[axis].wavelength(place) for axis, place in color.items())
            for color in self._colors_of_a_channel()
        ]
        return tuple(replace(c, name=f"{c.name} {n}".strip()) for c in told for n in names)

    def _colors_of_a_channel(self) -> Iterator[dict[str, int]]:
        """The places along the axes of wavelengths; one without any."""
        ranges = (range(self.image.sizes[axis]) for axis in self._colors)
        return (dict(zip(self._colors, places, strict=True)) for places in product(*ranges))


def _check_header(file: BufferedReader) -> None:
    """Refuse XML that is huge or brings its own entities before any parser sees it."""
    file.seek(0)
    _, _, _, length = struct.unpack("<IIBI", file.read(13))
    if length > MAX_XML or "<!DOCTYPE".encode("utf-16-le") in file.read(2 * length):
        raise UnreadableImage("its description is unsafe to read; export it as OME-TIFF")


def _views(lif: Any) -> tuple[list[_View], tuple[str, ...]]:
    views: list[_View] = []
    left_out = 0
    for element in lif.images:
        image = read_lif_image(element.xml_element)
        if image is None or len(image.channels) > MAX_CHANNELS:
            left_out += 1
            continue
        tiles = min(image.sizes.get("M", 1), MAX_SCENES + 1)
        views += [_View(element, image, tile) for tile in range(tiles)]
        if len(views) > MAX_SCENES:
            return views[:MAX_SCENES], (f"Only the first {MAX_SCENES} scenes are listed.",)
    if not views:
        raise UnreadableImage("it has no images; choose another file")
    note = f"{counted(left_out, 'part')} of this file could not be shown as an image."
    return views, (note,) if left_out else ()


def _spectra(image: LifImage) -> tuple[str, ...]:
    """The axes of wavelengths: each place is a channel, as far as there may be so many."""
    chosen, count = [], len(image.channels)
    for axis in _SPECTRA:
        size = image.sizes.get(axis, 1)
        if 1 < size <= MAX_CHANNELS // count and not image.is_rgb:
            chosen.append(axis)
            count *= size
    return tuple(chosen)


def _block(element: Any) -> tuple[int, int]:
    """Where the bytes of an image begin in the file, and how many there are."""
    try:
        block = element.memory_block
    except (KeyError, IndexError, ValueError) as error:
        raise UnreadableImage(_CUT) from error
    return int(block.offset), int(block.size)
