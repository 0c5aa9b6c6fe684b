from collections.abc import Iterable
from dataclasses import fields, replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region, ring
from core.errors import ProjectError
from core.project.codec import (
    DamagedBlobError,
    content_hash,
    decode_delta,
    decode_region,
    encode_delta,
    encode_region,
)
from core.project.delta import Delta
from tests.core.project.samples import deltas, region

floats = st.floats(allow_nan=False, allow_infinity=False)
rings = st.lists(st.tuples(floats, floats), min_size=4, max_size=9, unique=True).map(ring)
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | floats | st.text()
values = st.recursive(leaves, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=5)
regions = st.builds(
    Region,
    id=st.integers(1, 2**40),
    shell=rings,
    holes=st.lists(rings, max_size=2).map(tuple),
    class_id=st.integers(0, 300),
    confidence=st.none() | floats,
    origin=st.builds(
        Origin,
        st.sampled_from(["human", "model", "import"]),
        st.text(),
        st.text(),
        st.none() | floats,
        settings_hash=st.text(),
    ),
    edited=st.booleans(),
    reviewed=st.booleans(),
    locked=st.booleans(),
    attributes=st.dictionaries(st.text(), values, max_size=3),
    uid=st.text(),
)


def assert_equal(one: Region, other: Region) -> None:
    for name in (f.name for f in fields(Region) if f.name not in ("shell", "holes")):
        assert getattr(one, name) == getattr(other, name), name
    assert [r.tobytes() for r in one.rings] == [r.tobytes() for r in other.rings]


@given(regions)
def test_a_region_comes_back_bit_by_bit(original: Region) -> None:
    back = decode_region(encode_region(original))
    assert_equal(back, original)
    assert not any(r.flags.writeable for r in back.rings)


def test_a_delta_comes_back() -> None:
    for delta, _ in deltas(30, seed=1):
        back = decode_delta(encode_delta(delta))
        assert back.name == delta.name
        assert back.classes_before == delta.classes_before
        assert back.classes_after == delta.classes_after
        for mine, its in ((delta.before, back.before), (delta.after, back.after)):
            assert mine.keys() == its.keys()
            for number in mine:
                assert_equal(its[number], mine[number])


def test_numpy_numbers_are_plain_numbers_in_the_file() -> None:
    odd = Region(np.int64(3), ring([(0, 0), (1, 0), (0, 1)]), confidence=np.float32(0.5))
    back = decode_region(encode_region(odd))
    assert (back.id, back.confidence) == (3, 0.5)


def test_an_outline_that_a_step_leaves_alone_is_stored_once() -> None:
    big = Region(1, ring(np.random.default_rng(0).random((5000, 2))))
    alone = len(encode_delta(Delta("add", {}, {1: big})))
    relabelled = len(encode_delta(Delta("class", {1: big}, {1: replace(big, class_id=2)})))
    assert relabelled < alone + 300


def test_a_region_of_an_older_version_does_not_know_its_settings() -> None:
    item = replace(region(1, np.random.default_rng(0)), origin=Origin("model", "hrnet", "ab", 0.5))
    pack = msgspec.msgpack.decode(encode_region(item))
    assert pack[2][0].pop("settings_hash") == ""
    assert_equal(decode_region(msgspec.msgpack.encode(pack)), item)


def test_damaged_bytes_are_refused() -> None:
    data = encode_region(region(1, np.random.default_rng(0)))
    for cut in range(len(data)):
        with pytest.raises(DamagedBlobError):
            decode_region(data[:cut])


def test_bytes_of_one_kind_are_not_of_the_other() -> None:
    item = region(1, np.random.default_rng(0))
    with pytest.raises(DamagedBlobError):
        decode_region(encode_delta(Delta("add", {}, {1: item})))
    with pytest.raises(DamagedBlobError):
        decode_delta(encode_region(item))


def test_an_attribute_that_no_file_holds_is_refused_with_the_number_of_its_object() -> None:
    odd = replace(region(7, np.random.default_rng(0)), attributes={"mask": object()})
    with pytest.raises(ProjectError, match="object 7"):
        encode_region(odd)


def hashed(items: Iterable[Region]) -> str:
    return content_hash(items, [LabelClass(1, "b", "#000000"), LabelClass(0, "a", "#000000")])


def test_content_hash_does_not_depend_on_order() -> None:
    rng = np.random.default_rng(3)
    items = [region(i, rng) for i in range(1, 20)]
    assert hashed(items) == hashed(reversed(items)) == hashed({r.id: r for r in items}.values())


def test_content_hash_sees_every_field() -> None:
    original = region(1, np.random.default_rng(0))
    moved = np.array(original.shell)
    moved[0, 0] = np.nextafter(moved[0, 0], 100)
    others = [
        replace(original, **change)
        for change in (
            {"id": 2},
            {"shell": ring(moved)},
            {"holes": (ring([(0, 0), (1, 0), (0, 1)]),)},
            {"class_id": 9},
            {"confidence": 0.123},
            {"origin": Origin("human", source="x")},
            {"origin": replace(original.origin, settings_hash="x")},
            {"edited": not original.edited},
            {"reviewed": not original.reviewed},
            {"locked": not original.locked},
            {"attributes": {"a": 1}},
            {"uid": "another"},
        )
    ]
    hashes = {hashed([item]) for item in [original, *others]}
    assert len(hashes) == len(others) + 1
    assert content_hash([original]) != hashed([original])
