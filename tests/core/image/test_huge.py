"""Files of many gigabytes: sparse on the disk, and never in memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile

from core.image.read import read_image
from core.image.source import Plane

GIGABYTE = 10**9
CHILD = """
import sys
from pathlib import Path
from core.image.read import ImageFile
from core.image.source import Plane
with ImageFile(Path(sys.argv[1])) as file:
    scene = file.scenes[0]
    last = Plane(0, scene.times - 1, scene.depths - 1)
    for plane in (Plane(), last):
        image = file.image(plane)
        image.sample
        part = image.pixels[-40:, -50:]
        print(image.is_lazy, *part[-1, -1], image.height, image.width)
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""


def read_in_child(path: Path) -> tuple[list[str], int]:
    """What it prints of the first and the last plane, and its peak in megabytes."""
    command = [sys.executable, "-W", "error", "-c", CHILD, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    *lines, peak = done.stdout.splitlines()
    return lines, int(peak)


@pytest.fixture
def sparse(tmp_path: Path) -> Path:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells the peak of the memory of a child")
    return tmp_path / "huge.tif"


def stretch(path: Path, size: int, last: int) -> None:
    """Make a file larger without writing; its last value is a number of 16 bits."""
    with path.open("r+b") as file:
        file.truncate(size)
        file.seek(size - 2)
        file.write(last.to_bytes(2, "little"))


def test_one_plane_of_ten_gigabytes(sparse: Path) -> None:
    side = 70_000
    with tifffile.TiffWriter(sparse, bigtiff=True) as writer:
        writer.write(np.ones((1, side), np.uint16), photometric="minisblack", metadata=None)
    with tifffile.TiffFile(sparse, mode="r+") as tif:
        page = tif.pages.first
        start = page.dataoffsets[0]
        page.tags["ImageLength"].overwrite(side)
        page.tags["RowsPerStrip"].overwrite(side)
        page.tags["StripByteCounts"].overwrite(2 * side * side)
    stretch(sparse, start + 2 * side * side, 777)
    assert sparse.stat().st_size > 9 * GIGABYTE and sparse.stat().st_blocks * 512 < 10**7
    lines, peak = read_in_child(sparse)
    assert lines == [f"True 777 {side} {side}"] * 2
    assert peak < 400


def test_an_imagej_stack_behind_one_header(sparse: Path) -> None:
    """ImageJ keeps only the first header of stacks beyond 4 GB."""
    count, side = 3000, 1024
    told = f"ImageJ=1.54f\nimages={count}\nslices={count}\nunit=micron\nspacing=2\n"
    tifffile.imwrite(
        sparse,
        np.full((side, side), 5, "<u2"),
        description=told,
        resolution=(4, 4),
        metadata=None,
        byteorder="<",
    )
    with tifffile.TiffFile(sparse) as tif:
        start = tif.pages.first.dataoffsets[0]
    stretch(sparse, start + 2 * count * side * side, 888)
    assert sparse.stat().st_size > 6 * GIGABYTE
    lines, peak = read_in_child(sparse)
    assert lines == [f"False 5 {side} {side}", f"False 888 {side} {side}"]
    assert peak < 250
    image = read_image(sparse, Plane(z=count - 1))
    assert (image.pixel_size_um, image.scenes[0].z_step_um) == (0.25, 2)


def test_a_cut_stack_of_gigabytes_is_refused(sparse: Path) -> None:
    told = "ImageJ=1.54f\nimages=3000\nslices=3000\n"
    tifffile.imwrite(sparse, np.zeros((1024, 1024), "<u2"), description=told, metadata=None)
    stretch(sparse, 5 * GIGABYTE, 1)
    with pytest.raises(Exception, match=r"^Cannot open huge\.tif: it is damaged or cut short"):
        read_image(sparse)


def test_many_tiles_of_a_sparse_slide(sparse: Path) -> None:
    """A slide whose tiles are left out where nothing was scanned."""
    side, tile = 60_000, 512
    with tifffile.TiffWriter(sparse, bigtiff=True) as writer:
        empty = (b"" for _ in range((-(-side // tile)) ** 2))
        writer.write(
            empty,
            shape=(side, side, 3),
            dtype=np.uint8,
            tile=(tile, tile),
            photometric="rgb",
            compression="jpeg",
            metadata=None,
        )
    lines, peak = read_in_child(sparse)
    assert lines == [f"True 0 0 0 {side} {side}"] * 2
    assert peak < 500
