import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.classes import ClassTable
from app.panels import object_rows as rows
from app.panels.object_filter import NUMBERS, Filter, parse
from core.annotation.classes import LabelClass
from core.annotation.region import Origin
from core.errors import UsageError
from core.measure.shapes import measure_many
from tests.app.panels.fakes import CLASSES, MODEL, box

DEAD_CELL = LabelClass(3, "Dead cell", "#101010")
ROWS = rows.gathered(
    {
        r.id: r
        for r in (
            box(1, 20, class_id=0),
            box(2, 10, class_id=2, origin=Origin("import"), confidence=0.2, locked=True),
            box(3, 5, class_id=1, origin=MODEL, confidence=0.9),
            box(10, 7, class_id=1, origin=MODEL, edited=True, confidence=0.5),
            box(12, 8, class_id=3, origin=MODEL, reviewed=True, confidence=0.72),
        )
    }
)
EVERYTHING = [1, 2, 3, 10, 12]


@pytest.fixture(scope="module")
def classes(qapp: object) -> ClassTable:
    return ClassTable((*CLASSES, DEAD_CELL))


def left(given: Filter, classes: ClassTable) -> list[int]:
    values = measure_many(ROWS.regions.tolist(), 100, 80)
    ids: list[int] = ROWS.ids[given.fits(ROWS, classes, values)].tolist()
    return ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", EVERYTHING),
        ("  ", EVERYTHING),
        ("1", [1, 10, 12]),
        ("MITO", [3, 10]),
        ("mito edited", [10]),
        ("drawn", [1]),
        ("import dead", [2]),
        ("nothing", []),
        ('"dead cell"', [12]),
        ("-mito", [1, 2, 12]),
        ("-mito -dead", [1]),
    ],
)
def test_words(classes: ClassTable, text: str, ids: list[int]) -> None:
    assert left(parse(text), classes) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("area>64", [1, 2]),
        ("area>=64", [1, 2, 12]),
        ("area ≥ 64", [1, 2, 12]),
        ("AREA < 49", [3]),
        ("area<=49", [3, 10]),
        ("area=100", [2]),
        ("area==100", [2]),
        ("area:100", [2]),
        ("area!=100", [1, 3, 10, 12]),
        ("id>3", [10, 12]),
        ("id=1", [1]),
        ("conf<0.7", [2, 10]),
        ("confidence>0.5", [3, 12]),
        ("conf=0.7", [12]),  # 0.72, rounded as the number is
        ("conf=0.70", []),
        ("-conf>0", [1]),  # what is unknown is not above 0
        ("perimeter>30 perimeter<50", [2, 12]),
        ("circ>0.5", EVERYTHING),
        ("border=yes", EVERYTHING),
        ("touches_border:no", []),
        ("diameter>20", [1]),
        ("x<3", [3]),
        ("area>10 area<50 conf<0.7", [10]),
    ],
)
def test_comparisons(classes: ClassTable, text: str, ids: list[int]) -> None:
    assert left(parse(text), classes) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("class:mito", [3, 10]),
        ("class=dead", [2, 12]),
        ('class:"dead cell"', [12]),
        ("class!=mito", [1, 2, 12]),
        ("-class:mito", [1, 2, 12]),
        ("-class!=mito", [3, 10]),
        ("class:none", []),
        ("origin:model", [3, 10, 12]),
        ("origin:im", [2]),
        ("state:reviewed", [12]),
        ("state:ed", [10]),  # edited, not review-ed
        ("-state:locked -state:rev", [1, 3, 10]),
        ("class: mito conf >0.6", [3]),
        ("cl:mito", [3, 10]),
    ],
)
def test_mentions(classes: ClassTable, text: str, ids: list[int]) -> None:
    assert left(parse(text), classes) == ids


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area>", "After area> comes a plain number"),
        ("area>1,000", "plain number"),
        ("area>nan", "plain number"),
        ("conf<0.7 area>x", "After area>"),
        ("size>100", "There is no “size” to filter by; try class,"),
        ("c>1", "class or confidence or centroid_x"),
        ("centroid>1", "centroid_x or centroid_y"),
        ("class:", "After class: comes a word"),
        ("class>2", "The class is no number"),
        ("state:done", "edited, reviewed, locked or hidden"),
        ("origin:robot", "drawn, imported or model"),
        (">500", "Before and after the sign in “>500”"),
        ("5<area", "“5<area”"),
        ('class:"dead cell', "quotation mark"),
    ],
)
def test_nonsense_is_told(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(text)
    assert said in str(error.value)
    assert str(error.value).endswith(".")


def test_knows_what_has_to_be_measured() -> None:
    assert parse("conf<0.7 id>3 mito").measured == frozenset()
    assert parse("area>3 -circ<0.8 class:cell").measured == {"area", "circularity"}


@given(st.text(max_size=40))
def test_any_text_makes_a_filter_or_a_sentence(text: str) -> None:
    try:
        parsed = parse(text)
    except UsageError as error:
        assert str(error)
    else:
        assert parsed.measured <= set(NUMBERS)


@given(st.sampled_from(["area", "conf", "id", "width"]), st.floats(0, 30), st.sampled_from("<>"))
def test_minus_is_the_rest(field: str, number: float, sign: str) -> None:
    values = measure_many(ROWS.regions.tolist(), 100, 80)
    some, others = (
        parse(f"{minus}{field}{sign}{number:.3f}").fits(ROWS, ClassTable(CLASSES), values)
        for minus in ("", "-")
    )
    np.testing.assert_array_equal(some, ~others)
