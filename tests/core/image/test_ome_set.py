"""OME-TIFF over several files: neighbours are read together, nothing else is ever opened."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import UnreadableImage
from core.image.ome_set import ome_set
from core.image.read import ImageFile
from core.image.source import Plane
from tests.core.image.tiff_samples import (
    binary_only,
    ome,
    ome_image,
    uuid_of,
    write_pages,
)

_opened: list[str] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        _opened.append(str(arguments[0]))


sys.addaudithook(_watch)  # there is no way to take it back


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The names of all files that are opened during a test, by any library."""
    _opened.clear()
    yield _opened


def values(path: Path, scene: int = 0) -> dict[tuple[int, int], list[int]]:
    """The channels of each plane by (t, z)."""
    with ImageFile(path) as file:
        told = file.scenes[scene]
        return {
            (t, z): file.image(Plane(scene, t, z)).pixels[3, 4].tolist()
            for t in range(told.times)
            for z in range(told.depths)
        }


def by_channel(folder: Path) -> list[Path]:
    """A file for each of two channels, with three focal planes each."""
    names = ["a_C0.ome.tif", "a_C1.ome.tif"]
    places = [(0, c, z, z, names[c]) for c in range(2) for z in range(3)]
    image = ome_image("both", (1, 2, 3), places)
    return [
        write_pages(folder / name, [100 * c + z + 1 for z in range(3)], ome(image, name))
        for c, name in enumerate(names)
    ]


def test_a_file_for_each_channel(folder: Path) -> None:
    first, second = by_channel(folder)
    expected = {(0, z): [z + 1, 101 + z] for z in range(3)}
    assert values(first) == values(second) == expected
    with ImageFile(second) as file:
        (scene,) = file.scenes
        assert (scene.pixel_size_um, scene.files) == (0.3, (first,))
        assert [channel.name for channel in scene.channels] == ["ch0", "ch1"]
        assert "2 files of its folder" in file.image().notes[0]


def test_a_file_for_each_position(folder: Path) -> None:
    names = [f"mm_Pos{n}.ome.tif" for n in range(3)]
    images = [
        ome_image(f"Pos{n}", (2, 1, 1), [(t, 0, 0, t, name) for t in range(2)])
        for n, name in enumerate(names)
    ]
    for n, name in enumerate(names):
        write_pages(folder / name, [10 * n, 10 * n + 1], ome("".join(images), name))
    for n in range(3):
        assert values(folder / names[1], n) == {(0, 0): [10 * n], (1, 0): [10 * n + 1]}
    for n in (0, 2):
        (folder / names[n]).unlink()
    with ImageFile(folder / names[1]) as file:
        assert [(scene.name, scene.files) for scene in file.scenes] == [("Pos1", ())]
    assert values(folder / names[1]) == {(0, 0): [10], (1, 0): [11]}


@pytest.mark.parametrize("companion", ["c.companion.ome", "c_0.ome.tif"])
def test_metadata_in_another_file(folder: Path, companion: str) -> None:
    names = [f"c_{t}.ome.tif" for t in range(3)]
    image = ome_image("film", (3, 1, 1), [(t, 0, 0, 0, name) for t, name in enumerate(names)])
    for t, name in enumerate(names):
        write_pages(folder / name, [7 * t], binary_only(name, companion))
    if companion in names:
        write_pages(folder / companion, [0], ome(image, companion))
    else:
        (folder / companion).write_text(ome(image, companion), "utf-8")
    for name in names:
        assert values(folder / name) == {(t, 0): [7 * t] for t in range(3)}


def _missing(path: Path) -> None:
    path.unlink()


def _text(path: Path) -> None:
    path.write_text("no TIFF")


def _link(path: Path) -> None:
    outside = path.parent.parent / path.name
    shutil.move(path, outside)
    path.symlink_to(outside)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [_missing, _text, _link, _folder])
def test_what_is_not_there_is_0_and_told(folder: Path, change: object) -> None:
    first, second = by_channel(folder)
    change(first)  # type: ignore[operator]
    assert values(second) == {(0, z): [0, 101 + z] for z in range(3)}
    with ImageFile(second) as file:
        assert file.scenes[0].files == ()
        assert "in no file that is here" in file.image().notes[0]


@pytest.mark.parametrize("name", ["../{}", "{}/../x.tif", "/{}", "sub/{}", "..\\{}", "", ".", ".."])
def test_names_that_lead_elsewhere_are_never_opened(
    folder: Path, opened: list[str], name: str
) -> None:
    canary = folder.parent / "canary.ome.tif"
    other = name.format(str(canary) if name.startswith("/") else canary.name)
    places = [(0, 0, 0, 0, "own.ome.tif"), (0, 1, 0, 0, other)]
    xml = ome(ome_image("x", (1, 2, 1), places), "own.ome.tif")
    write_pages(canary, [9], xml)
    path = write_pages(folder / "own.ome.tif", [5], xml)
    opened.clear()
    assert values(path) == {(0, 0): [5, 0]}
    assert not any("canary" in file for file in opened)


@pytest.mark.parametrize("name", ["../canary.ome.tif", "../canary.companion.ome"])
def test_metadata_elsewhere_are_never_opened(folder: Path, opened: list[str], name: str) -> None:
    image = ome_image("film", (1, 1, 1), [(0, 0, 0, 0, "own.ome.tif")])
    (folder.parent / "canary.companion.ome").write_text(ome(image))
    write_pages(folder.parent / "canary.ome.tif", [1], ome(image))
    path = write_pages(folder / "own.ome.tif", [5], binary_only("own.ome.tif", name))
    opened.clear()
    assert values(path) == {(0, 0): [5]}
    assert not any("canary" in file for file in opened)


def test_a_damaged_neighbour_is_told(folder: Path) -> None:
    first, second = by_channel(folder)
    first.write_bytes(first.read_bytes()[:3000])
    with pytest.raises(UnreadableImage, match=r"^Cannot open a_C1\.ome\.tif: it is damaged"):
        values(second)


@pytest.mark.parametrize("own", ["", "old.ome.tif"])
def test_a_file_that_was_renamed(folder: Path, own: str) -> None:
    places = [(t, 0, 0, t, "old.ome.tif") for t in range(2)]
    path = folder / "new.ome.tif"
    write_pages(path, [3, 4], ome(ome_image("x", (2, 1, 1), places), own))
    assert values(path) == {(0, 0): [3], (1, 0): [4]}
    with ImageFile(path) as file:
        assert (file.scenes[0].name, file.scenes[0].pixel_size_um) == ("x", 0.3)


def test_text_without_other_files_is_left_alone(folder: Path) -> None:
    for xml in ("", "<OME", "<OME><Image/></OME>", '<OME FileName="x"'):
        assert ome_set(xml, folder / "a.tif").xml == xml
    assert uuid_of("a") in ome("", "a")
