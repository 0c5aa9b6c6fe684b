"""A plane of numbers as the bytes of a TIFF or PNG file; the same plane gives the same bytes."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.integer[Any]]


def tiff_bytes(plane: Plane, pixel_size_um: float | None) -> bytes:
    """A deflated TIFF of `plane` (H, W); uint8 and uint16 as ImageJ writes them, int32 plain.

    The pixel size (micrometres), where it is known, becomes the resolution.
    """
    import tifffile

    how: dict[str, Any] = {"imagej": True, "metadata": {"unit": "um"} if pixel_size_um else {}}
    unit_um = 1.0
    if plane.dtype == np.int32:  # ImageJ's own kind of TIFF has no such type
        how = {"metadata": None, "resolutionunit": "CENTIMETER"}
        unit_um = 1e4
    if pixel_size_um:
        how["resolution"] = (unit_um / pixel_size_um, unit_um / pixel_size_um)
    file = BytesIO()
    tifffile.imwrite(file, plane, compression="zlib", software="cellscribe", **how)
    return file.getvalue()


def ome_tiff_bytes(plane: Plane, pixel_size_um: float | None, name: str) -> bytes:
    """A deflated OME-TIFF of `plane` (H, W) of uint8, uint16 or int32, whose image has a name.

    The library would number each file anew; the number is made from the name and the pixels.
    """
    import tifffile

    metadata: dict[str, Any] = {"axes": "YX", "Name": name}
    if pixel_size_um:
        for axis in "XY":
            metadata[f"PhysicalSize{axis}"] = pixel_size_um
            metadata[f"PhysicalSize{axis}Unit"] = "µm"
    content = hashlib.sha256(f"{name} {pixel_size_um} {plane.dtype}".encode() + plane.tobytes())
    metadata["UUID"] = str(uuid5(NAMESPACE_OID, content.hexdigest()))
    file = BytesIO()
    tifffile.imwrite(
        file, plane, ome=True, compression="zlib", software="cellscribe", metadata=metadata
    )
    return file.getvalue()


def png_bytes(plane: Plane) -> bytes:
    """A PNG of `plane`: grey of (H, W) uint8 or uint16, in colours of (H, W, 3) uint8."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(plane).save(file, "PNG")
    return file.getvalue()
