"""Which reader opens a file."""

from io import BufferedReader
from pathlib import Path

from core.errors import UnreadableImage
from core.image.sniff import HEAD, kind_of
from core.image.source import Source

_WITH_EXTRA = {
    "CZI": "a Zeiss CZI file",
    "LIF": "a Leica LIF file",
    "ND2": "a Nikon ND2 file",
    "ZARR": "an OME-Zarr folder",
}
"""Kinds that need the libraries of the extra `formats`."""


def source_of(path: Path, file: BufferedReader | None) -> Source:
    """The source for an open file, told by its first bytes, or for a folder, which has none.

    Readers are imported when needed.
    """
    kind = "ZARR" if file is None else _kind(file)
    if file is None or kind in _WITH_EXTRA:
        return _vendor_source(kind, path, file)
    if kind == "TIFF":
        from core.image.tiff import TiffSource

        return TiffSource(path, file)
    from core.image.raster_file import RasterSource

    return RasterSource(file, kind)


def _kind(file: BufferedReader) -> str:
    file.seek(0)
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    return kind


def _vendor_source(kind: str, path: Path, file: BufferedReader | None) -> Source:
    try:
        return _opened(kind, path, file)
    except ImportError as error:
        raise UnreadableImage(
            f"it is {_WITH_EXTRA[kind]}; install the reader with  pip install 'cellscribe[formats]'"
        ) from error


def _opened(kind: str, path: Path, file: BufferedReader | None) -> Source:
    if file is None:
        from core.image.ome_zarr import ZarrSource

        return ZarrSource(path)
    if kind == "CZI":
        from core.image.czi import CziSource

        return CziSource(path)
    if kind == "LIF":
        from core.image.lif import LifSource

        return LifSource(path, file)
    from core.image.nd2 import Nd2Source

    return Nd2Source(file)
