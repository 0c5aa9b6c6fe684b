from dataclasses import fields, replace

from core.annotation.region import Region, ring, with_facts

SQUARE = Region(3, ring([(0, 0), (4, 0), (4, 4), (0, 4)]), attributes={"well": "B7"})


def test_other_facts_leave_the_rest_as_it_is() -> None:
    changed, expected = with_facts(SQUARE, locked=True), replace(SQUARE, locked=True)
    for field in fields(Region):
        assert getattr(changed, field.name) is getattr(expected, field.name)
    assert not SQUARE.locked


def test_what_is_known_of_an_outline_stays_known() -> None:
    known = SQUARE.area, SQUARE.bounds
    changed = with_facts(SQUARE, reviewed=True, class_id=2)
    assert (vars(changed)["area"], vars(changed)["bounds"]) == known
