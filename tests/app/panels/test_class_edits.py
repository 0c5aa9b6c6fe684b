import pytest

from app.document.classes import ClassTable
from app.panels import class_edits
from core.annotation.classes import LabelClass
from tests.app.panels.fakes import CLASSES


def test_add_takes_a_free_id_and_name() -> None:
    delta = class_edits.add(CLASSES, "Mitotic")
    (new,) = delta.classes_after.values()
    assert new.id == 3 and new.name == "Mitotic 2"
    assert new.color not in {c.color for c in CLASSES}
    assert not delta.classes_before and not delta.before and not delta.after


def test_rename_keeps_id_and_colour() -> None:
    delta = class_edits.rename(CLASSES, CLASSES[1], "  Dividing ")
    assert delta is not None
    assert delta.classes_before == {1: CLASSES[1]}
    assert delta.classes_after == {1: LabelClass(1, "Dividing", CLASSES[1].color)}


@pytest.mark.parametrize("name", ["", "   ", "Mitotic", " Mitotic "])
def test_rename_to_nothing_new_is_no_step(name: str) -> None:
    assert class_edits.rename(CLASSES, CLASSES[1], name) is None


def test_rename_never_makes_two_equal_names() -> None:
    delta = class_edits.rename(CLASSES, CLASSES[1], "cell")
    assert delta is not None and delta.classes_after[1].name == "cell 2"


def test_change_of_case_is_a_rename() -> None:
    delta = class_edits.rename(CLASSES, CLASSES[1], "MITOTIC")
    assert delta is not None and delta.classes_after[1].name == "MITOTIC"


def test_long_name_is_cut() -> None:
    delta = class_edits.rename(CLASSES, CLASSES[1], "x" * 500)
    assert delta is not None and len(delta.classes_after[1].name) == class_edits.MOST_LETTERS


def test_recolour() -> None:
    delta = class_edits.recolour(CLASSES[0], "#123456")
    assert delta is not None and delta.classes_after[0].color == "#123456"
    assert class_edits.recolour(CLASSES[0], CLASSES[0].color.upper()) is None


def test_an_id_that_was_used_once_does_not_come_back() -> None:
    delta = class_edits.add(CLASSES, "Dead", next_id=7)
    assert list(delta.classes_after) == [7]


def test_the_table_remembers_what_was_undone() -> None:
    table = ClassTable(CLASSES)
    free = table.next_id
    table.swap([], {free: LabelClass(free, "Dead", "#000000")})
    table.swap([free], {})
    assert table.next_id == free + 1
    table.start_with({0: CLASSES[0]}, 4)
    assert table.next_id == 4
