"""Tables as CSV and Excel, read by the standard library and by openpyxl."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.raster import label_image
from core.annotation.region import Region
from core.errors import CannotWrite
from core.formats import codec_named
from core.formats.picture import Picture
from core.image.model import Image
from tests.core.formats.pictures import image_for, picture_for
from tests.core.formats.samples import annotations, regions, square

Row = dict[str, str]


def rows_of(data: bytes, separator: str = ",") -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator))


def objects(sets: list[AnnotationSet], pictures: list[Picture | None], folder: Path) -> list[Row]:
    codec_named("csv").write_all(folder / "a.csv", sets, pictures)
    return rows_of((folder / "a.csv").read_bytes())


def test_a_row_for_each_object_with_its_number_in_the_label_image(tmp_path: Path) -> None:
    rows = objects([annotations()], [None], tmp_path)
    assert [int(row["ID"]) for row in rows] == [2, 3, 7, 9]
    values = np.unique(label_image(regions(), 50, 64))
    assert [int(row["ID"]) for row in rows] == [n for n in values.tolist() if n]
    assert [row["Class"] for row in rows] == ["Cell", "Zellkern 細胞 µ", "Cell", "Cell"]
    assert {row["Image"] for row in rows} == {"Präparat 1.tif"}


def test_numbers_have_units_and_all_their_digits(tmp_path: Path) -> None:
    scaled = objects([annotations()], [None], tmp_path)
    plain = objects([annotations(pixel_size_um=None)], [None], tmp_path)
    for region, um, px in zip(regions(), scaled, plain, strict=True):
        assert float(px["Area (px²)"]) == pytest.approx(region.area, rel=1e-12)
        assert float(um["Area (µm²)"]) == pytest.approx(region.area * 0.325**2, rel=1e-12)
        ratio = float(um["Perimeter (µm)"]) / float(px["Perimeter (px)"])
        assert ratio == pytest.approx(0.325, rel=1e-12)
        assert um["Circularity"] == px["Circularity"]


def test_brightness_is_of_the_native_values(tmp_path: Path) -> None:
    items = annotations()
    (row, *_) = objects([items], [picture_for(items)], tmp_path)
    inside = label_image(regions()[:1], 50, 64) > 0
    values = image_for(items).pixels[..., 0][inside]
    assert float(row["Mean"]) == pytest.approx(values.mean(), rel=1e-6)


def test_without_pixels_the_report_says_what_is_empty(tmp_path: Path) -> None:
    report = codec_named("csv").write(tmp_path / "a.csv", annotations())
    assert "pixels of Präparat 1.tif were not found: brightness is empty" in report.notes[0]
    report = codec_named("csv").write_all(tmp_path / "b.csv", [annotations()] * 3, [None] * 3)
    assert "1.tif and 2 more images were not found" in report.notes[0]
    other = Picture(lambda: Image(np.zeros((5, 5, 1), np.uint8)))
    with pytest.raises(CannotWrite, match="has 5 x 5 pixels now"):
        codec_named("csv").write(tmp_path / "c.csv", annotations(), picture=other)


def test_a_row_for_each_image_also_without_objects(tmp_path: Path) -> None:
    sets = [annotations(), annotations([], image_name="b.tif")]
    codec_named("csv-images").write_all(tmp_path / "a.csv", sets)
    first, second = rows_of((tmp_path / "a.csv").read_bytes())
    assert (first["Image"], second["Image"]) == ("Präparat 1.tif", "b.tif")
    counted = next(name for name in first if name.startswith("Objects"))
    assert (int(first[counted]), int(second[counted])) == (4, 0)
    assert int(first["Objects of class Zellkern 細胞 µ"]) == 1


@pytest.mark.parametrize(("name", "sign"), [("comma", ","), ("semicolon", ";"), ("tab", "\t")])
def test_columns_may_be_apart_by_other_signs(name: str, sign: str, tmp_path: Path) -> None:
    codec_named("csv").with_options({"separator": name}).write(tmp_path / "a.csv", annotations())
    assert len(rows_of((tmp_path / "a.csv").read_bytes(), sign)) == 4


def test_a_class_called_like_a_formula_is_no_formula(tmp_path: Path) -> None:
    classes = (LabelClass(0, '=HYPERLINK("http://x")', "#56b4e9"),)
    items = annotations([Region(1, square(3, 3, 5))], classes=classes)
    codec_named("xlsx").write(tmp_path / "a.xlsx", items)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Objects"]
    (cell,) = (row[2] for row in sheet.iter_rows(min_row=2))
    assert cell.data_type == "s" and cell.value == classes[0].name
    assert not objects([items], [None], tmp_path)[0]["Class"].startswith("=")


def test_excel_is_a_real_workbook_with_the_same_numbers(tmp_path: Path) -> None:
    items = annotations()
    codec_named("xlsx").write(tmp_path / "a.xlsx", items, picture=picture_for(items))
    assert (tmp_path / "a.xlsx").read_bytes()[:4] == b"PK\x03\x04"
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[:2] == ["Objects", "Images"]
    heading, *lines = (list(row) for row in book["Objects"].iter_rows(values_only=True))
    table = objects([items], [picture_for(items)], tmp_path)
    assert heading == list(table[0])
    for line, row in zip(lines, table, strict=True):
        for cell, text in zip(line, row.values(), strict=True):
            is_text = isinstance(cell, str | None)
            assert (cell or "") == text if is_text else cell == pytest.approx(float(text), 1e-14)
    assert len(list(book["Images"].iter_rows())) == 2
    meanings = dict(book["About"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert "Area (µm²)" in meanings


def test_no_objects_give_headings(tmp_path: Path) -> None:
    items = annotations([])
    for name in ("csv", "csv-images", "xlsx"):
        codec_named(name).write(tmp_path / f"{name}.xlsx", items, picture=picture_for(items))
    assert (tmp_path / "csv.xlsx").read_text("utf-8-sig").startswith("Image,ID,Class,")
    assert len(rows_of((tmp_path / "csv-images.xlsx").read_bytes())) == 1
    assert len(list(openpyxl.load_workbook(tmp_path / "xlsx.xlsx")["Objects"].iter_rows())) == 1
