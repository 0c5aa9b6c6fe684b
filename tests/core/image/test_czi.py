"""CZI files: what they say, which planes they have, and what damaged ones do."""

import csv
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import CellscribeError, ImageTooLarge
from core.image import pixels, whole_or_lazy
from core.image.czi_facts import read_czi_facts
from core.image.read import ImageFile, read_image
from core.image.source import Channel, Plane

pytest.importorskip("pylibCZIrw", reason="the extra 'formats' is not installed")
REAL = "xyz__multiple_images.czi"


def values(height: int, width: int, start: int, dtype: type = np.uint16) -> np.ndarray:
    """(H, W, 1) in which every pixel is another one."""
    return (np.arange(height * width) + start).reshape(height, width, 1).astype(dtype)


def write(path: Path, blocks: list[dict[str, Any]], **told: Any) -> Path:
    from pylibCZIrw import czi

    with czi.create_czi(str(path)) as file:
        for block in blocks:
            assert file.write(**block)
        file.write_metadata(document_name="test", **told)
    return path


def test_real_file_is_as_the_manifest_says(shared: Path) -> None:
    with (shared / "data/files/manifest.csv").open(newline="") as table:
        row = next(row for row in csv.DictReader(table) if row["file"] == REAL)
    with ImageFile(shared / "data/files" / REAL) as file:
        assert file.content_hash.startswith(row["sha256"])
        assert len(file.scenes) == int(row["n_series"])
        planes = [file.image(Plane(scene, 0, z)).pixels for scene in range(2) for z in range(2)]
        scene = file.scenes[1]
    assert {plane.shape for plane in planes} == {(251, 251, 1)}
    assert {str(plane.dtype) for plane in planes} == {row["dtype"]}
    assert min(plane.min() for plane in planes) == int(row["min"])
    assert max(plane.max() for plane in planes) == int(row["max"])
    assert (scene.times, scene.depths, scene.channels) == (1, 2, (Channel("ChA"),))
    assert scene.pixel_size_um == pytest.approx(0.19564, abs=1e-5)
    assert (scene.z_step_um, scene.interval_s, scene.axes) == (0.3, None, "BVTCZYX")


def test_projection_of_the_real_file(shared: Path) -> None:
    with ImageFile(shared / "data/files" / REAL) as file:
        both = [file.image(Plane(0, 0, z)).pixels for z in range(2)]
        assert np.array_equal(file.image(Plane(0, 0, -1)).pixels, np.maximum(*both))


def test_scenes_channels_focus_and_time(folder: Path) -> None:
    places = [(s, c, z, t) for s in range(2) for c in range(2) for z in range(3) for t in range(2)]
    blocks = [
        {
            "data": values(20, 30 + s, 1000 * (s * 12 + c * 6 + z * 2 + t)),
            "plane": {"C": c, "Z": z, "T": t},
            "scene": s,
            "location": (100 * s - 40, -7),
        }
        for s, c, z, t in places
    ]
    names, scale = {0: "DAPI", 1: "GFP"}, {"scale_x": 1e-7, "scale_y": 1e-7, "scale_z": 5e-7}
    path = write(folder / "planes.czi", blocks, channel_names=names, **scale)
    with ImageFile(path) as file:
        assert [(s.width, s.height, s.times, s.depths) for s in file.scenes] == [
            (30, 20, 2, 3),
            (31, 20, 2, 3),
        ]
        assert file.scenes[0].channels == (Channel("DAPI"), Channel("GFP"))
        assert file.scenes[0].pixel_size_um == pytest.approx(0.1)
        assert file.scenes[0].z_step_um == pytest.approx(0.5)
        image = file.image(Plane(1, 1, 2))
        expected = [values(20, 31, 1000 * (12 + c * 6 + 4 + 1)) for c in range(2)]
        assert np.array_equal(image.pixels, np.concatenate(expected, axis=2))
        assert (image.is_rgb, image.notes, image.is_lazy) == (False, (), False)


def test_a_mosaic_is_one_picture(folder: Path) -> None:
    tiles = [(0, 0, 1), (40, 0, 2), (0, 25, 3)]
    blocks = [
        {"data": np.full((25, 40, 1), value, np.uint8), "location": (x, y)} for x, y, value in tiles
    ]
    image = read_image(write(folder / "mosaic.czi", blocks))
    assert (image.width, image.height) == (80, 50)
    corners = image.pixels[[0, 0, -1, -1], [0, -1, 0, -1], 0]
    assert corners.tolist() == [1, 2, 3, 0]  # nothing was recorded in the last one


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_are_red_first(folder: Path, dtype: type) -> None:
    rgb = np.arange(6 * 5 * 3, dtype=dtype).reshape(6, 5, 3)
    blue_first = np.ascontiguousarray(rgb[..., ::-1])
    image = read_image(write(folder / "colours.czi", [{"data": blue_first}]))
    assert image.is_rgb and image.pixels.dtype == dtype
    assert np.array_equal(image.pixels, rgb)
    assert image.scenes[0].axes.endswith("YXS")


def test_colours_beside_a_channel_are_channels(folder: Path) -> None:
    colours = np.zeros((4, 4, 3), np.uint8) + np.array([3, 2, 1], np.uint8)
    blocks = [
        {"data": np.full((4, 4, 1), 9, np.uint8), "plane": {"C": 0}},
        {"data": colours, "plane": {"C": 1}},
    ]
    image = read_image(write(folder / "both.czi", blocks))
    assert image.pixels[0, 0].tolist() == [9, 1, 2, 3]
    assert not image.is_rgb and len(image.channel_info) == 4


