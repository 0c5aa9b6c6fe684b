"""Every codec's files agree with the project, and damage to any of them is seen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region, ring
from core.export.readers import READERS
from core.export.record import FileRecord
from core.export.request import ExportRequest
from core.formats import codec_named
from core.formats.base import Encoded
from tests.core.export.samples import WRITABLE, FakeSource, export, record
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, star

READ_BACK = [name for name in WRITABLE if name in READERS]
LABELS = [name for name in READ_BACK if name.startswith("label") and name != "labelme"]
TABLES = ("csv", "csv-images", "xlsx")
"""They hold numbers, not outlines."""


def records_of(
    folder: Path, sets: list[AnnotationSet], formats: tuple[str, ...]
) -> list[FileRecord]:
    """The certificates of an export of these images."""
    images = [record(n, f"{n}.png") for n in range(1, len(sets) + 1)]
    source = FakeSource(lambda number: sets[number - 1])
    folder.mkdir(exist_ok=True)
    report = export(ExportRequest(folder, formats), source, records=images)
    assert not report.failures
    return [r for r in report.files if r.format in formats and r.reader]


@pytest.mark.parametrize("name", READ_BACK)
def test_random_sets_agree_in_every_format(tmp_path: Path, name: str) -> None:
    for first in range(0, 60, 6):
        sets = [random_set(seed) for seed in range(first, first + 6)]
        found = records_of(tmp_path / str(first), sets, (name,))
        assert sum(r.expected for r in found) == sum(len(s.regions) for s in sets)
        for file in found:
            assert file.verdict in ("identical", "as announced"), (file, file.troubles)


@pytest.mark.parametrize("name", READ_BACK)
def test_whole_outlines_that_lie_apart_are_identical(tmp_path: Path, name: str) -> None:
    items = annotations([square(2, 2, 9, 3), square(20, 2, 7, 8), square(40, 30, 12, 9)])
    (file,) = records_of(tmp_path, [items], (name,))
    overlap = None if name in TABLES else 1.0
    assert (file.verdict, file.smallest, file.mean) == ("identical", overlap, overlap)
    assert (file.found, file.expected, len(file.sha256)) == (3, 3, 64)


def square(x: float, y: float, size: float, number: int) -> Region:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return Region(number, ring(corners))


def test_pixels_and_sizes_are_told(tmp_path: Path) -> None:
    for name in LABELS:
        (file,) = records_of(tmp_path / name, [annotations()], (name,))
        assert file.size == (64, 50) and file.pixel_type.startswith(("uint", "int"))


def test_what_a_format_changes_has_a_reason(tmp_path: Path) -> None:
    tiny = Region(4, ring([(5.1, 45.1), (5.3, 45.1), (5.2, 45.3)]))
    items = annotations([*annotations().regions[:3], tiny])
    files = {f.format: f for f in records_of(tmp_path, [items], ("yolo", "label-png", "mask-png"))}
    holes = {c.object: c for c in files["yolo"].changes if c.agreement and c.agreement < 0.99}
    assert sorted(holes) == ["3", "7"] and "filled" in holes["3"].reason
    for name in ("label-png", "mask-png"):
        (gone,) = files[name].changes
        assert (gone.object, gone.agreement) == ("4", 0.0)
        assert "centre of no pixel" in gone.reason and files[name].verdict == "as announced"
    assert files["label-png"].found == 3


Spoil = Callable[[AnnotationSet], AnnotationSet]


def without_last(items: AnnotationSet) -> AnnotationSet:
    return replace(items, regions=items.regions[:-1])


def shifted(items: AnnotationSet) -> AnnotationSet:
    first, *rest = items.regions
    return replace(items, regions=(replace(first, shell=ring(first.shell + 1)), *rest))


def filled(items: AnnotationSet) -> AnnotationSet:
    return replace(items, regions=tuple(replace(r, holes=()) for r in items.regions))


def turned(items: AnnotationSet) -> AnnotationSet:
    return replace(items, width=items.height, height=items.width)


def one_more(items: AnnotationSet) -> AnnotationSet:
    return replace(items, regions=(*items.regions, Region(99, star(30, 40, 5))))


@pytest.mark.parametrize("spoil", [without_last, shifted, filled, turned, one_more])
@pytest.mark.parametrize("name", READ_BACK)
def test_a_codec_that_writes_something_else_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, spoil: Spoil
) -> None:
    if name == "yolo" and spoil in (filled, turned):
        pytest.skip("YOLO has no holes, and fractions of any size")
    if name in TABLES and spoil in (filled, turned, shifted):
        pytest.skip("tables have no outlines")
    if name in ("ome-zarr", "training-set", "overlay-svg") and spoil is turned:
        pytest.skip("the pixels of the image are part of it and do not fit")
    codec = codec_named(name)
    encode, encode_all = codec.encode, codec.encode_all
    assert encode

    def wrong(items: AnnotationSet, **options: Any) -> Encoded:
        return encode(spoil(items), **options)

    def wrong_all(sets: list[AnnotationSet], **options: Any) -> Encoded:
        assert encode_all
        return encode_all([spoil(s) for s in sets], **options)

    spoilt = replace(codec, encode=wrong, encode_all=encode_all and wrong_all)
    monkeypatch.setattr("core.export.plan.codec_named", lambda _: spoilt)
    monkeypatch.setattr("core.formats.CODECS", (spoilt,))
    (file,) = records_of(tmp_path, [annotations()], (name,))
    assert file.verdict == "different", file


def test_a_file_that_no_reader_understands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in READ_BACK:
        spoilt = replace(
            codec_named(name),
            encode=lambda items, **_: Encoded(b"rubbish", codec_report(items)),
            encode_all=None,
            holds_parts=False,
        )
        with monkeypatch.context() as patch:
            patch.setattr("core.export.plan.codec_named", lambda _, codec=spoilt: codec)
            (file,) = records_of(tmp_path / name, [annotations()], (name,))
        if name not in ("csv", "csv-images", "yolo"):
            assert file.verdict == "different" and "cannot read it" in file.troubles[0]


def codec_report(items: AnnotationSet) -> Any:
    from core.formats.base import Report

    return Report(len(items.regions), len(items.regions))


def test_another_class_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "geojson", "labelme", "coco", "imagej-roi", "overlay-svg"):
        codec = codec_named(name)
        spoilt = replace(
            codec,
            encode=lambda items, encode=codec.encode, **o: encode(swapped(items), **o),
            encode_all=None,
        )
        with monkeypatch.context() as patch:
            patch.setattr("core.export.plan.codec_named", lambda _, codec=spoilt: codec)
            (file,) = records_of(tmp_path / name, [annotations()], (name,))
        assert file.verdict == "different"
        assert "its class is 'Zellkern 細胞 µ' in the file" in {c.reason for c in file.changes}


def test_classes_that_are_mixed_up_in_a_mask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = codec_named("classes-png")
    assert codec.encode
    spoilt = replace(codec, encode=lambda items, **_: codec.encode(swapped(items)))
    monkeypatch.setattr("core.export.plan.codec_named", lambda _: spoilt)
    (file,) = records_of(tmp_path, [annotations()], ("classes-png",))
    assert file.troubles == ("it mixes up classes",)


def swapped(items: AnnotationSet) -> AnnotationSet:
    first, *rest = items.regions
    return replace(items, regions=(replace(first, class_id=3), *rest))


@pytest.mark.parametrize("name", LABELS)
def test_seventy_thousand_objects(tmp_path: Path, name: str) -> None:
    if name == "label-png":
        return  # 16 bits
    side = 265
    items = [square(4 * (n % side), 4 * (n // side), 3, n + 1) for n in range(70_000)]
    many = AnnotationSet("many.png", 4 * side, 4 * side, tuple(items))
    (file,) = records_of(tmp_path, [many], (name,))
    assert (file.verdict, file.found) == ("identical", 70_000)
    assert np.dtype(file.pixel_type).itemsize == 4


def test_no_object_at_all(tmp_path: Path) -> None:
    for name in READ_BACK:
        (file,) = records_of(tmp_path / name, [annotations([])], (name,))
        assert (file.verdict, file.expected, file.smallest) == ("identical", 0, None)
