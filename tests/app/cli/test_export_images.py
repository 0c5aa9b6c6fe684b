"""`cellscribe export` of annotation files in formats with pixels of the images in them."""

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from PIL import Image as PillowImage

from app.cli import main
from app.cli.segment import annotation_set
from core.annotation.annotation_set import AnnotationSet
from core.formats import codec_named
from core.image.model import Image
from core.image.read import read_image
from core.image.source import FIRST, Plane
from core.project.store import Project
from tests.app.samples import SIZE, Pictures, square
from tests.core.image.tiff_samples import ome, ome_image, write_pages


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def written(folder: Path, image: Path, plane: Plane = FIRST, content: bool = True) -> Path:
    """A file as `segment` writes it; content: whether it tells that of the image."""
    read = read_image(image, plane)
    folder.mkdir(exist_ok=True)
    path = folder / f"{image.stem}.json"
    annotations = AnnotationSet(
        read.name,
        read.width,
        read.height,
        (square(5, 5),),
        content_hash=read.content_hash if content else "",
        t=plane.t,
        z=plane.z,
        scene=plane.scene,
    )
    codec_named("json").write(path, annotations)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def pixels(overlay: Path) -> np.ndarray:
    with PillowImage.open(overlay) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("content", [True, False])
def test_images_are_found_in_a_folder_and_below(
    pictures: Pictures, tmp_path: Path, out: Path, content: bool
) -> None:
    files = [written(tmp_path / "r", p, content=content) for p in pictures.series(2)]
    deep = pictures.folder / "plate" / "well"
    deep.mkdir(parents=True)
    shutil.move(pictures.folder / "img2.png", deep)
    words = ("--format", "overlay-png", "--format", "training-set", "--out", out)
    assert run("export", *files, *words, "--images", pictures.folder) == 0
    assert {p.name for p in out.glob("*.png")} == {"img1_overlay.png", "img2_overlay.png"}
    kept = out / "annotations_training-set" / "cells" / "images" / "img2.png"
    assert (pixels(kept) == pixels(deep / "img2.png")).all()


def test_content_counts_and_not_the_name(pictures: Pictures, tmp_path: Path, out: Path) -> None:
    """Names are often exchanged: every camera begins with img1."""
    first, second = pictures.series(2)
    file = written(tmp_path / "r", first)
    first.rename(pictures.folder / "renamed.png")
    second.rename(first)
    words = ("--format", "training-set", "--out", out, "--images", pictures.folder)
    assert run("export", file, *words) == 0
    (kept,) = out.rglob("images/*.png")
    assert (pixels(kept) == pixels(pictures.folder / "renamed.png")).all()


def test_an_image_beside_its_file_is_found_without_a_word(pictures: Pictures, out: Path) -> None:
    file = written(pictures.folder, pictures.discs())
    assert run("export", file, "--format", "overlay-svg", "--out", out) == 0
    assert (out / "a_overlay.svg").exists()


def test_files_of_masks_are_for_the_image_that_they_are_called_like(
    pictures: Pictures, tmp_path: Path, out: Path
) -> None:
    masks = tmp_path / "r" / "a_labels.png"
    masks.parent.mkdir()
    drawn = AnnotationSet("a.png", SIZE, SIZE, (square(5, 5),))
    codec_named("label-png").write(masks, drawn)
    pictures.discs("a.png")
    words = ("--format", "overlay-png", "--out", out)
    assert run("export", masks, *words, "--images", pictures.folder) == 0
    assert [p.name for p in out.glob("*.png")] == ["a_labels_overlay.png"]


def test_the_plane_that_was_outlined_is_shown(tmp_path: Path, out: Path) -> None:
    stack = np.zeros((3, SIZE, SIZE), np.uint8)
    stack[2, 40:60, 40:60] = 200
    image = tmp_path / "stack.tif"
    tifffile.imwrite(image, stack, imagej=True, metadata={"axes": "ZYX"})
    file = written(tmp_path, image, Plane(z=2))
    assert run("export", file, "--format", "training-set", "--out", out) == 0
    (kept,) = out.rglob("images/*.png")
    assert (np.asarray(PillowImage.open(kept)) == stack[2]).all()
    told = json.loads((out / "manifest.json").read_text())
    assert told["images"][0]["plane"] == [0, 0, 2]


