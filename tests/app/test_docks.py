import pytest

from app.docks import first_widths, shared


@pytest.mark.parametrize(
    ("room", "heights"),
    [
        (900, [300, 120, 480]),  # all as wished, the rest for the last
        (550, [300, 120, 130]),
        (500, [300, 100, 100]),  # the wish of the second is not fulfilled
        (400, [200, 100, 100]),
        (200, [150, 100, 100]),  # never less than the least
    ],
)
def test_the_first_gets_what_it_wishes_as_long_as_the_others_have_the_least(
    room: int, heights: list[int]
) -> None:
    assert shared(room, [150, 100, 100], [300, 120]) == heights


def test_a_part_may_wish_less_than_it_needs() -> None:
    assert shared(500, [150, 100], [20]) == [150, 350]


def test_a_narrow_window_leaves_more_to_the_canvas() -> None:
    assert sum(first_widths(1199)) < sum(first_widths(1200))
