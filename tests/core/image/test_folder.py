"""Which files of a folder are images, and in which order."""

import threading
from pathlib import Path

import pytest

from core.errors import Cancelled, UnreadableImage
from core.image import folder as folders
from core.image.folder import images_below, is_image_name, list_images
from core.progress import Ticket
from tests.sealed import seal

IMAGES = [
    "a.png",
    "a.JPG",
    "a.jpeg",
    "a.bmp",
    "a.gif",
    "a.webp",
    "a.tif",
    "a.ome.TIFF",
    "ä細.btf",
    "a.czi",
    "a.LIF",
    "a.nd2",
]
VENDORS = ["a.lsm", "a.stk", "a.svs", "a.scn", "a.ndpi", "a.qptiff"]


@pytest.mark.parametrize("name", IMAGES + VENDORS)
def test_image_names(name: str) -> None:
    assert is_image_name(Path(name))


@pytest.mark.parametrize("name", ["a.txt", "png", ".png", ".hidden.png", "a.png.tmp", "a"])
def test_other_names(name: str) -> None:
    assert not is_image_name(Path(name))


def test_a_long_list_can_be_given_up(folder: Path) -> None:
    (folder / "a.png").touch()
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        list_images(folder, Ticket(stop=stop))


def test_people_count_in_numbers(folder: Path) -> None:
    names = ["img1.png", "Img2.tif", "img2b.png", "img10.png", "img010.png", "img.png", "2.png"]
    for name in reversed(names):
        (folder / name).touch()
    (folder / ".img3.png").touch()
    (folder / "notes.txt").touch()
    (folder / "img4.png").mkdir()
    (folder / "img4.png" / "inside.png").touch()
    listed = [path.name for path in list_images(folder)]
    assert listed == [
        "2.png",
        "img.png",
        "img1.png",
        "Img2.tif",
        "img2b.png",
        "img010.png",
        "img10.png",
    ]
    assert list_images(folder)[0] == folder / "2.png"


def test_digits_beyond_ascii_do_not_confuse(folder: Path) -> None:
    for name in ("z²3.png", "².png", "٣.png", "z1.png"):
        (folder / name).touch()
    assert len(list_images(folder)) == 4


def test_folder_without_images(folder: Path) -> None:
    with pytest.raises(UnreadableImage, match=r"There is no image in .*µm; choose a folder with"):
        list_images(folder)


def test_no_folder_at_all(folder: Path) -> None:
    (folder / "file").touch()
    for path in (folder / "nowhere", folder / "file"):
        with pytest.raises(UnreadableImage, match=r"Cannot list the images in .*; choose another"):
            list_images(path)


def test_a_folder_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.png").touch()
    seal(monkeypatch, folder)
    with pytest.raises(UnreadableImage, match=r"Cannot list the images in .*: permission denied;"):
        list_images(folder)


def test_a_link_to_where_nobody_may_look_does_not_hide_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sealed").mkdir()
    (folder / "sealed" / "a.png").touch()
    (folder / "a.png").symlink_to(folder / "sealed" / "a.png")
    (folder / "b.png").touch()
    seal(monkeypatch, folder / "sealed")
    assert [path.name for path in list_images(folder)] == ["a.png", "b.png"]


def test_results_beside_their_image_are_no_images(folder: Path) -> None:
    for name in ("a.png", "a_labels.tif", "a_labels.png", "a_mask.png", "b_mask.png"):
        (folder / name).touch()
    assert [path.name for path in list_images(folder)] == ["a.png", "b_mask.png"]


def test_images_of_all_folders_below(folder: Path) -> None:
    """A folder that is an image counts as one, and what is in it does not."""
    (folder / "plate" / "b.ome.zarr" / "0").mkdir(parents=True)
    for name in ("c.tif", "notes.txt", "plate/a.png", "plate/.a.png", "plate/b.ome.zarr/0/x.png"):
        (folder / name).touch()
    (folder / "plate" / "b.ome.zarr" / "zarr.json").touch()
    names = [path.relative_to(folder).as_posix() for path in images_below(folder)]
    assert names == ["c.tif", "plate/a.png", "plate/b.ome.zarr"]
    alone = folder / "plate" / "b.ome.zarr"
    assert images_below(alone) == [alone]


def test_a_whole_disk_is_not_looked_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for deep in ("a", "b", "c"):
        (folder / deep).mkdir()
        (folder / deep / "x.png").touch()
    monkeypatch.setattr(folders, "MOST_NAMES", 2)
    assert len(images_below(folder)) == 2
