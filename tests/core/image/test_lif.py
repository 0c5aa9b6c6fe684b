"""LIF files: the real one, and made-up ones for what it does not have."""

import csv
import random
import struct
from pathlib import Path

import numpy as np
import pytest

from core.errors import CellscribeError, UnreadableImage
from core.image import pixels, whole_or_lazy
from core.image.read import ImageFile, read_image
from core.image.source import Channel, Plane

pytest.importorskip("liffile", reason="the extra 'formats' is not installed")
REAL = "LeicaLASX_wavelength-sweep_example.lif"
Dimension = tuple[int, int, float, str, int]  # id, places, length, unit, bytes to the next one
ChannelRow = tuple[int, int, str, int]  # tag, bits, colour table, bytes from the first one


def image_xml(
    name: str, dimensions: list[Dimension], channels: list[ChannelRow], block: str
) -> str:
    rows = "".join(
        f'<DimensionDescription DimID="{i}" NumberOfElements="{n}" Origin="5e-7" '
        f'Length="{length}" Unit="{unit}" BitInc="0" BytesInc="{step}"/>'
        for i, n, length, unit, step in dimensions
    )
    told = "".join(
        f'<ChannelDescription DataType="0" ChannelTag="{tag}" Resolution="{bits}" '
        f'NameOfMeasuredQuantity="" Min="0" Max="255" Unit="" LUTName="{table}" '
        f'IsLUTInverted="0" BytesInc="{step}" BitInc="0"/>'
        for tag, bits, table, step in channels
    )
    return (
        f'<Element Name="{name}"><Data><Image><ImageDescription><Channels>{told}</Channels>'
        f"<Dimensions>{rows}</Dimensions></ImageDescription></Image></Data>"
        f'<Memory Size="0" MemoryBlockID="{block}"/></Element>'
    )


def write(path: Path, images: list[str], blocks: dict[str, bytes], prologue: str = "") -> Path:
    """A LIF file of version 2 as far as its structure goes."""
    xml = (
        f'{prologue}<LMSDataContainerHeader Version="2"><Element Name="file"><Children>'
        f"{''.join(images)}</Children></Element></LMSDataContainerHeader>"
    )
    data = struct.pack("<IIBI", 0x70, 2 * len(xml) + 5, 0x2A, len(xml)) + xml.encode("utf-16-le")
    for name, content in blocks.items():
        head = struct.pack("<IIBQBI", 0x70, 0, 0x2A, len(content), 0x2A, len(name))
        data += head + name.encode("utf-16-le") + content
    path.write_bytes(data)
    return path


GREY: list[ChannelRow] = [(0, 8, "Gray", 0)]


def flat(height: int, width: int, size: int = 1, length: float = 1e-5) -> list[Dimension]:
    return [(1, width, length, "m", size), (2, height, length, "m", size * width)]


def test_real_file_is_as_the_manifest_says(shared: Path) -> None:
    with (shared / "data/files/manifest.csv").open(newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["file"] == REAL]
    with ImageFile(shared / "data/files" / REAL) as file:
        assert file.content_hash.startswith(rows[0]["sha256"])
        assert len(file.scenes) == 3
        for number, row in enumerate(rows):
            image = file.image(Plane(number))
            first = image.pixels[..., 0]
            assert first.shape == (64, 64) and image.pixels.dtype == np.uint8
            assert (first.min(), first.max()) == (int(row["min"]), int(row["max"]))
            assert image.pixel_size_um == pytest.approx(1 / 9.54067119984844)
            assert f"name={file.scenes[number].name};" in row["notes"]
        last = file.scenes[2]
        counts = [(s.times, s.depths, len(s.channels)) for s in file.scenes]
        assert counts == [(1, 1, 20), (1, 1, 15), (2, 11, 10)]
        assert [c.name for c in last.channels][:2] == ["550 nm", "555 nm"]
        assert last.z_step_um == pytest.approx(1 / 1.9991895285651198)
        assert last.interval_s == pytest.approx(1 / 0.01235941169200346)
        assert [scene.notes for scene in file.scenes] == [()] * 3


def test_planes_of_the_real_file_are_those_of_the_library(shared: Path) -> None:
    import liffile

    path = shared / "data/files" / REAL
    with liffile.LifFile(path) as lif:
        spectrum, stack = lif.images[0].asarray(), lif.images[2].asarray()
    with ImageFile(path) as file:
        assert np.array_equal(file.image(Plane(0)).pixels, np.moveaxis(spectrum, 0, 2))
        assert np.array_equal(file.image(Plane(2, 1, 4)).pixels[..., 3], stack[1, 3, 4])


def test_channels_of_different_depth_and_colour(folder: Path) -> None:
    first = np.arange(12, dtype=np.uint16).reshape(3, 4) * 1000
    second = np.arange(12, dtype=np.uint16).reshape(3, 4)
    channels = [(0, 12, "Green", 0), (0, 12, "Gray", 24)]
    xml = image_xml("two", flat(3, 4, 2, 6e-7), channels, "b")
    image = read_image(write(folder / "two.lif", [xml], {"b": first.tobytes() + second.tobytes()}))
    assert np.array_equal(image.pixels, np.stack([first, second], axis=2))
    assert image.channel_info == (Channel("", (0, 255, 0)), Channel())
    assert image.notes == ("Pixels are not square (0.2 x 0.3 µm): lengths are in pixels.",)


def test_colours_are_red_first_whatever_their_order(folder: Path) -> None:
    rgb = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    rows: list[Dimension] = [(1, 5, 1.0, "m", 3), (2, 4, 1.0, "m", 15)]
    channels = [(3, 8, "Blue", 0), (2, 8, "Green", 1), (1, 8, "Red", 2)]
    path = write(
        folder / "rgb.lif", [image_xml("c", rows, channels, "b")], {"b": rgb[..., ::-1].tobytes()}
    )
    image = read_image(path)
    assert image.is_rgb and np.array_equal(image.pixels, rgb)


