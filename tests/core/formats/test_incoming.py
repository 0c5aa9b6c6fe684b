"""What every reader does with the objects of a file."""

import pytest

from core.annotation.region import Region, ring
from core.errors import FormatError, InvalidGeometry
from core.formats.incoming import Incoming
from tests.core.formats.samples import square


def test_a_valid_object_stays_as_it_is() -> None:
    incoming = Incoming((20, 20))
    region = Region(0, square(2, 2, 18))
    incoming.add(region, "a", 7)
    (result,) = incoming.finish()
    assert (result.id, result.uid, result.edited) == (7, region.uid, False)
    assert result.shell is region.shell and incoming.problems == []


def test_all_parts_inside_the_image_stay() -> None:
    u = ring([(2, 2), (4, 2), (4, 25), (8, 25), (8, 2), (10, 2), (10, 27), (2, 27)])
    incoming = Incoming((20, 20))
    region = Region(0, u)
    incoming.add(region, "u", 3)
    first, second = incoming.finish()
    assert (first.area, second.area) == (36, 36)
    assert (first.id, first.uid, second.id) == (3, region.uid, 4)
    assert second.uid != region.uid and first.edited and second.edited
    assert "2 objects are left" in incoming.problems[0].reason


def test_what_is_not_in_the_image_is_refused() -> None:
    with pytest.raises(InvalidGeometry, match="outside the image"):
        Incoming((20, 20)).add(Region(0, square(30, 30, 5)), "a")
    everywhere = Incoming()
    everywhere.add(Region(0, square(30, 30, 5)), "a")
    assert everywhere.problems == [] and len(everywhere.finish()) == 1


def test_holes_that_are_none_are_told() -> None:
    incoming = Incoming()
    holes = incoming.holes([square(2, 2, 3), [(1, 1)], [(1, 1), (2, 2), (1, 1)]], "a")
    assert len(holes) == 1 and len(incoming.problems) == 2


def test_uids_are_unique() -> None:
    incoming = Incoming()
    given = [incoming.uid(value, "a") for value in ("x", "x", None, 5)]
    assert given[0] == "x" and len(set(given)) == 4
    assert len(incoming.problems) == 3


def test_vertices_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.formats.incoming.MOST_VERTICES", 10)
    incoming = Incoming()
    incoming.count(10)
    with pytest.raises(FormatError, match="more than 10 points"):
        incoming.count(1)