def test_floats_and_packed_values(folder: Path) -> None:
    from pylibCZIrw import czi

    data = values(40, 50, 0, np.float32) / np.float32(7)
    path = folder / "packed.czi"
    with czi.create_czi(str(path), compression_options="zstd1:ExplicitLevel=1") as file:
        file.write(data)
    assert np.array_equal(read_image(path).pixels, data)


def test_large_planes_stay_in_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_or_lazy, "LAZY_FROM", 1000)
    data = values(90, 70, 0)
    blocks = [{"data": data, "location": (-20, 30), "plane": {"C": c}} for c in range(2)]
    image = read_image(write(folder / "large.czi", blocks))
    assert isinstance(image.pixels, pixels.LazyPixels) and image.levels == ()
    assert image.pixels.shape == (90, 70, 2)
    expected = np.concatenate([data, data], axis=2)
    assert np.array_equal(image.pixels[10:40, 5:70], expected[10:40, 5:70])
    assert np.array_equal(image.pixels[-1, 0], expected[-1, 0])


def test_smaller_sizes_of_the_file_are_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.image import czi_blocks

    monkeypatch.setattr(whole_or_lazy, "LAZY_FROM", 1000)
    block = {"data": np.repeat(np.repeat(values(25, 35, 0), 4, 0), 4, 1)[:-1]}
    # The library writes no smaller copies, so they are only said to be there.
    listed = czi_blocks.SceneBlocks.__init__

    def with_copies(self: Any, index: int | None) -> None:
        listed(self, index, halvings=2)

    monkeypatch.setattr(czi_blocks.SceneBlocks, "__init__", with_copies)
    image = read_image(write(folder / "levels.czi", [block]))
    assert [level.shape for level in image.levels] == [(50, 70, 1), (25, 35, 1)]
    assert np.array_equal(image.levels[1][3:9, 2:30], values(25, 35, 0)[3:9, 2:30])


def test_a_block_that_is_a_smaller_copy_counts_as_a_level() -> None:
    from types import SimpleNamespace as Thing

    from core.image.czi_blocks import SceneBlocks

    scene = SceneBlocks(0)
    for stored in (1024, 512, 256, 128):
        rect, size = Thing(x=0, y=0, w=1024, h=1024), Thing(w=stored, h=stored)
        scene.add(Thing(logicalRect=rect, physicalSize=size, pixelType=Thing(name="Gray8")), {})
    assert (scene.halvings, scene.right, scene.types) == (3, 1024, {0: "Gray8"})


def test_sizes_are_checked_before_anything_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_or_lazy, "MOST_LAZY", 10**9)
    far = [{"data": values(9, 9, 0), "location": (x, x)} for x in (0, 10**6)]
    with pytest.raises(ImageTooLarge, match="1000009 x 1000009 pixels"):
        read_image(write(folder / "far.czi", far))


def test_cut_and_changed_files_end_in_a_sentence(folder: Path) -> None:
    """No variant may end the process; with the library of today none of 1,700 did."""
    blocks = [{"data": values(30, 40, 0), "plane": {"Z": z}} for z in range(2)]
    whole = write(folder / "whole.czi", blocks).read_bytes()
    chance = random.Random(5)
    variants = [whole[: len(whole) * k // 10] for k in range(1, 10)]
    for _ in range(60):
        at, value = chance.randrange(16, len(whole)), chance.randrange(256)
        variants.append(whole[:at] + bytes([value]) + whole[at + 1 :])
    path = folder / "variant.czi"
    for number, variant in enumerate(variants):
        path.write_bytes(variant)
        try:
            read_image(path)
            assert number >= 9, "a file that was cut was read as a whole one"
        except CellscribeError as problem:
            assert str(problem).startswith("Cannot open variant.czi: ")


XML = """<ImageDocument><Metadata><Information><Image><Dimensions>
<Channels><Channel Id="a" Name="DAPI"/><Channel Id="b" Name="GFP"/></Channels>
<T><Positions><Interval><Increment>2.5</Increment></Interval></Positions></T>
<S><Scenes><Scene Index="0" Name="A1"/><Scene Name="no number"/></Scenes></S>
</Dimensions></Image></Information>
<DisplaySetting><Channels><Channel Id="b"><Color>#FF00FF40</Color></Channel>
<Channel Id="a"><Color>#FFFFFF</Color></Channel></Channels></DisplaySetting>
<Scaling><Items><Distance Id="X"><Value>2e-7</Value></Distance>
<Distance Id="Y"><Value>nan</Value></Distance></Items></Scaling></Metadata></ImageDocument>"""


def test_facts() -> None:
    facts = read_czi_facts(XML)
    assert facts.channels == (Channel("DAPI"), Channel("GFP", (0, 255, 64)))
    assert (facts.sizes, facts.z_step_um, facts.interval_s) == (None, None, 2.5)
    assert facts.scene_names == {0: "A1"}


@pytest.mark.parametrize("xml", ["", "no XML", "<!DOCTYPE x []>" + XML])
def test_unsafe_and_broken_texts_say_nothing(xml: str) -> None:
    assert read_czi_facts(xml) == read_czi_facts("")
