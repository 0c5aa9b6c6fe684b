"""Every codec's files agree with the project, and damage to any of them is seen."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Region, ring
from core.export.readers import READERS
from core.export.record import FileRecord
from core.export.request import ExportRequest
from core.formats import codec_named
from core.formats.base import Encoded
from core.formats.figure import SIZE
from core.formats.pixel_files import png_bytes
from tests.core.export.samples import WRITABLE, FakeSource, export, record
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, star

LABELS = [name for name in WRITABLE if name.startswith("label") and name != "labelme"]
GOOD = {name: "agrees" if READERS[name].is_partial else "identical" for name in WRITABLE}


def records_of(
    folder: Path, sets: list[AnnotationSet], formats: tuple[str, ...]
) -> list[FileRecord]:
    """The certificates of an export of these images, without those of lists of classes."""
    images = [record(n, f"{n}.png") for n in range(1, len(sets) + 1)]
    source = FakeSource(lambda number: sets[number - 1])
    folder.mkdir(exist_ok=True)
    report = export(ExportRequest(folder, formats), source, records=images)
    assert not report.failures
    return [r for r in report.files if r.name not in ("classes.json", "data.yaml")]


@pytest.mark.parametrize("name", WRITABLE)
def test_random_sets_agree_in_every_format(tmp_path: Path, name: str) -> None:
    for first in range(0, 60, 6):
        sets = [random_set(seed) for seed in range(first, first + 6)]
        found = records_of(tmp_path / str(first), sets, (name,))
        assert sum(r.expected for r in found) == sum(len(s.regions) for s in sets)
        for file in found:
            assert file.verdict in (GOOD[name], "as announced"), (file, file.troubles)


@pytest.mark.parametrize("name", WRITABLE)
def test_whole_outlines_that_lie_apart_are_identical(tmp_path: Path, name: str) -> None:
    items = annotations([square(2, 2, 9, 3), square(20, 2, 7, 8), square(40, 30, 12, 9)])
    (file,) = records_of(tmp_path, [items], (name,))
    overlap = None if READERS[name].is_partial else 1.0
    assert (file.verdict, file.smallest, file.mean) == (GOOD[name], overlap, overlap)
    assert (file.expected, len(file.sha256), bool(file.compared)) == (3, 64, True)
    assert file.found == (None if name == "overlay-png" else 3)


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
@pytest.mark.parametrize("name", WRITABLE)
def test_a_codec_that_writes_something_else_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, spoil: Spoil
) -> None:
    if name == "yolo" and spoil in (filled, turned):
        pytest.skip("YOLO has no holes, and fractions of any size")
    if name in ("csv", "csv-images", "xlsx") and spoil is turned:
        pytest.skip("what touches the border of the image is not compared")
    if name == "csv-images" and spoil is shifted:
        pytest.skip("that changes no count and no mean")
    if name == "overlay-png":
        pytest.skip("of a picture only the size is compared")
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
    for name in WRITABLE:
        spoilt = replace(
            codec_named(name),
            encode=lambda items, **_: Encoded(b"rubbish", codec_report(items)),
            encode_all=None,
            holds_parts=False,
        )
        with monkeypatch.context() as patch:
            patch.setattr("core.export.plan.codec_named", lambda _, codec=spoilt: codec)
            (file,) = records_of(tmp_path / name, [annotations()], (name,))
        if name != "yolo":
            said = "it has 0 rows, not 4" if name == "csv" else "cannot read it"
            assert file.verdict == "different" and said in file.troubles[0]


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
    for name in WRITABLE:
        (file,) = records_of(tmp_path / name, [annotations([])], (name,))
        assert (file.verdict, file.expected, file.smallest) == (GOOD[name], 0, None)


def spoilt_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, spoil: Callable[[bytes], bytes]
) -> FileRecord:
    """The certificate of a file of which the codec wrote other bytes."""
    codec = codec_named(name)
    assert codec.encode

    def wrong(items: AnnotationSet, encode: Any = codec.encode, **options: Any) -> Encoded:
        encoded = encode(items, **options)
        return replace(encoded, data=spoil(encoded.data))

    with monkeypatch.context() as patch:
        spoilt = replace(codec, encode=wrong, encode_all=None)
        patch.setattr("core.export.plan.codec_named", lambda _: spoilt)
        (file,) = records_of(tmp_path / name, [annotations()], (name,))
    return file


def other_cell(data: bytes, heading: str, value: str) -> bytes:
    """A CSV with another value below a heading, in its last row."""
    headings, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    rows[-1][headings.index(heading)] = value
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        *(("csv", h) for h in ("Image", "ID", "Class", "Confidence", "Area (µm²)", "Left (µm)")),
        *(("csv", h) for h in ("Top (µm)", "Width (µm)", "Height (µm)", "Holes")),
        *(("csv-images", h) for h in ("Image", "Objects", "Density (1/mm²)")),
        *(("csv-images", h) for h in ("Objects of class Cell", "Mean of Area (µm²)")),
    ],
)
def test_a_single_wrong_cell_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, heading: str
) -> None:
    file = spoilt_file(tmp_path, monkeypatch, name, lambda data: other_cell(data, heading, "77"))
    assert file.troubles == (f"1 cell below '{heading}' not as yours",)


def test_a_column_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = spoilt_file(
        tmp_path, monkeypatch, "csv", lambda data: data.replace("Area (µm²)".encode(), b"Area", 1)
    )
    assert file.troubles == ("it has no column 'Area (µm²)'",)


@pytest.mark.parametrize("size", SIZE.choices)
def test_a_picture_is_as_large_as_was_asked_for(tmp_path: Path, size: tuple[str, str]) -> None:
    wish = ExportRequest(tmp_path, ("overlay-png",), options={"overlay-png": {"size": size[0]}})
    source = FakeSource(lambda number: annotations())
    (file,) = export(wish, source, records=[record(1, "a.png")]).files
    assert (file.verdict, file.compared, file.found) == ("agrees", "size in pixels", None)


def test_a_picture_of_another_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def picture(width: int, height: int) -> bytes:
        return png_bytes(np.zeros((height, width, 3), np.uint8))

    for number, size in enumerate(((64, 51), (128, 50), (50, 64), (192, 150))):
        folder, made = tmp_path / str(number), picture(*size)
        folder.mkdir()
        file = spoilt_file(folder, monkeypatch, "overlay-png", lambda _, made=made: made)
        assert file.troubles == (f"it is {size} pixels and the image (64, 50)",)
    cut = spoilt_file(tmp_path, monkeypatch, "overlay-png", lambda data: data[:-100])
    assert "Pillow cannot read it" in cut.troubles[0]


def test_outlines_of_a_drawing_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = spoilt_file(
        tmp_path, monkeypatch, "overlay-svg", lambda data: data.replace(b"object-3", b"object-2")
    )
    assert "object 2 is drawn twice" in file.troubles[0]


@pytest.mark.parametrize(
    ("name", "format_name"), [("classes.json", "classes-png"), ("data.yaml", "yolo")]
)
def test_lists_of_classes_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, format_name: str
) -> None:
    codec = codec_named(format_name)
    (companion,) = codec.companions

    def certified(change: Callable[[AnnotationSet], AnnotationSet]) -> FileRecord:
        wrong = replace(companion, encode=lambda sets: companion.encode([*map(change, sets)]))
        with monkeypatch.context() as patch:
            spoilt = replace(codec, companions=(wrong,))
            patch.setattr("core.export.plan.codec_named", lambda _: spoilt)
            request = ExportRequest(tmp_path, (format_name,), overwrite=True)
            source = FakeSource(lambda number: annotations())
            files = export(request, source, records=[record(1, "a.png")]).files
        return next(file for file in files if file.name == name)

    good = certified(lambda items: items)
    assert (good.verdict, good.found, good.compared) == (
        "identical",
        None,
        "the names of all classes and their order",
    )
    for change in (
        lambda items: replace(items, classes=items.classes[::-1]),
        lambda items: replace(items, classes=(*items.classes, LabelClass(9, "More", "#000000"))),
    ):
        (trouble,) = certified(change).troubles
        assert trouble.startswith("its classes are ")


def test_each_sheet_of_a_book_is_read_as_others_read_it(tmp_path: Path) -> None:
    records_of(tmp_path, [random_set(seed) for seed in range(4)], ("xlsx",))
    (path,) = tmp_path.glob("*.xlsx")
    ((objects, images),) = [found.grids for found in READERS["xlsx"].read(path, [])]
    book = openpyxl.load_workbook(path)
    for name, grid in (("Objects", objects), ("Images", images)):
        told = [["" if c is None else c for c in row] for row in book[name].values]
        assert [[as_number(c) for c in row] for row in grid] == told


def as_number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
