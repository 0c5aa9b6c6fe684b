from core.annotation.classes import DEFAULT_CLASSES, PALETTE, LabelClass
from core.formats.class_table import LONGEST_NAME, ClassTable

RED = "#d55e00"
PROJECT = (LabelClass(0, "Cell", RED), LabelClass(4, "Nucleus", RED))


def test_an_empty_table_has_the_class_of_a_new_project() -> None:
    table = ClassTable()
    assert table.classes == DEFAULT_CLASSES
    assert table.find(None) == 0
    assert table.find("Nucleus") == 1
    assert [c.name for c in table.classes] == ["Cell", "Nucleus"]


def test_an_object_without_class_never_gets_one_that_was_invented_for_another() -> None:
    table = ClassTable()
    nucleus = table.find("Nucleus")
    cell = table.find(None)
    assert {c.id: c.name for c in table.classes} == {nucleus: "Nucleus", cell: "Cell"}


def test_classes_of_a_file_stay_as_they_are() -> None:
    table = ClassTable()
    table.add(7, "b", RED)
    table.add(2, "a", RED)
    assert table.classes == (LabelClass(7, "b", RED), LabelClass(2, "a", RED))
    assert (table.find("a"), table.find(7), table.find(None)) == (2, 7, 7)
    assert table.notes == []


def test_equal_names_are_the_class_of_the_project() -> None:
    table = ClassTable(PROJECT)
    table.add(1, "Nucleus", "#000000")
    table.add(0, "Debris", "#000000")
    assert table.classes == (*PROJECT, LabelClass(5, "Debris", "#000000"))
    assert (table.find(1), table.find("Nucleus"), table.find(0), table.find(None)) == (4, 4, 5, 0)


def test_two_classes_of_a_file_may_have_one_name() -> None:
    table = ClassTable()
    table.add(0, "a", RED)
    table.add(1, "a", RED)
    assert [table.find(i) for i in (0, 1)] == [0, 1]


def test_unknown_classes_are_new_and_told() -> None:
    table = ClassTable(PROJECT)
    assert table.find(9) == table.find(9) == 9
    assert table.find("Debris") == table.find("Debris") == 10
    assert table.classes[2:] == (
        LabelClass(9, "Class 9", PALETTE[9 % 7]),
        LabelClass(10, "Debris", PALETTE[10 % 7]),
    )
    assert len(table.notes) == 2 and "'Class 9'" in table.notes[0]


def test_bad_entries_are_repaired_and_told() -> None:
    table = ClassTable()
    table.add(0, "a", "red; }")
    table.add(0, "b", RED)
    table.add(1, "x" * 1000, RED)
    assert table.classes[0] == LabelClass(0, "a", PALETTE[0])
    assert [len(c.name) for c in table.classes] == [1, LONGEST_NAME]
    assert table.find("x" * 1000) == 1
    assert len(table.notes) == 2
