"""Nikon ND2 files, through the nd2 library (BSD-3-Clause)."""

import threading
from collections.abc import Sequence
from io import BufferedReader
from math import prod
from typing import Any

import numpy as np

from core.errors import UnreadableImage
from core.image import pixel_size
from core.image.budget import check_budget
from core.image.decoded import Decoded
from core.image.nd2_unpacking import limit_unpacking, unpacking_at_most
from core.image.pixels import LAZY_FROM
from core.image.source import Channel, Plane, Rgb, Scene
from core.image.walk import walk_of
from core.image.whole_or_lazy import whole_or_lazy

MAX_SCENES = 1_000
_FRAME = "CYXS"  # axes within a frame; the others count frames
_EMPTY = "Every value of this plane is 0: it was probably not recorded, or lost."


class Nd2Source:
    """An open ND2 file; its stage positions (axis P) are the scenes.

    A loop without a meaning (U) counts as focal planes in a file without any, or else as time
    points. Not tested on a real file: none was at hand; that colours are stored blue first is what
    others found.
    """

    def __init__(self, file: BufferedReader) -> None:
        """Raises UnreadableImage, or whatever the library raises; ImportError without it."""
        import nd2

        limit_unpacking()
        file.seek(0)
        self._file: Any = nd2.ND2File(file)
        self._lock = threading.Lock()
        self._sizes = {str(axis): int(size) for axis, size in self._file.sizes.items()}
        self._sizes |= {axis: self._sizes.get(axis, 1) for axis in "YX"}  # axes of 1 are left out
        if min(self._sizes.values()) < 1:
            raise UnreadableImage("it is damaged or cut short; copy it again from its source")
        outer = {a: n for a, n in self._sizes.items() if a not in _FRAME}
        self._outer = outer
        self._walk = walk_of({a: n for a, n in outer.items() if a != "P"})
        self._channels = _channels_of(self._file)
        positions = outer.get("P", 1)
        names = _position_names(self._file)
        self.scenes = tuple(
            self._scene(names[number] if number < len(names) else "")
            for number in range(min(positions, MAX_SCENES))
        )
        self.notes: tuple[str, ...] = ()
        if positions > MAX_SCENES:
            self.notes = (f"Only the first {MAX_SCENES} of {positions} positions are listed.",)

    def decode(self, plane: Plane) -> Decoded:
        """The channels of a plane; raises ImageTooLarge, or what the library raises."""
        scene = self.scenes[plane.scene]
        shape = scene.height, scene.width, len(scene.channels)
        nbytes = prod(shape) * scene.dtype.itemsize
        if nbytes >= LAZY_FROM and not _is_mapped(self._file):
            check_budget(*shape, scene.dtype.itemsize)
            return Decoded(self._frame(plane, shape))

        def read(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
            return self._frame(plane, shape)[y0:y1, x0:x1].copy()

        pixels = whole_or_lazy(shape, scene.dtype, read)
        is_empty = isinstance(pixels, np.ndarray) and not pixels.any()
        return Decoded(pixels, (), (_EMPTY,) if is_empty else ())

    def close(self) -> None:
        self._file.close()

    def _frame(self, plane: Plane, shape: tuple[int, int, int]) -> np.ndarray:
        """(H, W, C); a view of the file where it is not compressed."""
        at = {**self._walk.place(plane), "P": plane.scene}
        place = [at.get(axis, 0) for axis in self._outer]
        counts = tuple(self._outer.values())
        index = int(np.ravel_multi_index(place, counts)) if place else 0
        told = self._file.attributes
        values = prod(self._sizes.get(axis, 1) for axis in _FRAME)
        nbytes = max(values * self._file.dtype.itemsize, told.heightPx * (told.widthBytes or 0))
        with self._lock, unpacking_at_most(nbytes):
            frame = np.asarray(self._file.read_frame(index))
        frame = frame.reshape([self._sizes.get(axis, 1) for axis in _FRAME])
        if "S" in self._sizes:
            frame = frame[..., ::-1]
        return frame.transpose(1, 2, 0, 3).reshape(shape)

    def _scene(self, position: str) -> Scene:
        sizes, file = self._sizes, self._file
        is_rgb = sizes.get("S", 1) == 3 and sizes.get("C", 1) == 1
        count = sizes.get("C", 1) * sizes.get("S", 1)
        told = (Channel(),) * count if is_rgb else _channels(self._channels, sizes.get("S", 1))
        across, down, z_step = _calibration(self._channels)
        size, notes = pixel_size.single_size(pixel_size.both(across, down))
        return Scene(
            width=sizes["X"],
            height=sizes["Y"],
            dtype=np.dtype(file.dtype),
            channels=told[:count] + (Channel(),) * (count - len(told)),
            times=sizes.get(self._walk.time, 1),
            depths=sizes.get(self._walk.depth, 1),
            is_rgb=is_rgb,
            name=position,
            pixel_size_um=size,
            z_step_um=z_step,
            interval_s=_interval(file),
            axes="".join(sizes),
            stored_shape=tuple(sizes.values()),
            notes=(*notes, *self._walk.notes(sizes)),
        )


def _is_mapped(file: Any) -> bool:
    """Whether frames are views of the file: of compressed ones, any part costs the whole."""
    return file.attributes.compressionType in (None, "none")


def _channels_of(file: Any) -> Sequence[Any]:
    """What is told of the channels, nothing where the library cannot read it."""
    try:
        return getattr(file.metadata, "channels", None) or ()
    except Exception:  # it raises anything on odd metadata, which are no reason to refuse pixels
        return ()


def _calibration(channels: Sequence[Any]) -> tuple[float | None, float | None, float | None]:
    """Micrometres across, down and along; None for what was not calibrated."""
    if not channels:
        return None, None, None
    volume = channels[0].volume
    told = zip(volume.axesCalibration, volume.axesCalibrated, strict=True)
    across, down, along = (float(size) if known and size > 0 else None for size, known in told)
    return across, down, along


def _interval(file: Any) -> float | None:
    """Seconds between time points that were taken at even distances."""
    loops = (loop for loop in file.experiment if loop.type == "TimeLoop")
    milliseconds = next((loop.parameters.periodMs for loop in loops), 0)
    return milliseconds / 1000 if milliseconds > 0 else None


def _channels(told: Sequence[Any], samples: int) -> tuple[Channel, ...]:
    return tuple(
        Channel(str(c.channel.name), _color(c.channel.color)) for c in told for _ in range(samples)
    )


def _color(color: Any) -> Rgb | None:
    """White, the default, says nothing."""
    red, green, blue = int(color.r), int(color.g), int(color.b)
    return None if red == green == blue else (red, green, blue)


def _position_names(file: Any) -> list[str]:
    loops = (loop for loop in file.experiment if loop.type == "XYPosLoop")
    points = next((loop.parameters.points for loop in loops), ())
    return [point.name or "" for point in points]
