"""Regions and deltas as compact bytes: MessagePack, with the rings as raw float64.

Outlines and origins that several regions share, above all before and after a step that moved
nothing, are stored once.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region, Ring
from core.errors import ProjectError
from core.project.delta import Delta


class DamagedBlobError(ProjectError):
    """Bytes that are no region and no delta."""


class _Region(msgspec.Struct, array_like=True):
    """A region whose origin and rings (shell first) are places in the lists of a _Pack."""

    id: int
    uid: str
    class_id: int
    confidence: float | None
    flags: tuple[bool, bool, bool]  # edited, reviewed, locked
    origin: int
    rings: list[int]
    attributes: dict[str, Any]


class _Pack(msgspec.Struct, array_like=True):
    """Lists of regions and of classes; a ring is the bytes of its x, y as little-endian float64."""

    name: str
    rings: list[bytes]
    origins: list[Origin]
    regions: list[list[_Region]]
    classes: list[list[LabelClass]]


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(_Pack)


def encode_region(region: Region) -> bytes:
    """Bytes that `decode_region` turns into an equal region; raises ProjectError."""
    return _pack("", [[region]], [])


def decode_region(data: bytes) -> Region:
    """The region in `data`; raises DamagedBlobError."""
    _, (found,), _ = _unpack(data, sides=1)
    if len(found) != 1:
        raise DamagedBlobError("there is not one object in it")
    return found[0]


def encode_delta(delta: Delta) -> bytes:
    """Bytes that `decode_delta` turns into an equal delta; raises ProjectError."""
    regions = [delta.before.values(), delta.after.values()]
    classes = [delta.classes_before.values(), delta.classes_after.values()]
    return _pack(delta.name, regions, classes)


def decode_delta(data: bytes) -> Delta:
    """The delta in `data`; raises DamagedBlobError."""
    name, regions, classes = _unpack(data, sides=2)
    before, after = ({r.id: r for r in side} for side in regions)
    classes_before, classes_after = ({c.id: c for c in side} for side in classes)
    return Delta(name, before, after, classes_before, classes_after)


def content_hash(regions: Iterable[Region], classes: Iterable[LabelClass] = ()) -> str:
    """SHA-256 (hex) of everything that is known about the objects, whatever their order."""
    in_order = sorted(regions, key=lambda r: r.id)
    classes_in_order = sorted(classes, key=lambda c: c.id)
    return hashlib.sha256(_pack("", [in_order], [classes_in_order])).hexdigest()


class _Pool:
    """What regions share, each with its place."""

    def __init__(self) -> None:
        self.rings: dict[bytes, int] = {}
        self.origins: dict[Origin, int] = {}

    def add(self, region: Region) -> _Region:
        return _Region(
            int(region.id),
            region.uid,
            int(region.class_id),
            None if region.confidence is None else float(region.confidence),
            (region.edited, region.reviewed, region.locked),
            self.origins.setdefault(region.origin, len(self.origins)),
            [self.rings.setdefault(_bytes(r), len(self.rings)) for r in region.rings],
            dict(region.attributes),
        )


def _pack(
    name: str, regions: Iterable[Iterable[Region]], classes: Iterable[Iterable[LabelClass]]
) -> bytes:
    pool = _Pool()
    packed = [[pool.add(region) for region in side] for side in regions]
    pack = _Pack(name, list(pool.rings), list(pool.origins), packed, [list(s) for s in classes])
    try:
        return _encoder.encode(pack)
    except (TypeError, ValueError, OverflowError) as error:
        numbers = ", ".join(map(str, sorted({r.id for side in packed for r in side})[:5]))
        raise ProjectError(
            f"Cannot store object {numbers}: an attribute is not made of text, numbers, lists and "
            f"tables ({error})."
        ) from error


def _unpack(data: bytes, sides: int) -> tuple[str, list[list[Region]], list[list[LabelClass]]]:
    try:
        pack = _decoder.decode(data)
        if len(pack.regions) != sides or len(pack.classes) not in (0, sides):
            raise DamagedBlobError(f"it has not {sides} lists of objects")
        rings = [_ring(points) for points in pack.rings]
        regions = [[_region(r, rings, pack.origins) for r in side] for side in pack.regions]
    except (msgspec.MsgspecError, ValueError, IndexError) as error:
        raise DamagedBlobError(f"an object cannot be read: {error}") from error
    return pack.name, regions, pack.classes


def _region(packed: _Region, rings: list[Ring], origins: list[Origin]) -> Region:
    shell, *holes = (rings[i] for i in packed.rings)
    edited, reviewed, locked = packed.flags
    return Region(
        id=packed.id,
        shell=shell,
        holes=tuple(holes),
        class_id=packed.class_id,
        confidence=packed.confidence,
        origin=origins[packed.origin],
        edited=edited,
        reviewed=reviewed,
        locked=locked,
        attributes=packed.attributes,
        uid=packed.uid,
    )


def _bytes(points: Ring) -> bytes:
    return np.asarray(points, dtype="<f8").tobytes()


def _ring(points: bytes) -> Ring:
    """A view of the bytes, so read-only."""
    return np.frombuffer(points, dtype="<f8").reshape(-1, 2)
