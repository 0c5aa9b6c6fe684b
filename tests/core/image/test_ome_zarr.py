"""OME-Zarr of all versions: axes, levels, plates; hostile and damaged folders."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ImageTooLarge, UnreadableImage
from core.image import whole_or_lazy
from core.image.folder import list_images
from core.image.read import ImageFile, read_image
from core.image.source import Channel, Plane

zarr = pytest.importorskip("zarr", reason="the extra 'formats' is not installed")
RANDOM = np.random.default_rng(41)
STACK = RANDOM.integers(0, 65536, (2, 3, 4, 50, 60), dtype=np.uint16)  # TCZYX
UNITS = {"t": "second", "z": "micrometer", "y": "micrometer", "x": "micrometer"}
KINDS = {"t": "time", "c": "channel"}
COLORS = ["0000FF", "00FF00", "FFFFFF"]


def told_axes(axes: str, units: bool, version: str) -> list[Any] | None:
    if version in ("0.1", "0.2"):
        return None
    if version == "0.3":
        return list(axes)
    return [
        {"name": a, "type": KINDS.get(a, "space")}
        | ({"unit": UNITS[a]} if units and a in UNITS else {})
        for a in axes
    ]


def write(
    path: Path,
    pixels: np.ndarray,
    axes: str,
    version: str = "0.4",
    *,
    group: str = "",
    levels: int = 2,
    units: bool = True,
    **options: Any,
) -> Path:
    """An image with its smaller sizes; pixels are 0.25 µm, focal planes 2 µm, times 3 s apart."""
    kind = 3 if version == "0.5" else 2
    root = zarr.open_group(str(path), mode="a", zarr_format=kind)
    root = root.require_group(group) if group else root
    lengths = {"t": 3.0, "c": 1.0, "z": 2.0, "y": 0.25, "x": 0.25}
    datasets = []
    for level in range(levels):
        step = 2**level
        part = pixels[..., ::step, ::step]
        chunks = (1,) * (part.ndim - 2) + (16, 16)
        array = root.create_array(
            str(level), shape=part.shape, dtype=part.dtype, chunks=chunks, **options
        )
        array[...] = part
        scale = [lengths[a] * (step if a in "yx" else 1) for a in axes]
        transformation = {"type": "scale", "scale": scale}
        datasets.append({"path": str(level), "coordinateTransformations": [transformation]})
    image = {"version": version, "datasets": datasets, "name": "cells"}
    if told := told_axes(axes, units, version):
        image["axes"] = told
    names = ["DAPI", "GFP", ""]
    channels = [{"label": n, "color": c} for n, c in zip(names, COLORS, strict=True)]
    attributes: dict[str, Any] = {"multiscales": [image], "omero": {"channels": channels}}
    root.attrs.update({"ome": attributes | {"version": "0.5"}} if kind == 3 else attributes)
    return path


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5"])
def test_every_version(folder: Path, version: str) -> None:
    path = write(folder / "a.zarr", STACK, "tczyx", version)
    with ImageFile(path) as file:
        (scene,) = file.scenes
        assert (scene.times, scene.depths, scene.axes) == (2, 4, "TCZYX")
        assert (scene.name, scene.dtype, scene.stored_shape) == ("cells", np.uint16, STACK.shape)
        expected = (Channel("DAPI", (0, 0, 255)), Channel("GFP", (0, 255, 0)), Channel())
        assert scene.channels == expected
        for t in range(2):
            for z in range(4):
                assert np.array_equal(
                    np.moveaxis(file.image(Plane(0, t, z)).pixels, 2, 0), STACK[t, :, z]
                )
        has_units = version in ("0.4", "0.5")
        assert scene.pixel_size_um == (0.25 if has_units else None)
        assert (scene.z_step_um, scene.interval_s) == ((2, 3) if has_units else (None, None))


def test_no_unit_is_no_size(folder: Path) -> None:
    path = write(folder / "a.zarr", STACK, "tczyx", units=False)
    assert read_image(path).pixel_size_um is None


AXES = {"yx": 0, "zyx": (0, 0), "cyx": (0, slice(None), 0), "tyx": (slice(None), 0, 0)}


@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("axes", ["yx", "zyx", "cyx", "tyx", "czyx", "tzyx"])
def test_any_axes(folder: Path, axes: str, version: str) -> None:
    at = tuple(slice(None) if axis in axes else 0 for axis in "tczyx")
    path = write(folder / "a.zarr", STACK[at], axes, version)
    with ImageFile(path) as file:
        (scene,) = file.scenes
        last = file.image(Plane(0, scene.times - 1, scene.depths - 1)).pixels
    whole = STACK[tuple(slice(None) if axis in axes else slice(1) for axis in "tczyx")]
    assert (scene.times, len(scene.channels), scene.depths) == whole.shape[:3]
    assert np.array_equal(np.moveaxis(last, 2, 0), whole[-1, :, -1])


@pytest.mark.parametrize("dtype", ["u1", ">u2", "i2", "u4", "f4", "f8", "?"])
def test_sample_types(folder: Path, dtype: str) -> None:
    pixels = (STACK[0, 0, 0] % 100 > 40) if dtype == "?" else STACK[0, 0, 0].astype(dtype)
    image = read_image(write(folder / "a.zarr", pixels, "yx"))
    expected = pixels * np.uint8(255) if dtype == "?" else pixels
    assert np.array_equal(image.pixels[..., 0], expected) and image.pixels.dtype.isnative


def test_shards(folder: Path) -> None:
    path = write(folder / "a.zarr", STACK[0, 0], "zyx", "0.5", shards=(2, 32, 32))
    assert np.array_equal(read_image(path, Plane(z=3)).pixels[..., 0], STACK[0, 0, 3])


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_large_planes_stay_in_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    path = write(folder / "a.zarr", STACK, "tczyx", version, levels=3)
    monkeypatch.setattr(whole_or_lazy, "LAZY_FROM", 1000)
    image = read_image(path, Plane(t=1, z=2))
    assert image.is_lazy and image.held_bytes == 0
    assert [level.shape for level in image.levels] == [(25, 30, 3), (13, 15, 3)]
    assert np.array_equal(image.pixels[5:31, 17:40], np.moveaxis(STACK[1, :, 2, 5:31, 17:40], 0, 2))
    assert np.array_equal(image.levels[1][:], np.moveaxis(STACK[1, :, 2, ::4, ::4], 0, 2))


def test_three_channels_are_colours_only_when_they_say_so(folder: Path) -> None:
    pixels = (STACK[0, :, 0] >> 8).astype(np.uint8)
    path = write(folder / "a.zarr", pixels, "cyx")
    assert not read_image(path).is_rgb
    told = json.loads((path / ".zattrs").read_text())
    primaries = ["FF0000", "00FF00", "0000FF"]
    told["omero"]["channels"] = [{"color": c, "label": str(n)} for n, c in enumerate(primaries)]
    (path / ".zattrs").write_text(json.dumps(told))
    image = read_image(path)
    assert image.is_rgb and np.array_equal(np.moveaxis(image.pixels, 2, 0), pixels)


def test_several_images_of_a_converted_file(folder: Path) -> None:
    path = folder / "a.zarr"
    for number in range(2):
        write(path, STACK + np.uint16(number), "tczyx", group=str(number))
    zarr.open_group(str(path), mode="a", zarr_format=2).attrs["bioformats2raw.layout"] = 3
    with ImageFile(path) as file:
        assert [scene.name for scene in file.scenes] == ["0", "1"]
        second = file.image(Plane(1)).pixels
    assert np.array_equal(np.moveaxis(second, 2, 0), STACK[0, :, 0] + np.uint16(1))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_fields_of_a_plate(folder: Path, version: str) -> None:
    path, kind = folder / "plate.zarr", 3 if version == "0.5" else 2
    wells = ["A/1", "B/12"]
    plate = {"plate": {"wells": [{"path": well} for well in wells]}}
    root = zarr.open_group(str(path), mode="w", zarr_format=kind)
    root.attrs.update({"ome": plate} if kind == 3 else plate)
    fields = [f"{well}/{number}" for well in wells for number in range(2)]
    for well in wells:
        told = {"well": {"images": [{"path": "0"}, {"path": "1"}]}}
        root.require_group(well).attrs.update({"ome": told} if kind == 3 else told)
    for number, field in enumerate(fields):
        write(path, STACK[0, 0, number], "yx", version, group=field)
    with ImageFile(path) as file:
        assert [scene.name for scene in file.scenes] == fields
        for number in range(4):
            assert np.array_equal(file.image(Plane(number)).pixels[..., 0], STACK[0, 0, number])


def test_a_folder_that_is_an_image_is_listed_as_one(folder: Path) -> None:
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx")
    write(folder / "b.zarr", STACK[0, 0, 0], "yx")
    assert [p.name for p in list_images(folder)] == ["a.zarr", "b.zarr"]
    assert list_images(path) == [path]


def test_the_hash_changes_with_the_pixels(folder: Path) -> None:
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx")
    before = read_image(path).content_hash
    assert before == read_image(path).content_hash and len(before) == 64
    zarr.open_array(str(path), path="0", mode="r+", zarr_format=2)[0, 0] = 1
    assert read_image(path).content_hash != before


def test_chunks_that_are_missing_are_the_fill_value(folder: Path) -> None:
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx")
    (path / "0" / "0.0").unlink()
    pixels = read_image(path).pixels[..., 0]
    assert not pixels[:16, :16].any() and np.array_equal(pixels[16:], STACK[0, 0, 0, 16:])


@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_chunk_is_never_shown(folder: Path, version: str, packed: bool) -> None:
    options = {} if packed else {"compressors": None}
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx", version, **options)
    chunk = path / "0" / ("c/1/1" if version == "0.5" else "1.1")
    whole = chunk.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        chunk.write_bytes(whole[:length])
        with pytest.raises(UnreadableImage, match=r"^Cannot open a\.zarr: it is damaged"):
            read_image(path)


def change(path: Path, name: str, **values: Any) -> None:
    told = json.loads((path / name).read_text())
    (path / name).write_text(json.dumps(told | values))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"shape": [0, 60]}, "damaged"),
        ({"shape": [-5, 60]}, "damaged"),
        ({"shape": [50, 60, 70]}, "axes do not fit|damaged"),
        ({"shape": [2**40, 2**40]}, "at most"),
        ({"shape": [40_000, 40_000], "chunks": [40_000, 40_000]}, "chunks are too large"),
        ({"dtype": "<c16"}, "not plain numbers|damaged"),
        ({"dtype": "|O"}, "not plain numbers|damaged"),
        ({"compressor": {"id": "pickle"}}, "packed with 'pickle', which is not read"),
        ({"filters": [{"id": "json2"}]}, "packed with 'json2', which is not read"),
    ],
    ids=str,
)
def test_hostile_arrays_are_refused(folder: Path, values: dict[str, Any], reason: str) -> None:
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx", levels=1)
    change(path / "0", ".zarray", **values)
    with pytest.raises((UnreadableImage, ImageTooLarge), match=reason):
        read_image(path)


@pytest.mark.parametrize("target", ["../other.zarr/0", "/etc", "..", "0/../../other.zarr/0"])
def test_paths_that_lead_out_are_refused(folder: Path, target: str) -> None:
    write(folder / "other.zarr", STACK[0, 0, 0], "yx")
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx", levels=1)
    scales = json.loads((path / ".zattrs").read_text())["multiscales"]
    scales[0]["datasets"][0]["path"] = target
    change(path, ".zattrs", multiscales=scales)
    with pytest.raises(UnreadableImage, match="outside of the folder"):
        read_image(path)


@pytest.mark.parametrize("link", ["0", "0/1.1"])
def test_links_that_lead_out_are_refused(folder: Path, link: str) -> None:
    other = write(folder / "other.zarr", STACK[0, 0, 0], "yx")
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx", levels=1)
    target = path / link
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    target.symlink_to(other / link)
    with pytest.raises(UnreadableImage):
        read_image(path)


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "{}", '{"multiscales": 5}', '{"multiscales": [{}]}', "[" * 100_000]
)
def test_damaged_metadata_end_in_a_sentence(folder: Path, text: str) -> None:
    path = write(folder / "a.zarr", STACK[0, 0, 0], "yx")
    (path / ".zattrs").write_text(text)
    with pytest.raises(UnreadableImage, match=r"^Cannot open a\.zarr: [^\n]+\.$"):
        read_image(path)


def test_metadata_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder / "a.zarr", STACK, "tczyx")

    def refuse(file: Path, *_: object) -> str:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(UnreadableImage, match=r"a\.zarr: permission denied for \.zattrs; check"):
        ImageFile(path)
