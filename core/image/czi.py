"""Zeiss CZI files, through libCZI (LGPL-3.0, as Qt)."""

import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import UnreadableImage
from core.image import pixel_size
from core.image.czi_blocks import CUT, SceneBlocks, list_scenes
from core.image.czi_facts import CziFacts, read_czi_facts
from core.image.decoded import Decoded
from core.image.pixels import LazyPixels
from core.image.source import Channel, Plane, Rgb, Scene
from core.image.walk import walk_of
from core.image.whole_or_lazy import whole_or_lazy

MAX_SCENES = 1_000
_CACHE = 64 * 2**20  # bytes of decompressed blocks
_TYPES = {
    "Gray8": np.uint8,
    "Gray16": np.uint16,
    "Gray32Float": np.float32,
    "Bgr24": np.uint8,
    "Bgr48": np.uint16,
    "Bgr96Float": np.float32,
}
_PRIMARIES: tuple[Rgb, ...] = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


class CziSource:
    """An open CZI file. Each scene is one picture: the tiles of a mosaic lie side by side, and what
    none of them covers is 0.

    Views, phases, illuminations, rotations and blocks (V, H, I, R, B) count as focal planes in a
    file without a Z axis, or else as time points; otherwise the first one is shown. Colours beside
    other channels become three channels of their own.
    """

    def __init__(self, path: Path) -> None:
        """Raises UnreadableImage, or whatever the library raises; ImportError without it."""
        from pylibCZIrw import czi

        cache = czi.CacheOptions(max_memory_usage=_CACHE)
        with ExitStack() as stack:
            file = stack.enter_context(czi.open_czi(str(path), cache_options=cache))
            found, facts, lock = list_scenes(file), _facts(file), threading.Lock()
            self._readers = [_SceneReader(file, lock, blocks) for blocks in found[:MAX_SCENES]]
            self.scenes: tuple[Scene, ...] = tuple(r.scene(facts) for r in self._readers)
            self._open = stack.pop_all()
        self.notes: tuple[str, ...] = ()
        if len(found) > MAX_SCENES:
            self.notes = (f"Only the first {MAX_SCENES} of {len(found)} scenes are listed.",)

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises ImageTooLarge, or what the library raises."""
        return self._readers[plane.scene].decode(plane, self.scenes[plane.scene])

    def close(self) -> None:
        self._open.close()


class _SceneReader:
    """One scene of an open file; lock: held while the library reads."""

    def __init__(self, file: Any, lock: threading.Lock, blocks: SceneBlocks) -> None:
        self._file, self._lock, self._blocks = file, lock, blocks
        self._walk = walk_of({axis: n for axis, n in blocks.sizes.items() if axis != "C"})

    def scene(self, facts: CziFacts) -> Scene:
        blocks, sizes = self._blocks, self._blocks.sizes
        width, height = blocks.right - blocks.left, blocks.bottom - blocks.top
        size, notes = pixel_size.single_size(facts.sizes)
        is_rgb = len(blocks.types) == 1 and _is_bgr(*blocks.types.values())
        return Scene(
            width=width,
            height=height,
            dtype=np.result_type(*(_dtype(name) for name in blocks.types.values())),
            channels=(Channel(),) * 3 if is_rgb else _channels(blocks.types, facts),
            times=sizes.get(self._walk.time, 1),
            depths=sizes.get(self._walk.depth, 1),
            is_rgb=is_rgb,
            name=facts.scene_names.get(blocks.index or 0, ""),
            pixel_size_um=size,
            z_step_um=facts.z_step_um,
            interval_s=facts.interval_s,
            axes="".join(sizes) + ("YXS" if is_rgb else "YX"),
            stored_shape=(*sizes.values(), height, width, *((3,) if is_rgb else ())),
            notes=(*notes, *self._walk.notes(sizes)),
        )

    def decode(self, plane: Plane, told: Scene) -> Decoded:
        place = self._walk.place(plane)
        shape = told.height, told.width, len(told.channels)
        pixels = whole_or_lazy(shape, told.dtype, partial(self._read, place, 1))
        if not isinstance(pixels, LazyPixels):
            return Decoded(pixels)
        steps = [2**n for n in range(1, self._blocks.halvings + 1)]
        return Decoded(
            pixels,
            tuple(
                LazyPixels(_shrunk(shape, step), told.dtype, partial(self._read, place, step))
                for step in steps
            ),
        )

    def _read(
        self, place: dict[str, int], step: int, y0: int, y1: int, x0: int, x1: int
    ) -> np.ndarray:
        """(y1 - y0, x1 - x0, C), counted in squares of `step` x `step` pixels of the scene."""
        blocks = self._blocks
        at = {axis: blocks.start(axis) + place.get(axis, 0) for axis in blocks.places}
        roi = (
            blocks.left + x0 * step,
            blocks.top + y0 * step,
            (x1 - x0) * step,
            (y1 - y0) * step,
        )
        options = {"roi": roi, "scene": blocks.index, "zoom": 1 / step}
        with self._lock:
            parts = [
                self._file.read(plane=at | {"C": channel}, **options)
                for channel in sorted(blocks.types)
            ]
        if any(part.shape[:2] != (y1 - y0, x1 - x0) for part in parts):
            raise UnreadableImage(CUT)
        return np.concatenate([part[..., ::-1] for part in parts], axis=2)  # blue comes first


def _shrunk(shape: tuple[int, int, int], step: int) -> tuple[int, int, int]:
    return -(-shape[0] // step), -(-shape[1] // step), shape[2]


def _facts(file: Any) -> CziFacts:
    try:
        return read_czi_facts(file.raw_metadata)
    except (RuntimeError, UnicodeDecodeError):  # no reason to refuse good pixels
        return CziFacts()


def _is_bgr(name: str) -> bool:
    return name.startswith("Bgr")


def _dtype(name: str) -> np.dtype[Any]:
    if name not in _TYPES:
        raise UnreadableImage(
            f"its values are of the kind {name}, which is not read; export it as OME-TIFF"
        )
    return np.dtype(_TYPES[name])


def _channels(types: dict[int, str], facts: CziFacts) -> tuple[Channel, ...]:
    channels: list[Channel] = []
    for index, number in enumerate(sorted(types)):
        told = facts.channels[index] if index < len(facts.channels) else Channel()
        if _is_bgr(types[number]):
            channels += [Channel(told.name, color) for color in _PRIMARIES]
        else:
            channels.append(told)
    return tuple(channels)
