"""ND2 files, made up as far as their structure goes: no real one was at hand."""

import random
import zlib
from pathlib import Path

import numpy as np
import pytest

from core.errors import CellscribeError, UnreadableImage
from core.image import nd2 as nd2_module
from core.image import whole_or_lazy
from core.image.read import ImageFile, read_image
from core.image.source import Channel, Plane
from tests.core.image.nd2_samples import write

pytest.importorskip("nd2", reason="the extra 'formats' is not installed")
RANDOM = np.random.default_rng(51)
FRAMES = RANDOM.integers(0, 4096, (12, 20, 30, 2), dtype=np.uint16)
DYES = [("DAPI", 0xFF0000), ("GFP", 0x00FF00)]


@pytest.mark.parametrize("packed", [False, True])
def test_positions_times_and_focus(folder: Path, packed: bool) -> None:
    path = folder / "a.nd2"
    loops = {"T": 2, "P": 2, "Z": 3}
    write(path, FRAMES, loops, packed=packed, positions=["left", "right"], names=DYES)
    with ImageFile(path) as file:
        assert [scene.name for scene in file.scenes] == ["left", "right"]
        scene = file.scenes[1]
        assert (scene.times, scene.depths, scene.dtype) == (2, 3, np.uint16)
        assert scene.channels == (Channel("DAPI", (0, 0, 255)), Channel("GFP", (0, 255, 0)))
        assert (scene.pixel_size_um, scene.z_step_um, scene.interval_s) == (0.32, 0.5, 2.5)
        for t, p, z in np.ndindex(2, 2, 3):
            image = file.image(Plane(p, t, z))
            assert np.array_equal(image.pixels, FRAMES[t * 6 + p * 3 + z])
            assert not image.is_rgb and image.notes == ()


@pytest.mark.parametrize("loops", [{}, {"T": 12}, {"Z": 12}, {"Z": 4, "T": 3}])
def test_fewer_axes(folder: Path, loops: dict[str, int]) -> None:
    frames = FRAMES if loops else FRAMES[:1]
    path = write(folder / "a.nd2", frames, loops)
    with ImageFile(path) as file:
        (scene,) = file.scenes
        assert (scene.times, scene.depths) == (loops.get("T", 1), loops.get("Z", 1))
        last = file.image(Plane(0, scene.times - 1, scene.depths - 1))
    assert np.array_equal(last.pixels, frames[-1])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_one_channel(folder: Path, dtype: type) -> None:
    frames = FRAMES[:1, :, :, :1].astype(dtype)
    image = read_image(write(folder / "a.nd2", frames, {}))
    assert np.array_equal(image.pixels, frames[0]) and image.pixels.dtype == dtype


def test_colours_are_red_first(folder: Path) -> None:
    colour = RANDOM.integers(0, 256, (1, 20, 30, 3), dtype=np.uint8)
    image = read_image(write(folder / "a.nd2", colour, {}, colours=True))
    assert image.is_rgb and np.array_equal(image.pixels, colour[0])


@pytest.mark.parametrize("size", [0.0, -1.0])
def test_no_size_is_invented(folder: Path, size: float) -> None:
    """The library says 1.0 where nothing was calibrated."""
    assert read_image(write(folder / "a.nd2", FRAMES[:1], {}, size=size)).pixel_size_um is None


def test_odd_metadata_are_no_reason_to_refuse(folder: Path) -> None:
    """Of a channel without a dye and without a filter the library of today cannot tell anything."""
    image = read_image(write(folder / "a.nd2", FRAMES[:1], {}, dye={}))
    assert np.array_equal(image.pixels, FRAMES[0]) and image.pixel_size_um is None


def test_large_frames_stay_in_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder / "a.nd2", FRAMES, {"T": 12})
    for module in (whole_or_lazy, nd2_module):
        monkeypatch.setattr(module, "LAZY_FROM", 1000)
    image = read_image(path, Plane(t=7))
    assert image.is_lazy and np.array_equal(image.pixels[3:9, 5:25], FRAMES[7, 3:9, 5:25])


def test_a_plane_that_was_not_recorded_is_told(folder: Path) -> None:
    path = write(folder / "a.nd2", FRAMES[:9], {"T": 12})
    image = read_image(path, Plane(t=11))
    assert not image.pixels.any() and "probably not recorded" in image.notes[0]


@pytest.mark.parametrize("packed", [False, True])
def test_cut_and_changed_files_end_in_a_sentence(folder: Path, packed: bool) -> None:
    whole = write(folder / "whole.nd2", FRAMES[:2], {"T": 2}, packed=packed).read_bytes()
    chance = random.Random(3)
    variants = [whole[: len(whole) * k // 10] for k in range(1, 10)]
    for _ in range(60):
        at, value = chance.randrange(4, len(whole)), chance.randrange(256)
        variants.append(whole[:at] + bytes([value]) + whole[at + 1 :])
    path = folder / "variant.nd2"
    for number, variant in enumerate(variants):
        path.write_bytes(variant)
        try:
            read_image(path)
            assert number >= 9, "a file that was cut was read as a whole one"
        except CellscribeError as problem:
            assert str(problem).startswith("Cannot open variant.nd2: ")


def test_a_frame_that_unpacks_to_gigabytes_is_refused(folder: Path) -> None:
    path = write(folder / "a.nd2", FRAMES[:1], {}, packed=True)
    bomb = zlib.compress(bytes(200_000_000), 9)
    whole = path.read_bytes()
    at = whole.index(zlib.compress(FRAMES[0].tobytes()))
    length = len(zlib.compress(FRAMES[0].tobytes()))
    assert len(bomb) > length  # so the chunk is made larger, and what follows moves
    start = whole.rindex(b"ImageDataSeq|0!", 0, at) - 16
    head = whole[start : start + 8] + (len(bomb) + 8).to_bytes(8, "little")
    moved = len(bomb) - length
    tail = whole[at + length :]
    place = int.from_bytes(tail[-8:], "little") + moved
    body = whole[:start] + head + whole[start + 16 : at] + bomb
    path.write_bytes(body + tail[:-8] + place.to_bytes(8, "little"))
    with pytest.raises(UnreadableImage, match=r"^Cannot open a\.nd2: it is damaged"):
        read_image(path)
