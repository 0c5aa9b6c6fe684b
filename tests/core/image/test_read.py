"""What holds for every kind of file: values, hash, errors as sentences, real images."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from core.errors import CellscribeError, ImageTooLarge, UnreadableImage
from core.image import read
from core.image.read import ImageFile, read_image
from core.image.source import Plane
from tests.sealed import seal

GREY = np.arange(12 * 9, dtype=np.uint8).reshape(9, 12)


def test_says_what_it_read(folder: Path) -> None:
    path = folder / "Zelle 細胞.png"
    Pillow.fromarray(GREY).save(path)
    image = read_image(path)
    assert (image.path, image.name) == (path, "Zelle 細胞.png")
    assert (image.height, image.width, image.channels) == (9, 12, 1)
    assert image.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (image.pixel_size_um, image.notes, image.is_rgb) == (None, (), False)
    assert image.pixels.flags.c_contiguous and not image.pixels.flags.writeable


def test_content_decides_and_not_the_name(folder: Path) -> None:
    path = folder / "really a TIFF.png"
    tifffile.imwrite(path, GREY.astype(np.uint16))
    assert read_image(path).pixels.dtype == np.uint16


BROKEN = {
    "empty": (b"", "the file is empty"),
    "text": (b"BM is a text like any other\n", "it is a text file"),
    "german": ("Größe der Zelle".encode(), "it is a text file"),
    "html": (b"\n<!DOCTYPE html><html>", "it is a web page"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
    "czi": (b"ZISRAWFILE" + bytes(50), "it is damaged"),
    "gif": (b"GIF89a" + bytes(50), "it is damaged"),
    "zip": (b"PK\x03\x04" + bytes(50), "ZIP archive"),
    "noise": (bytes(range(128, 256)), "it is not a TIFF, PNG, JPEG or BMP image"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(50), "it is damaged"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(50), "it is damaged"),
    "bmp": (b"BM" + bytes(50), "it is damaged"),
    "tiff": (b"II*\0" + bytes(50), "it is damaged"),
    "bigtiff": (b"MM\0+" + bytes(50), "it is damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_sentence_says_why(folder: Path, name: str) -> None:
    content, reason = BROKEN[name]
    path = folder / f"{name}.tif"
    path.write_bytes(content)
    _expect_sentence(path, reason)


def test_missing_folder_and_device(folder: Path) -> None:
    _expect_sentence(folder / "nowhere.tif", "there is no such file")
    _expect_sentence(folder, "it is a folder")
    _expect_sentence(Path(os.devnull), "not a file")


def test_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "secret.png"
    path.touch()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    _expect_sentence(path, "permission denied")


def test_file_in_a_folder_without_rights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "secret.png").touch()
    seal(monkeypatch, folder)
    _expect_sentence(folder / "secret.png", "permission denied; check who may read it")
    _expect_sentence(folder / "nowhere.png", "permission denied; check who may read it")


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        (RecursionError, UnreadableImage),
        (KeyError, UnreadableImage),
        (SyntaxError, UnreadableImage),
        (MemoryError, ImageTooLarge),
    ],
)
def test_whatever_a_decoder_raises(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    raised: type[Exception],
    shown: type[CellscribeError],
) -> None:
    path = folder / "odd.png"
    Pillow.fromarray(GREY).save(path)

    def fail(*_: object) -> None:
        raise raised("internal detail")

    monkeypatch.setattr(read, "source_of", fail)
    with pytest.raises(shown, match=r"^Cannot open odd\.png: [^\n]+\.$") as caught:
        read_image(path)
    assert "internal detail" not in str(caught.value)


def test_many_threads_do_not_mix_their_files(folder: Path) -> None:
    good, bad = folder / "good.tif", folder / "bad.tif"
    tifffile.imwrite(good, np.stack([GREY] * 3), photometric="minisblack")
    bad.write_bytes(good.read_bytes()[:-50])

    def outcome(path: Path) -> bool:
        try:
            return read_image(path).pixels.shape == (9, 12, 1)
        except UnreadableImage:
            return False

    filters = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, [good, bad] * 40)) == [True, False] * 40
    assert warnings.filters == filters


@pytest.mark.skipif(os.name != "posix", reason="names are bytes only there")
def test_name_that_is_no_text(folder: Path) -> None:
    with pytest.raises(UnreadableImage, match=r"^Cannot open Z\?lle\.tif: ") as caught:
        read_image(folder / os.fsdecode(b"Z\xe4lle.tif"))
    assert str(caught.value).encode()


def _expect_sentence(path: Path, reason: str) -> None:
    with pytest.raises(UnreadableImage) as caught:
        read_image(path)
    text = str(caught.value)
    assert text.startswith(f"Cannot open {path.name}: ")
    assert reason in text
    assert text.endswith(".") and "\n" not in text and ".." not in text


def test_import_is_light() -> None:
    heavy = "{'torch', 'scipy', 'PySide6', 'PIL', 'tifffile', 'cv2', 'skimage'}"
    code = f"import sys, core.image.read, core.image.scale; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# What the manifest cannot say: palettes expanded, transparency dropped, channels last, one plane.
EXPECTED_OTHERWISE = {
    "d03_rgba.png": ((256, 320, 3), None),
    "d04_palette.png": ((256, 320, 3), None),
    "d05_zcyx_hyperstack.tif": ((160, 200, 2), 0.65),
    "d06_zcyx.ome.tif": ((160, 200, 2), 0.65),
    "xyc_16bit__nuclei_golgi.tif": ((220, 204, 2), 0.515752),
    "xyc_8bit__membranes_nuclei.tif": ((354, 475, 2), None),
    "xyz_8bit__nucleus.tif": ((207, 207, 1), None),
    "xyzc_16bit__spots.tif": ((88, 89, 2), 0.0941345),
}
CONVERTED = ("d03_rgba.png", "d04_palette.png")
STACKS = {
    "d05_zcyx_hyperstack.tif": 3,
    "d06_zcyx.ome.tif": 3,
    "xyz_8bit__nucleus.tif": 7,
    "xyzc_16bit__spots.tif": 17,
}


def test_real_files_match_their_manifest(shared: Path) -> None:
    """CZI and LIF have tests of their own."""
    with (shared / "data/files/manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["file"].endswith(("lif", "czi"))]
    assert len(rows) == 17
    for row in rows:
        _compare(shared / "data/files" / row["file"], row)


def _compare(path: Path, row: dict[str, str]) -> None:
    given = tuple(int(part) for part in row["shape"].split("x"))
    shape, size = EXPECTED_OTHERWISE.get(path.name, ((*given, 1)[:3], None))
    depths = STACKS.get(path.name, 1)
    with ImageFile(path) as file:
        (scene,) = file.scenes
        planes = [file.image(Plane(z=z)) for z in range(scene.depths)]
    assert {image.pixels.shape for image in planes} == {shape}, path.name
    assert {str(image.pixels.dtype) for image in planes} == {row["dtype"]} == {str(scene.dtype)}
    assert planes[0].is_rgb == scene.is_rgb == (shape[2] == 3)
    assert scene.pixel_size_um == pytest.approx(size) == planes[0].pixel_size_um
    assert planes[0].content_hash.startswith(row["sha256"])
    assert (scene.times, scene.depths) == (1, depths)
    if path.name not in CONVERTED:
        assert "x".join(map(str, scene.stored_shape)) == row["shape"]
        assert scene.axes == row["axes"]
        extremes = min(i.pixels.min() for i in planes), max(i.pixels.max() for i in planes)
        assert extremes == pytest.approx((float(row["min"]), float(row["max"])), rel=1e-5)


def test_converted_real_files_are_as_another_reader_shows_them(shared: Path) -> None:
    for name in CONVERTED:
        with Pillow.open(shared / "data/files" / name) as picture:
            expected = np.asarray(picture.convert("RGB"))
        assert np.array_equal(read_image(shared / "data/files" / name).pixels, expected)


def test_first_planes_of_real_stacks(shared: Path) -> None:
    for name in STACKS:
        path = shared / "data/files" / name
        first = tifffile.imread(path)[0]
        expected = np.moveaxis(first, 0, 2) if first.ndim == 3 else first[..., None]
        assert np.array_equal(read_image(path).pixels, expected)


READERS = {"CZI": "pylibCZIrw", "LIF": "liffile", "ND2": "nd2", "OME-Zarr": "zarr"}


@pytest.mark.parametrize("kind", READERS)
def test_a_missing_reader_names_the_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    heads = {"CZI": b"ZISRAWFILE", "LIF": b"\x70\0\0\0", "ND2": b"\xda\xce\xbe\x0a"}
    path = folder / "a.zarr"
    if kind in heads:
        path.write_bytes(heads[kind] + bytes(9) + b"\xff" * 50)
    else:
        scale = {"datasets": [{"path": "0"}], "axes": [{"name": "y"}, {"name": "x"}]}
        path.mkdir()
        (path / ".zattrs").write_text(json.dumps({"multiscales": [scale]}))
        (path / "0").mkdir()
        (path / "0/.zarray").write_text("{}")
    monkeypatch.setitem(sys.modules, READERS[kind], None)  # what an import then raises
    _expect_sentence(path, f"{kind}")
    _expect_sentence(path, "pip install 'cellscribe[formats]'")
