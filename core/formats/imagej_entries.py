"""The ROIs in a zip or in a single file, taken out one by one within limits.

Names in the zip are only names: nothing is ever written to disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from core.errors import FormatError
from core.formats.base import Problem

MOST_FILE_BYTES = 500_000_000
MOST_ROIS = 200_000
MOST_ROI_BYTES = 64_000_000
MOST_BYTES = 1_000_000_000
_ROI_SIGN, _ENTRY_SIGN = b"Iout", b"PK\x01\x02"
_NAMES_SHOWN = 3


class Entry(NamedTuple):
    """One ROI: its name, and its bytes as they are in the file."""

    name: str
    data: bytes


@dataclass
class RoiFile:
    """What a file holds; total: the entries that are or claim to be ROIs."""

    comment: bytes = b""
    total: int = 0
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_rois(path: Path) -> RoiFile:
    """The ROIs of a zip, or a single one; raises FormatError."""
    if path.stat().st_size > MOST_FILE_BYTES:
        raise FormatError(f"it has more than {MOST_FILE_BYTES // 10**6} MB")
    data = path.read_bytes()
    if data[:4] == _ROI_SIGN:
        return RoiFile(total=1, entries=[Entry(path.stem, data)])
    if data.count(_ENTRY_SIGN) > MOST_ROIS:  # before the list of them is made
        raise FormatError(f"it holds more than {MOST_ROIS:,} files")
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _unpacked(archive)
    except (BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise FormatError(f"it is neither an ROI of ImageJ nor a zip of them ({error})") from error


def _unpacked(archive: ZipFile) -> RoiFile:
    file = RoiFile(archive.comment)
    others, left = [], MOST_BYTES
    for info in archive.infolist():
        if info.is_dir():
            continue
        if not _is_roi(info):
            others.append(info.filename)
            continue
        file.total += 1
        left -= _take(archive, info, file)
        if left < 0:
            raise FormatError(f"its ROIs have more than {MOST_BYTES // 10**9} GB")
    file.notes += _others_note(others)
    return file


def _is_roi(info: ZipInfo) -> bool:
    """By the name; the Mac adds files of its own that are called like the true ones."""
    path = PurePosixPath(info.filename)
    is_hidden = "__MACOSX" in path.parts or path.name.startswith("._")
    return path.suffix.lower() == ".roi" and not is_hidden


def _take(archive: ZipFile, info: ZipInfo, file: RoiFile) -> int:
    """Add one entry, or tell what is wrong with it; returns how many bytes it has."""
    name = PurePosixPath(info.filename).stem
    try:
        with archive.open(info) as stream:
            data = stream.read(MOST_ROI_BYTES + 1)
    except Exception as error:  # damaged bytes: whatever the unpackers raise
        file.problems.append(Problem(name[:200], f"left out: it is damaged ({error})"))
        return 0
    if len(data) > MOST_ROI_BYTES:
        reason = f"left out: it has more than {MOST_ROI_BYTES // 10**6} MB"
        file.problems.append(Problem(name[:200], reason))
    else:
        file.entries.append(Entry(name, data))
    return len(data)


def _others_note(names: list[str]) -> Iterator[str]:
    if names:
        some = ", ".join(name[:100] for name in names[:_NAMES_SHOWN])
        more = ", ..." if len(names) > _NAMES_SHOWN else ""
        yield f"{len(names)} files in the zip are no ROIs: {some}{more}."
