"""Which planes of which files `segment` works on, and how their results are named."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import tifffile

from app.cli.planes import Job, add_options, distinct, jobs_of
from app.cli.segment import _jobs as listed
from core.errors import UnreadableImage, UsageError
from core.image.source import PROJECTION, Plane
from tests.core.image.tiff_samples import ome, ome_image, write_pages


def jobs(path: Path, *arguments: str) -> list[Job]:
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("--channels", default="")
    return jobs_of(path, parser.parse_args(arguments))


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """Three time points, two focal planes, two channels."""
    path = tmp_path / "cells.day 1.tif"
    pixels = np.zeros((3, 2, 2, 20, 30), np.uint16)
    tifffile.imwrite(path, pixels, imagej=True, metadata={"axes": "TZCYX"})
    return path


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """Two scenes, of which the second has three focal planes."""
    images = [
        ome_image("one", (1, 1, 1), [(0, 0, 0, 0, "scenes.ome.tif")]),
        ome_image("two", (1, 1, 3), [(0, 0, z, z + 1, "scenes.ome.tif") for z in range(3)]),
    ]
    xml = ome("".join(images), "scenes.ome.tif")
    return write_pages(tmp_path / "scenes.ome.tif", [1, 2, 3, 4], xml)


def test_the_first_plane_is_the_default_and_that_is_told(stack: Path) -> None:
    (job,) = jobs(stack)
    assert (job.plane, job.name) == (Plane(), "cells.day 1.tif")
    assert job.notes == (
        "The first of 3 time points and of 2 focal planes and of 2 channels is used; "
        "choose others with --time and --depth and --channels.",
    )
    (job, *_) = jobs(stack, "--time", "all", "--depth", "1-2")
    assert job.notes == ("The first of 2 channels is used; choose others with --channels.",)
    assert jobs(stack, "--time", "2", "--depth", "max", "--channels", "1,2")[0].notes == ()
    assert jobs(stack, "--time", "1", "--depth", "1", "--channels", "1")[0].notes == ()


def test_what_is_told_is_true_of_the_scene(scenes: Path) -> None:
    (job,) = jobs(scenes)
    assert job.notes == ("The first of 2 scenes is used; choose others with --scene.",)
    first, second = jobs(scenes, "--scene", "all")
    assert first.notes == ()
    assert second.notes == ("The first of 3 focal planes is used; choose others with --depth.",)


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [("2", [1]), ("all", [0, 1, 2]), ("1,3", [0, 2]), ("2-3", [1, 2]), ("3,1-2,3", [2, 0, 1])],
)
def test_some_of_them(stack: Path, wish: str, numbers: list[int]) -> None:
    found = jobs(stack, "--time", wish)
    assert [job.plane for job in found] == [Plane(t=number) for number in numbers]
    names = ["cells.day 1.tif", "cells.day 1_t2.tif", "cells.day 1_t3.tif"]
    assert [job.name for job in found] == [names[n] for n in numbers]


@pytest.mark.parametrize("wish", ["0", "4", "-1", "x", "", "1,", "1-4", "3-2", "1.5", "²", "1--2"])
def test_what_is_not_there_is_one_sentence(stack: Path, wish: str) -> None:
    with pytest.raises(UsageError, match=r"^There is no time point '[^']*': [^\n]+\.$"):
        jobs(stack, f"--time={wish}")


def test_all_planes_have_names_of_their_own(stack: Path, scenes: Path) -> None:
    found = jobs(stack, "--time", "all", "--depth", "all")
    assert len({job.name for job in found}) == 6
    assert found[-1].name == "cells.day 1_t3_z2.tif"
    found = jobs(scenes, "--scene", "all", "--depth", "all")
    assert [job.plane for job in found] == [Plane(), *(Plane(1, 0, z) for z in range(3))]
    assert len({job.name for job in found}) == 4


def test_a_projection_where_there_is_depth(scenes: Path) -> None:
    found = jobs(scenes, "--scene", "all", "--depth", "max")
    assert [job.plane for job in found] == [Plane(), Plane(1, 0, PROJECTION)]
    assert [job.name for job in found] == ["scenes.ome.tif", "scenes_s2_zmax.ome.tif"]


def test_a_scene_that_lacks_the_plane_is_told(scenes: Path) -> None:
    assert jobs(scenes, "--scene", "2", "--depth", "3")[0].plane == Plane(1, 0, 2)
    with pytest.raises(UsageError, match=r"no focal plane '3' in scene 1: there is one focal"):
        jobs(scenes, "--scene", "all", "--depth", "3")


@pytest.mark.parametrize("name", ["nosuch", "broken.tif", "br\udcfcche.tif"])
def test_what_cannot_be_opened_is_named_as_it_was_given(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad").mkdir()
    Path("bad/broken.tif").write_bytes(b"II*\0")
    given = str(Path("bad", name.replace("\udcfc", "?")))
    with pytest.raises(UnreadableImage) as refused:
        jobs(Path("bad", name))
    assert str(refused.value).startswith(f"Cannot open {given}: ")


def test_a_set_of_files_is_one_image(tmp_path: Path) -> None:
    """Each of its files opens the whole set, so one of them is enough."""
    names = ["c0.ome.tif", "c1.ome.tif", "c2.ome.tif"]
    image = ome_image("x", (1, 3, 1), [(0, c, 0, 0, name) for c, name in enumerate(names)])
    paths = [write_pages(tmp_path / name, [7], ome(image, name)) for name in names]
    other = write_pages(tmp_path / "other.tif", [1], "")
    found = distinct(job for path in (*paths, other, other) for job in jobs(path))
    assert [job.path for job in found] == [paths[0], other]


def test_a_zarr_folder_is_one_image(tmp_path: Path) -> None:
    """It is a folder and an image in one, so it lists itself."""
    zarr = pytest.importorskip("zarr", reason="the extra 'formats' is not installed")
    path = tmp_path / "a.zarr"
    group = zarr.open_group(str(path), mode="w", zarr_format=2)
    group.create_array("0", shape=(5, 6), dtype="u1")[...] = 1
    told = {"axes": [{"name": "y"}, {"name": "x"}], "datasets": [{"path": "0"}]}
    group.attrs["multiscales"] = [told]
    for inputs in ([path], [tmp_path]):
        options = argparse.Namespace(inputs=inputs, scene=None, time=None, depth=None, channels="")
        found, problems = listed(options)
        assert ([job.path for job in found], problems) == ([path], [])


def test_a_file_that_lacks_a_wished_plane_is_refused_whole(scenes: Path) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("inputs", nargs="*", type=Path)
    parser.add_argument("--channels", default="")
    wish = [str(scenes), "--scene", "2,1", "--depth", "2"]
    found, problems = listed(parser.parse_args(wish))
    assert found == [] and [path for path, _ in problems] == [scenes]
