"""TIFF files as microscopes write them, as far as their structure goes."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
Place = tuple[int, int, int, int, str]
"""Time, channel, focus; then the page and the name of its file."""


def uuid_of(name: str) -> str:
    return f"urn:uuid:{name}"


def ome_image(name: str, sizes: tuple[int, int, int], places: Sequence[Place]) -> str:
    """An image of 40 x 30 pixels with so many time points, channels and focal planes."""
    times, channels, depths = sizes
    told = "".join(f'<Channel ID="C:{c}" Name="ch{c}"/>' for c in range(channels))
    data = "".join(
        f'<TiffData FirstT="{t}" FirstC="{c}" FirstZ="{z}" IFD="{page}" PlaneCount="1">'
        f'<UUID FileName="{file}">{uuid_of(file)}</UUID></TiffData>'
        for t, c, z, page, file in places
    )
    return (
        f'<Image ID="I:{name}" Name="{name}"><Pixels ID="P:{name}" DimensionOrder="XYZCT" '
        f'Type="uint16" SizeX="40" SizeY="30" SizeC="{channels}" SizeZ="{depths}" SizeT="{times}" '
        f'PhysicalSizeX="0.3" PhysicalSizeY="0.3">{told}{data}</Pixels></Image>'
    )


def ome(content: str, own: str = "") -> str:
    told = f' UUID="{uuid_of(own)}"' if own else ""
    return f'<?xml version="1.0"?><OME xmlns="{NAMESPACE}"{told}>{content}</OME>'


def binary_only(own: str, metadata: str) -> str:
    """What a file says whose metadata lie in another one."""
    where = f'<BinaryOnly MetadataFile="{metadata}" UUID="{uuid_of(metadata)}"/>'
    return ome(where, own)


def write_pages(path: Path, values: Sequence[int], description: str) -> Path:
    """Pages of 40 x 30 pixels, each of one value."""
    with tifffile.TiffWriter(path) as writer:
        for number, value in enumerate(values):
            writer.write(
                np.full((30, 40), value, np.uint16),
                photometric="minisblack",
                description=None if number else description,
                metadata=None,
                contiguous=False,
            )
    return path


def write_stk(path: Path, planes: np.ndarray, step: float, milliseconds: int) -> Path:
    """MetaMorph: all planes behind one header; micrometres of a pixel are 0.25."""
    count, height, width = planes.shape
    each = [
        [int(step * 1000), 1000, 2_455_000, k * milliseconds, 2_455_000, 0] for k in range(count)
    ]
    base = 8 + 2 + 11 * 12 + 4
    size, unit = base + 24 * count, base + 24 * count + 8
    uic1 = unit + 8
    told = np.array(each, "<u4").tobytes() + struct.pack("<II", 25, 100)
    told += struct.pack("<I", 3) + b"um\0\0" + struct.pack("<8I", 3, 1, 4, size, 5, size, 6, unit)
    at = base + len(told)
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 16),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, at),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, 2 * height * width),
        (33628, 4, 4, uic1),
        (33629, 5, count, base),
    ]
    header = b"II*\0" + struct.pack("<IH", 8, len(tags))
    header += b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    path.write_bytes(header + told + planes.astype("<u2").tobytes())
    return path


def write_lsm(
    path: Path, pages: np.ndarray, kind: int, sizes: dict[str, int], **options: Any
) -> Path:
    """Zeiss LSM: a page (C, H, W) or (H, W) and its thumbnail in turns; voxels 0.2 x 0.2 x 1 µm."""
    record = np.zeros(1, tifffile.TIFF.CZ_LSMINFO)
    record["MagicNumber"], record["StructureSize"] = 67127628, record.dtype.itemsize
    record["VoxelSizeX"] = record["VoxelSizeY"] = 2e-7
    record["VoxelSizeZ"], record["TimeIntervall"], record["ScanType"] = 1e-6, 2.5, kind
    for axis, count in sizes.items():
        record[f"Dimension{axis}"] = count
    raw = record.tobytes()
    planar = "separate" if pages.ndim == 4 else None
    with tifffile.TiffWriter(path, byteorder="<") as writer:
        for number, page in enumerate(pages):
            tags = [] if number else [(34412, "B", len(raw), raw, True)]
            writer.write(page, planarconfig=planar, metadata=None, extratags=tags, **options)
            thumbnail = np.zeros((8, 8, 3), np.uint8)
            writer.write(thumbnail, photometric="rgb", metadata=None, subfiletype=1)
    return path
