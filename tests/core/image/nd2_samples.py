"""Small ND2 files of version 3, as far as their structure goes."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = 0x0ABECEDA
SIGNATURE = b"ND2 FILE SIGNATURE CHUNK NAME01!"
MAP_NAME = b"ND2 FILEMAP SIGNATURE NAME 0001!"
MAP_END = b"ND2 CHUNK MAP SIGNATURE 0000001!"
_TYPES = {bool: (1, "<B"), int: (3, "<I"), float: (6, "<d")}
_LOOPS = {"T": 1, "P": 2, "Z": 4}


def variant(told: Mapping[str, Any]) -> bytes:
    """Numbers, texts and mappings the way Nikon packs them."""
    return b"".join(_entry(name, value) for name, value in told.items())


def _entry(name: str, value: Any) -> bytes:
    text = (name + "\0").encode("utf-16-le")

    def head(kind: int) -> bytes:
        return struct.pack("<BB", kind, len(text) // 2) + text

    if isinstance(value, Mapping):
        inner = variant(value)
        length = len(head(11)) + 12 + len(inner)
        return head(11) + struct.pack("<IQ", len(value), length) + inner + bytes(8 * len(value))
    if isinstance(value, str):
        return head(8) + (value + "\0").encode("utf-16-le")
    kind, layout = _TYPES[type(value)]
    return head(kind) + struct.pack(layout, value)


def _chunk(name: bytes, data: bytes, room: int = 0) -> bytes:
    name = name.ljust(max(room, len(name)), b"\0")
    return struct.pack("<IIQ", MAGIC, len(name), len(data)) + name + data


def _loop(axis: str, count: int, positions: Sequence[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {"uiCount": count}
    if axis == "T":
        parameters |= {"dStart": 0.0, "dPeriod": 2500.0, "dDuration": 2500.0 * count}
    if axis == "Z":
        parameters |= {"dZStep": 0.5, "dZLow": 0.0, "dZHigh": 0.5 * count}
    if axis == "P":
        points = {f"i{n:010}": {"dPosX": 1.0 * n, "dPosName": positions[n]} for n in range(count)}
        parameters = {"Points": points}
    return {"eType": _LOOPS[axis], "uLoopPars": parameters}


def write(
    path: Path,
    frames: np.ndarray,
    loops: Mapping[str, int],
    *,
    colours: bool = False,
    packed: bool = False,
    size: float = 0.32,
    positions: Sequence[str] = (),
    names: Sequence[tuple[str, int]] = (),
    dye: Mapping[str, Any] = {"m_sName": "a dye"},
    **attributes: int,
) -> Path:
    """frames: (N, H, W, C) in the order of `loops`, outermost first. names: with colours as BGR."""
    count, height, width, samples = frames.shape
    planes = 1 if colours else samples
    experiment: dict[str, Any] = {}
    for axis, number in reversed(loops.items()):
        below = {"ppNextLevelEx": {"i0000000000": experiment}} if experiment else {}
        experiment = _loop(axis, number, positions) | below
    bits = 8 * frames.dtype.itemsize
    told: dict[str, Any] = {
        "uiWidth": width,
        "uiHeight": height,
        "uiWidthBytes": width * samples * frames.dtype.itemsize,
        "uiComp": samples,
        "uiBpcInMemory": bits,
        "uiBpcSignificant": bits,
        "uiSequenceCount": count,
        "eCompression": 0 if packed else 2,
    } | attributes
    plane = [
        {
            "sDescription": name,
            "uiColor": color,
            "uiCompCount": samples // planes,
            "pFluorescentProbe": dye,
        }
        for name, color in [*names, *[("", 0xFFFFFF)] * planes][:planes]
    ]
    picture = {
        "bCalibrated": size > 0,
        "dCalibration": size,
        "sPicturePlanes": {
            "uiCount": planes,
            "sPlaneNew": {f"a{n}": p for n, p in enumerate(plane)},
        },
    }
    chunks = {
        b"ImageAttributesLV!": variant({"SLxImageAttributes": told}),
        b"ImageMetadataSeqLV|0!": variant({"SLxPictureMetadata": picture}),
    }
    if experiment:
        chunks[b"ImageMetadataLV!"] = variant({"SLxExperiment": experiment})
    for number, frame in enumerate(frames):
        raw = frame[..., ::-1] if colours else frame  # blue comes first
        data = np.ascontiguousarray(raw).tobytes()
        chunks[b"ImageDataSeq|%d!" % number] = bytes(8) + (zlib.compress(data) if packed else data)
    return _store(path, chunks)


def _store(path: Path, chunks: Mapping[bytes, bytes]) -> Path:
    content = _chunk(SIGNATURE, b"Ver3.0".ljust(64, b"\0"))
    places = b""
    for name, data in chunks.items():
        places += name + struct.pack("<QQ", len(content), len(data))
        content += _chunk(name, data, 4072)
    end = MAP_END + struct.pack("<Q", len(content))
    path.write_bytes(content + _chunk(MAP_NAME, places + end))
    return path