def test_the_scene_that_was_outlined_is_shown(tmp_path: Path, out: Path) -> None:
    """From the project through the file to the pixels of the second of two fields."""
    name = "fields.ome.tif"
    fields = [ome_image(str(n), (1, 1, 1), [(0, 0, 0, n, name)]) for n in range(2)]
    image = write_pages(tmp_path / name, [1, 2], ome("".join(fields), name))
    project = tmp_path / "p.cellscribe"
    with Project.create(project) as made:
        made.add_image(read_image(image, Plane(scene=1)))
    assert run("export", project, "--format", "json", "--out", tmp_path / "r") == 0
    (file,) = (tmp_path / "r").glob("fields*.json")
    words = ("--format", "training-set", "--out", out, "--images", tmp_path)
    assert run("export", file, *words) == 0
    (kept,) = out.rglob("images/*.png")
    assert (np.asarray(PillowImage.open(kept)) == 2).all()


def test_segment_tells_the_plane() -> None:
    image = Image(np.zeros((4, 5, 1), np.uint8), plane=Plane(3, 1, 2))
    config = SimpleNamespace(threshold=0.5)
    result = SimpleNamespace(
        config=config, regions=(), maps=SimpleNamespace(model="x"), processing_time_ms=1.0
    )
    told = annotation_set(image, result)  # type: ignore[arg-type]
    assert (told.scene, told.t, told.z) == (3, 1, 2)


def test_what_is_not_found_is_named_before_anything_is_written(
    pictures: Pictures, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [written(tmp_path / "r", p) for p in pictures.series(3)]
    (pictures.folder / "img2.png").unlink()
    pictures.discs("img3.png", (7,))
    words = ("--format", "overlay-png", "--format", "geojson", "--out", out)
    assert run("export", *files, *words, "--images", pictures.folder) == 2
    told = capsys.readouterr().err
    assert f"Neither {pictures.folder} nor a folder below holds" in told
    assert "img2.json (img2.png), img3.json (img3.png is there with another content)" in told
    assert "img1.json" not in told and "name another folder with --images" in told
    assert not out.exists()
    assert run("export", *files, *words) == 2
    told = capsys.readouterr().err
    assert "img1.json (img1.png)" in told and "name the folder of the images with --images" in told


def test_two_images_of_one_name_are_told(
    pictures: Pictures, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = pictures.discs()
    file = written(tmp_path / "r", image, content=False)
    (pictures.folder / "other").mkdir()
    shutil.copy(image, pictures.folder / "other")
    words = ("--format", "overlay-png", "--out", out, "--images", pictures.folder)
    assert run("export", file, *words) == 2
    assert "a.json (2 images are called a.png)" in capsys.readouterr().err


def test_tables_do_without_pixels(
    pictures: Pictures, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "r", pictures.discs())
    words = ("--format", "csv", "--out", out)
    assert run("export", file, *words) == 0
    assert "brightness is empty" in capsys.readouterr().out
    assert run("export", file, *words, "--overwrite", "--images", pictures.folder) == 0
    assert "brightness is empty" not in capsys.readouterr().out


def test_an_image_is_never_replaced(
    pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = pictures.discs("a_overlay.png")
    os.link(image, pictures.folder / "b.png")
    file = written(tmp_path / "r", image).rename(tmp_path / "r" / "a.json")
    text = file.read_text().replace('"a_overlay.png"', '"a.png"')
    file.write_text(text)
    before = image.read_bytes()
    words = ("--format", "overlay-png", "--out", pictures.folder, "--overwrite")
    assert run("export", file, *words, "--images", pictures.folder) == 2
    assert "it is the name of an image" in capsys.readouterr().err
    assert image.read_bytes() == before


@pytest.mark.parametrize(
    ("input_name", "folder", "sentence"),
    [
        ("a.json", "nowhere", "There is no folder"),
        ("p.cellscribe", ".", "a project knows its images"),
    ],
)
def test_senseless_folders_are_refused(
    input_name: str,
    folder: str,
    sentence: str,
    pictures: Pictures,
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(pictures.folder, pictures.discs())
    words = ("--format", "overlay-png", "--out", out, "--images", pictures.folder / folder)
    assert run("export", pictures.folder / input_name, *words) == 2
    assert sentence in capsys.readouterr().err
