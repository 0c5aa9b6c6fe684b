"""What an image file holds, known before any pixel is read: scenes, channels, planes."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.image.decoded import Decoded

PROJECTION = -1
"""Stands for a focal plane that no file has: the brightest value over all of them."""
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Plane:
    """Where a picture lies in its file, counted from 0; z may be PROJECTION."""

    scene: int = 0
    t: int = 0
    z: int = 0

    @property
    def is_projection(self) -> bool:
        return self.z == PROJECTION

    @property
    def order(self) -> tuple[int, int, bool, int]:
        """For sorting: a projection comes after the planes that it is made of."""
        return self.scene, self.t, self.is_projection, self.z

    def label(self) -> str:
        """For a person, counted from 1; "" for the first plane of all."""
        names = (("scene", self.scene), ("t", self.t), ("z", self.z))
        parts = [f"{name} {number + 1}" for name, number in names if number > 0]
        return ", ".join([*parts, "z max"] if self.is_projection else parts)


FIRST = Plane()


@dataclass(frozen=True)
class Channel:
    """One measurement a pixel. color: what the file shows it in, None when it does not say."""

    name: str = ""
    color: Rgb | None = None


@dataclass(frozen=True)
class Scene:
    """One field of view of a file, with all its planes.

    width, height: pixels, as shown upright. times, depths: numbers of time points and focal planes.
    is_rgb: whether the three channels are colours of one picture. pixel_size_um: edge of a pixel,
    z_step_um: distance of focal planes, interval_s: seconds between time points; None when the
    file does not say. axes, stored_shape: as the file names and orders them. files: others of the
    same folder that are read together with this one.
    """

    width: int
    height: int
    dtype: np.dtype[Any]
    channels: tuple[Channel, ...] = (Channel(),)
    times: int = 1
    depths: int = 1
    is_rgb: bool = False
    name: str = ""
    pixel_size_um: float | None = None
    z_step_um: float | None = None
    interval_s: float | None = None
    axes: str = "YX"
    stored_shape: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())
    files: tuple[Path, ...] = ()

    @property
    def planes(self) -> int:
        return self.times * self.depths

    def nearest(self, plane: Plane) -> Plane:
        """The plane of this scene that is nearest to a wanted one."""
        is_projected = plane.is_projection and self.depths > 1
        z = PROJECTION if is_projected else min(max(plane.z, 0), self.depths - 1)
        return replace(plane, t=min(max(plane.t, 0), self.times - 1), z=z)


class Source(Protocol):
    """An open file of some format; used by one thread at a time.

    decode: the channels of one plane (never a projection), of what lies in memory or is read when
    asked for; raises UnreadableImage, ImageTooLarge, or anything on damaged bytes.
    """

    @property
    def scenes(self) -> tuple[Scene, ...]: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    def decode(self, plane: Plane) -> Decoded: ...

    def close(self) -> None: ...
