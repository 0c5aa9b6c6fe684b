"""Tables of measurements: one unit throughout, and the page that says what stands in them."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region, ring
from core.image.model import Image
from core.image.source import Channel
from core.measure.described import page
from core.measure.measured import (
    Measured,
    columns_of,
    measure_image,
    unit_of,
)
from core.measure.prediction import Prediction
from core.measure.quantities import (
    ERROR_BARS,
    IMAGE,
    INTENSITY,
    INTENSITY_BARS,
    NEIGHBOURS,
    QUANTITIES,
    SHAPE,
)
from core.measure.sheet import Sheet
from core.measure.tables import image_table, object_table
from core.tables import to_csv
from tests.core.annotation.scenes import circle

CLASSES = (LabelClass(0, "Cell", "#000000"), LabelClass(3, "=Dead", "#ffffff"))
ALL = (*SHAPE, *NEIGHBOURS, *INTENSITY, *ERROR_BARS, *INTENSITY_BARS, *IMAGE)


def annotations(size: float | None, name: str = "a.tif", count: int = 2) -> AnnotationSet:
    regions = tuple(
        Region(7 + i, ring(circle(20 + 30 * i, 25, 10)), (), 3 * (i % 2), 0.5) for i in range(count)
    )
    return AnnotationSet(name, 100, 50, regions, CLASSES, size)


def measured(size: float | None, channels: int = 1, name: str = "a.tif") -> Measured:
    pixels = np.full((50, 100, channels), 9, np.uint8)
    return measure_image(annotations(size, name), Image(pixels))


def test_headings_say_the_unit_and_numbers_follow_it() -> None:
    px, um = (object_table([measured(size)], CLASSES) for size in (None, 0.5))
    by_heading = [dict(zip(t.headings, t.columns, strict=True)) for t in (px, um)]
    area_px, area_um = by_heading[0]["Area (px²)"], by_heading[1]["Area (µm²)"]
    np.testing.assert_allclose(area_um, area_px * 0.25)
    np.testing.assert_allclose(
        by_heading[1]["Perimeter (µm)"], by_heading[0]["Perimeter (px)"] * 0.5
    )
    np.testing.assert_array_equal(by_heading[0]["Circularity"], by_heading[1]["Circularity"])
    np.testing.assert_array_equal(by_heading[0]["Mean"], by_heading[1]["Mean"])
    assert not any("px" in heading for heading in um.headings)
    assert not any("µm" in heading for heading in px.headings)


def test_units_are_never_mixed() -> None:
    images = [measured(0.5), measured(None)]
    assert unit_of(images) == "px"
    table = object_table(images, CLASSES)
    areas = table.columns[table.headings.index("Area (px²)")]
    np.testing.assert_allclose(areas[:2], areas[2:])
    assert not any("µm" in heading for heading in table.headings)
    assert not any("µm" in heading for heading in image_table(images, CLASSES).headings)


def test_rows_name_image_number_and_class() -> None:
    table = object_table([measured(None), measured(None, name="b.tif")], CLASSES)
    assert table.columns[0] == ["a.tif"] * 2 + ["b.tif"] * 2
    assert table.columns[1].tolist() == [7, 8, 7, 8]
    assert table.columns[2] == ["Cell", "=Dead"] * 2
    flags = table.columns[table.headings.index("Touches border")]
    assert flags == ["no"] * 4


def test_chosen_rows_and_columns() -> None:
    sheet = Sheet((measured(None), measured(None, name="b.tif")), CLASSES)
    table = sheet.table(np.array([3, 0]), ("image", "id", "area"))
    assert table.headings == ("Image", "ID", "Area (px²)")
    assert table.columns[0] == ["b.tif", "a.tif"]
    assert table.columns[1].tolist() == [8, 7]


def test_sheet_knows_its_rows() -> None:
    sheet = Sheet((measured(0.5), replace(measured(0.5), image_id=4)), CLASSES)
    assert (len(sheet), sheet.unit) == (4, "µm")
    assert sheet.rows_of(4, [8]).tolist() == [False, False, False, True]
    assert not sheet.rows_of(5, [8]).any()
    assert not sheet.rows_of(4, []).any()
    assert sheet.text("class", 1) == "=Dead"
    assert sheet.text("area", 0) == "78.4"
    assert sheet.text("confidence", 0) == "0.50"
    assert sheet.numbers("class").tolist() == [1, 0, 1, 0]
    assert sheet.numbers("mean_1").tolist() == [9] * 4
    assert len(Sheet()) == 0
    assert Sheet().table().rows == 0


def test_empty_cells_have_a_reason() -> None:
    alone = measure_image(annotations(None, count=1), Image(np.ones((50, 100, 1), np.uint8)))
    sheet = Sheet((alone, measured(None, 2, "b.tif")), CLASSES)
    assert "no other object" in sheet.why_empty("nearest_distance", 0)
    assert sheet.why_empty("mean_2", 0) == "This was not measured in this image."
    assert sheet.why_empty("area", 0) == sheet.why_empty("class", 0) == ""


def test_channels_that_an_image_does_not_have_are_empty() -> None:
    table = object_table([measured(None), measured(None, 2, "b.tif")], CLASSES)
    column = table.columns[table.headings.index("Mean, Channel 2")]
    assert np.isnan(column[:2]).all()
    assert column[2:].tolist() == [9, 9]


def test_numbers_of_an_image() -> None:
    table = image_table([measured(0.5)], CLASSES)
    row = {
        heading: column[0] for heading, column in zip(table.headings, table.columns, strict=True)
    }
    assert row["Objects"] == 2
    assert row["Density (1/mm²)"] == pytest.approx(2 / (100 * 50 * 0.25e-6))
    assert row["Confluence (%)"] == pytest.approx(100 * 2 * 314 / 5000, rel=0.02)
    assert (row["Objects of class Cell"], row["Objects of class =Dead"]) == (1, 1)
    assert row["Mean of Area (µm²)"] == pytest.approx(np.pi * 25, rel=0.01)
    means = [heading for heading in table.headings if heading.startswith("Mean of ")]
    assert "Mean of Mean" in means
    assert not any(word in " ".join(means) for word in ("Centroid", "angle", "Orientation", "Top"))
    in_pixels = image_table([measured(None)], CLASSES)
    assert in_pixels.columns[in_pixels.headings.index("Density (1/Mpx)")][0] == 400


def test_image_without_objects() -> None:
    empty = measure_image(annotations(None, count=0), Image(np.ones((50, 100, 1), np.uint8)))
    assert object_table([empty], CLASSES).rows == 0
    table = image_table([empty], CLASSES)
    assert table.columns[table.headings.index("Objects")][0] == 0
    assert np.isnan(table.columns[table.headings.index("Mean of Area (px²)")][0])


def test_without_pixels_there_is_no_brightness_and_all_else() -> None:
    names = {c.quantity.name for c in columns_of([measure_image(annotations(None))])}
    assert names == {q.name for q in (*SHAPE, *NEIGHBOURS)}


def test_prediction_brings_error_bars() -> None:
    given = annotations(None)
    found = tuple(
        Region(r.id, r.shell, origin=Origin("model", "net", "", 0.5)) for r in given.regions
    )
    given = AnnotationSet("a", 100, 50, found)
    prediction = Prediction(np.full((50, 100), 0.55, np.float32), 0.5)
    image = measure_image(given, Image(np.ones((50, 100, 1), np.uint8)), prediction)
    numbers = {column.key: values for column, values in image.values.items()}
    assert (numbers["area_high"] > numbers["area"]).all()
    assert (numbers["area_low"] < numbers["area"]).all()
    assert numbers["mean_low_1"].tolist() == [1, 1]


def test_columns_name_a_channel_where_there_are_several() -> None:
    def columns(count: int, *names: str) -> list[str]:
        info = tuple(map(Channel, names))
        image = Image(np.ones((50, 100, count), np.uint8), channel_info=info)
        found = columns_of([measure_image(annotations(None), image)])
        return [c.heading("px") for c in found if c.quantity.name == "mean"]

    assert columns(1) == ["Mean"]
    assert columns(1, "DAPI") == ["Mean, DAPI"]
    assert columns(2, "DAPI", "") == ["Mean, DAPI", "Mean, Channel 2"]


def test_csv_has_every_digit_and_no_formula() -> None:
    table = object_table([measured(0.325)], CLASSES)
    rows = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"))))
    assert rows[0] == list(table.headings)
    place = table.headings.index("Area (µm²)")
    assert [float(row[place]) for row in rows[1:]] == table.columns[place].tolist()
    assert [row[2] for row in rows[1:]] == ["Cell", "'=Dead"]
    assert rows[1][table.headings.index("Distance to nearest (µm)")] != ""


def test_every_quantity_is_described_once() -> None:
    names = [quantity.name for quantity in ALL]
    assert len(set(names)) == len(names)
    assert all(q.formula and q.source and q.title for q in ALL)
    assert set(QUANTITIES) <= set(ALL)
    columns = measure_image(
        annotations(None),
        Image(np.ones((50, 100, 1), np.uint8)),
        Prediction(np.ones((50, 100), np.float32), 0.5),
    ).values
    assert {c.quantity for c in columns} == {*ALL} - {*IMAGE}


def test_page_is_that_of_the_code() -> None:
    """Written anew by `python -m core.measure.described > resources/measurements.md`."""
    kept = Path(__file__).resolve().parents[3] / "resources" / "measurements.md"
    assert kept.read_text(encoding="utf-8") == page()
    assert all(f"`{quantity.name}`" in page() for quantity in ALL)


def test_text_of_a_number() -> None:
    by_name = {quantity.name: quantity for quantity in ALL}
    assert by_name["area"].text(1234.56, "px") == "1,235"
    assert by_name["area"].text(1234.56, "µm") == "1,234.6"
    assert by_name["perimeter"].text(3.456, "µm") == "3.46"
    assert by_name["circularity"].text(float("nan"), "µm") == "–"
    assert by_name["touches_border"].text(1, "px") == "yes"
    assert by_name["mean"].text(0.12345, "px") == "0.1235"
    assert by_name["max"].text(60_000, "px") == "60,000"