def test_a_spectrum_is_channels(folder: Path) -> None:
    data = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
    rows = [*flat(4, 5), (5, 3, 2e-8, "m", 20)]
    path = write(folder / "s.lif", [image_xml("s", rows, GREY, "b")], {"b": data.tobytes()})
    image = read_image(path)
    assert np.array_equal(image.pixels, np.moveaxis(data, 0, 2))
    assert [channel.name for channel in image.channel_info] == ["500 nm", "510 nm", "520 nm"]
    assert image.scenes[0].depths == 1


def test_emission_for_each_excitation_is_channels_as_far_as_there_may_be_so_many(
    folder: Path,
) -> None:
    data = np.arange(3 * 2 * 4 * 5, dtype=np.uint8).reshape(3, 2, 4, 5)
    rows = [*flat(4, 5), (5, 2, 1e-8, "m", 20), (9, 3, 2e-8, "m", 40)]
    path = write(folder / "two.lif", [image_xml("s", rows, GREY, "b")], {"b": data.tobytes()})
    image = read_image(path)
    assert image.pixels.shape == (4, 5, 6)
    assert image.channel_info[1].name == "500 nm 510 nm"
    assert np.array_equal(image.pixels[..., 1], data[1, 0])
    rows = [*flat(4, 5), (5, 600, 1e-9, "m", 20)]
    data = np.zeros((600, 4, 5), np.uint8)
    path = write(folder / "long.lif", [image_xml("s", rows, GREY, "b")], {"b": data.tobytes()})
    image = read_image(path)
    assert (image.channels, image.scenes[0].depths) == (1, 600)
    assert image.scenes[0].notes[1:] == ("The 600 planes along the axis λ count as focal planes.",)


def test_tiles_are_scenes(folder: Path) -> None:
    data = np.arange(2 * 4 * 5, dtype=np.uint8).reshape(2, 4, 5)
    rows = [*flat(4, 5), (10, 2, 1.0, "", 20)]
    path = write(folder / "m.lif", [image_xml("m", rows, GREY, "b")], {"b": data.tobytes()})
    with ImageFile(path) as file:
        assert [scene.name for scene in file.scenes] == ["m, tile 1", "m, tile 2"]
        assert np.array_equal(file.image(Plane(1)).pixels[..., 0], data[1])


def test_a_scan_along_a_line_has_its_focus_downwards(folder: Path) -> None:
    data = np.arange(20, dtype=np.uint8).reshape(4, 5)
    rows: list[Dimension] = [(1, 5, 4e-6, "m", 1), (3, 4, -3e-6, "m", 5)]
    path = write(folder / "xz.lif", [image_xml("xz", rows, GREY, "b")], {"b": data.tobytes()})
    image = read_image(path)
    assert np.array_equal(image.pixels[..., 0], data)
    assert (image.scenes[0].depths, image.pixel_size_um) == (1, 1.0)


def test_large_planes_stay_in_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_or_lazy, "LAZY_FROM", 1000)
    data = np.arange(2000, dtype=np.uint16).reshape(40, 50)
    xml = image_xml("large", flat(40, 50, 2), [(0, 16, "Gray", 0)], "b")
    image = read_image(write(folder / "large.lif", [xml], {"b": data.tobytes()}))
    assert isinstance(image.pixels, pixels.LazyPixels)
    assert np.array_equal(image.pixels[10:20, 5:9, 0], data[10:20, 5:9])


BAD = {
    "beyond the block": (image_xml("x", flat(9, 5), GREY, "b"), "damaged or cut short"),
    "no such block": (image_xml("x", flat(4, 5), GREY, "c"), "damaged or cut short"),
    "backwards": (
        image_xml("x", [(1, 5, 1.0, "m", -1), (2, 4, 1.0, "m", 5)], GREY, "b"),
        "damaged or cut short",
    ),
    "endless": (
        image_xml("x", [(1, 2**40, 1.0, "m", 1), (2, 2**40, 1.0, "m", 5)], GREY, "b"),
        "damaged or cut short",
    ),
    "nothing": (image_xml("x", flat(0, 5), GREY, "b"), "damaged or cut short"),
    "no pictures": (image_xml("x", flat(4, 5)[:1], GREY, "b"), "it has no images"),
    "odd values": (image_xml("x", flat(4, 5), [(0, 64, "Gray", 0)], "b"), "plain numbers"),
}


@pytest.mark.parametrize("name", BAD)
def test_odd_layouts_are_refused(folder: Path, name: str) -> None:
    xml, reason = BAD[name]
    path = write(folder / "odd.lif", [xml], {"b": bytes(20)})
    with pytest.raises(UnreadableImage, match=reason):
        read_image(path)


def test_entities_are_refused_before_they_are_read(folder: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = write(folder / "bomb.lif", [], {}, bomb)
    with pytest.raises(UnreadableImage, match="unsafe to read"):
        read_image(path)


def test_cut_and_changed_files_end_in_a_sentence(folder: Path, shared: Path) -> None:
    whole = (shared / "data/files" / REAL).read_bytes()
    chance = random.Random(5)
    path = folder / "variant.lif"
    for part in range(1, 21):
        path.write_bytes(whole[: len(whole) * part // 21])
        with pytest.raises(CellscribeError, match=r"Cannot open variant\.lif: "):
            read_image(path, Plane(2))
    for _ in range(40):
        at = chance.randrange(5000)
        path.write_bytes(whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :])
        try:
            read_image(path)
        except CellscribeError as problem:
            assert str(problem).startswith("Cannot open variant.lif: ")
