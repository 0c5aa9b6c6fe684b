"""JSON of any program as bytes that a strict decoder takes, and values as JSON."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from core.annotation.region import Region
from core.errors import CannotWrite, FormatError

MOST_BYTES = 10**9
MOST_TOLERATED_BYTES = 50_000_000
"""Of a file with NaN in it, which is decoded as a whole and takes up to 25 times as much memory."""


def load(path: Path) -> bytes:
    """The file as proper JSON, without byte order mark; NaN and infinity have become null.

    Raises FormatError when it is none, is nested too deeply or is larger than MOST_BYTES.
    """
    if path.stat().st_size > MOST_BYTES:
        raise FormatError(f"it has more than {MOST_BYTES // 10**9} GB")
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        if not data.isascii():
            data.decode()  # the decoder looks at the letters of a text only where it needs them
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _tolerated(data)
    except RecursionError as error:
        raise FormatError("its tables are nested too deeply") from error
    return data


def _tolerated(data: bytes) -> bytes:
    """Proper JSON for what some programs write: NaN and infinity become null."""
    if len(data) > MOST_TOLERATED_BYTES:
        raise FormatError(
            "it is not JSON, or was cut short, or has numbers such as NaN, which are tolerated in "
            f"files of up to {MOST_TOLERATED_BYTES // 10**6} MB"
        )
    try:
        return msgspec.json.encode(json.loads(data))
    except RecursionError as error:
        raise FormatError("its tables are nested too deeply") from error
    except (ValueError, msgspec.MsgspecError) as error:
        raise FormatError(f"it is not JSON, or was cut short ({error})") from error


def to_json(value: object, what: str) -> bytes:
    """Compact JSON; raises CannotWrite that names `what` for what JSON does not hold."""
    check_finite(value, what)
    return encode_finite(value, what)


def encode_finite(value: object, what: str) -> bytes:
    """`to_json` where numbers are known to be finite: to look at a million takes long."""
    try:
        return _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise CannotWrite(f"{what} has a value that JSON does not hold ({error})") from error


def check_finite(value: object, what: str) -> None:
    """Raise CannotWrite that names `what` when a number in `value` is not finite."""
    if not _is_finite(value):
        raise CannotWrite(f"{what} has a value that is not a finite number; correct it first")


def check_outline(region: Region) -> None:
    """Raise CannotWrite that names the region when a coordinate is not finite."""
    if not all(np.isfinite(points).all() for points in region.rings):
        raise CannotWrite(
            f"object {region.id} has a coordinate that is not a finite number; correct it first"
        )


def _plain(value: object) -> object:
    """What the encoder does not know: read-only tables and NumPy numbers."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not text, number, list or table")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


def _is_finite(value: object) -> bool:
    """Whether all numbers in it are; JSON would turn the others into null without a word."""
    if isinstance(value, float | np.floating):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return True
