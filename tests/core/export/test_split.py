from dataclasses import replace

import pytest

from core.errors import UsageError
from core.export.request import Split
from core.export.split import group_of, parts_of
from core.image.source import Plane
from tests.core.export.samples import record


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("field3_tile_01.png", "field3_tile_12.png", True),
        ("a/A01_x0_y512.tif", "a/A01_x512_y0.tif", True),
        ("scan-t1.tif", "scan-t22.tif", True),
        ("slide_r1_c2.png", "slide_r3_c1.png", True),
        ("slide crop 4.png", "slide crop 5.png", True),
        ("img1.png", "img2.png", False),
        ("cells_001.png", "cells_002.png", False),
        ("A01.tif", "A02.tif", False),
        ("a/scan_t1.tif", "b/scan_t1.tif", False),
        ("field3_tile_01.png", "field4_tile_01.png", False),
    ],
)
def test_tiles_of_one_field_are_known_by_their_names(one: str, other: str, same: bool) -> None:
    groups = [group_of(record(n, path), "field") for n, path in enumerate((one, other))]
    assert (groups[0] == groups[1]) is same


def test_planes_of_one_file_stay_together() -> None:
    records = [replace(record(n, "s.tif"), plane=Plane(z=n)) for n in range(9)]
    others = [record(n, f"img{n}.png") for n in range(10, 20)]
    parts = parts_of([*records, *others], Split(0.5, 1))
    assert len({parts[r.id] for r in records}) == 1
    alone = parts_of(records, Split(0.5, 1, "image"))
    assert set(alone.values()) == {"train", "val"}


@pytest.mark.parametrize("seed", range(20))
def test_no_group_is_in_both_parts_and_the_share_is_near(seed: int) -> None:
    records = [record(n, f"f{n // 4}_tile_{n % 4}.png") for n in range(100)]
    split = Split(0.2, seed)
    parts = parts_of(records, split)
    for field in range(25):
        assert len({parts[n] for n in range(4 * field, 4 * field + 4)}) == 1
    assert 16 <= list(parts.values()).count("val") <= 24
    assert parts == parts_of(records[::-1], split)


def test_seeds_differ_and_both_parts_have_images() -> None:
    records = [record(n, f"{n}.png") for n in range(30)]
    assert parts_of(records, Split(seed=1)) != parts_of(records, Split(seed=2))
    for count in range(2, 6):
        for share in (0.01, 0.2, 0.99):
            assert set(parts_of(records[:count], Split(share)).values()) == {"train", "val"}
    assert set(parts_of(records[:1], Split()).values()) == {"train"}


@pytest.mark.parametrize("share", [0, 1, -1, float("nan")])
def test_a_senseless_share_is_refused(share: float) -> None:
    with pytest.raises(UsageError, match="share for validation"):
        Split(share)
