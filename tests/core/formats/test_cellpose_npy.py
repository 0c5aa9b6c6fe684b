import io
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import label_image
from core.annotation.region import Origin, Region
from core.errors import CannotWrite, FormatError
from core.formats import cellpose_npy, pickle_reading
from core.formats.cellpose_npy import CODEC, IDS
from tests.core.formats.random_sets import random_set
from tests.core.formats.samples import annotations, regions, square

MASKS = np.zeros((50, 64), np.uint16)
MASKS[3:9, 3:9] = 1
MASKS[5:7, 5:7] = 0
MASKS[20:30, 20:40] = 2


def as_cellpose(**changes: Any) -> dict[str, Any]:
    """The table that Cellpose's window saves."""
    flow = np.zeros((1, 50, 64, 3), np.uint8)
    table = {
        "outlines": MASKS * 0,
        "colors": np.array([[1, 2, 3], [4, 5, 6]], np.uint8),
        "masks": MASKS,
        "chan_choose": [0, 0],
        "filename": "C:\\data\\Präparat 1.tif",
        "flows": [flow, flow[..., 0], [[]], [[]], np.zeros((3, 1, 50, 64), np.float32)],
        "ismanual": np.zeros(2, bool),
        "manual_changes": [["11/24/2026, 10:00:00", "added mask", [[3, 4], [np.int64(5)]]]],
        "model_path": 0,
        "flow_threshold": 0.4,
        "cellprob_threshold": np.float64(0.0),
        "normalize_params": {"lowhigh": None, "percentile": [1.0, 99.0], "normalize": True},
        "restore": None,
        "ratio": 1.0,
        "diameter": np.float32(30),
        "big": 2**70,
        "set": {1, 2},
        "path": Path("model"),
    }
    return table | changes


def saved(tmp_path: Path, table: object) -> Path:
    path = tmp_path / "b_seg.npy"
    np.save(path, table)  # type: ignore[arg-type]
    return path


def written(tmp_path: Path, items: AnnotationSet) -> dict[str, Any]:
    """What Cellpose loads."""
    CODEC.write(tmp_path / "a_seg.npy", items, overwrite=True)
    table = np.load(tmp_path / "a_seg.npy", allow_pickle=True).item()
    assert isinstance(table, dict)
    return table


def painted(items: tuple[Region, ...]) -> np.ndarray:
    return label_image(items, 50, 64, np.int32)


def test_numpy_loads_what_cellpose_needs(tmp_path: Path) -> None:
    table = written(tmp_path, annotations())
    masks = table["masks"]
    assert (masks.dtype, masks.shape) == (np.uint16, (50, 64))
    assert np.unique(masks).tolist() == [0, 1, 2, 3, 4]
    ids = np.array([0, 2, 3, 7, 9])
    np.testing.assert_array_equal(ids[masks], painted(regions()))
    assert table["filename"] == "Präparat 1.tif"
    assert table["colors"].tolist() == [[86, 180, 233], [0, 158, 115], *[[86, 180, 233]] * 2]
    assert table["colors"].dtype == np.uint8
    assert table["ismanual"].tolist() == [False, True, True, False]
    assert table["outlines"].dtype == masks.dtype


def test_outlines_are_the_pixels_at_the_edge(tmp_path: Path) -> None:
    items = [Region(1, square(0, 0, 4)), Region(2, square(10, 10, 5), (square(12, 12, 1),))]
    table = written(tmp_path, annotations(items))
    first = table["outlines"][:4, :4]
    assert first.tolist() == [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]]
    hole = table["outlines"][10:15, 10:15]
    assert (hole == 2).sum() == 16 + 4
    assert set(np.unique(table["outlines"])) == {0, 1, 2}


def test_numbers_are_told_and_come_back(tmp_path: Path) -> None:
    report = CODEC.write(tmp_path / "a_seg.npy", annotations())
    assert "2-3 are 1-2, 7 is 3, 9 is 4." in report.notes[0]
    assert "classes" in report.losses and "pixel size" in report.losses
    reading = CODEC.read(tmp_path / "a_seg.npy", annotations([]))
    assert [r.id for r in reading.annotations.regions] == [2, 3, 7, 9]
    assert {r.origin for r in reading.annotations.regions} == {Origin("import", source="a_seg.npy")}
    plain = [Region(1, square(3, 3, 4)), Region(2, square(9, 9, 4))]
    assert CODEC.write(tmp_path / "b_seg.npy", annotations(plain)).notes == ()


def test_many_numbers_are_told_in_short(tmp_path: Path) -> None:
    items = [Region(2 * n, square(2 * n, 5, 1)) for n in range(1, 25)]
    (note,) = CODEC.write(tmp_path / "a_seg.npy", annotations(items)).notes
    assert len(note) < 400 and IDS in note


def test_500_random_sets_keep_their_pixels(tmp_path: Path) -> None:
    for seed in range(500):
        items = random_set(seed)
        CODEC.write(tmp_path / "a_seg.npy", items, overwrite=True)
        reading = CODEC.read(tmp_path / "a_seg.npy")
        parts = {p.reason.rsplit(" ", 1)[1]: p.id for p in reading.report.problems}
        back = [replace(r, id=int(parts.get(str(r.id), r.id))) for r in reading.annotations.regions]
        np.testing.assert_array_equal(painted(tuple(back)), painted(items.regions))
        assert reading.annotations.image_name == items.image_name


def test_a_file_of_cellpose(tmp_path: Path) -> None:
    reading = CODEC.read(saved(tmp_path, as_cellpose()))
    first, second = reading.annotations.regions
    assert (first.id, first.area, len(first.holes), second.area) == (1, 32, 1, 200)
    assert reading.annotations.image_name == "Präparat 1.tif"
    assert (reading.report.total, reading.report.done) == (2, 2)


@pytest.mark.parametrize("kind", ["<u1", "<u2", "<u4", "<i4", "<i8", "<u8", ">u2", ">i4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_all_kinds_of_masks(tmp_path: Path, kind: str, order: Any) -> None:
    masks = np.array(MASKS.astype(kind), order=order)
    reading = CODEC.read(saved(tmp_path, as_cellpose(masks=masks)))
    np.testing.assert_array_equal(painted(reading.annotations.regions), MASKS)


def test_old_masks(tmp_path: Path) -> None:
    old = MASKS.astype(np.int32) - 1
    for masks in (old, MASKS[None]):
        reading = CODEC.read(saved(tmp_path, as_cellpose(masks=masks)))
        np.testing.assert_array_equal(painted(reading.annotations.regions), MASKS)


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_other_versions_of_pickles(tmp_path: Path, protocol: int) -> None:
    path = saved(tmp_path, as_cellpose(set=None, path=None))
    head = path.read_bytes()[: path.read_bytes().index(b"\n") + 1]
    table = {"masks": MASKS, "outlines": MASKS, "numbers": list(range(3000))}
    body = pickle.dumps(np.array(table, dtype=object), protocol=protocol)
    if protocol < 4:  # as NumPy 1 wrote them; in protocol 4 names follow their length
        body = body.replace(b"numpy._core", b"numpy.core")
    path.write_bytes(head + body)
    if protocol == 2:
        with pytest.raises(FormatError, match="asks to run _codecs"):
            CODEC.read(path)
        return
    assert len(CODEC.read(path).annotations.regions) == 2


class Bomb:
    """A pickle of it runs a command when a careless reader opens it."""

    def __init__(self, command: Callable[..., object], *arguments: object) -> None:
        self._call = command, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


@pytest.mark.parametrize("place", ["masks", "other", "whole", "key"])
def test_nothing_in_the_file_is_run(tmp_path: Path, place: str) -> None:
    made = tmp_path / "made"
    bomb = Bomb(os.mkdir, str(made))
    tables = {
        "masks": as_cellpose(masks=bomb),
        "other": as_cellpose(flows=[[bomb]]),
        "whole": bomb,
        "key": {bomb: 1},
    }
    path = tmp_path / "b_seg.npy"
    data = io.BytesIO()
    np.save(data, np.array(None, dtype=object))
    head = data.getvalue()[: data.getvalue().index(b"\n") + 1]
    path.write_bytes(head + pickle.dumps(tables[place], protocol=4))
    with pytest.raises(FormatError, match=r"asks to run .*mkdir"):
        CODEC.read(path)
    assert not made.exists()
    for call in (eval, exec, getattr, np.load, np.frombuffer, bytearray):
        path.write_bytes(head + pickle.dumps(Bomb(call, "1"), protocol=4))
        with pytest.raises(FormatError, match="asks to run"):
            CODEC.read(path)


@pytest.mark.parametrize(
    ("masks", "reason"),
    [
        (MASKS.astype(np.float32), "float32, and numbers of objects are integers"),
        (np.full((5, 6), np.nan), "float64"),
        (MASKS > 0, "bool"),
        (MASKS.astype(complex), "'c16', not numbers"),
        (np.array([["a"]]), "not numbers"),
        (np.array([[object]], dtype=object), "asks to run"),
        (np.array([[None]], dtype=object), "'O8', not numbers"),
        (np.zeros((2, 3), [("a", "u2")]), "not numbers"),
        (MASKS[0], "of 64 and not"),
        (np.stack([MASKS] * 2), "of 2 x 50 x 64 and not"),
        (np.zeros((0, 5), np.uint16), "of 0 x 5 and not"),
        (np.uint16(3), "its array is none"),
        ([[1, 2]], "its array is none"),
        (None, "its array is none"),
        (MASKS.astype(np.int32) - 3, "from -3 to -1"),
        (MASKS.astype(np.int64) * 2**40, "not from 0 to"),
    ],
)
def test_masks_that_are_none_are_refused(tmp_path: Path, masks: object, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        CODEC.read(saved(tmp_path, as_cellpose(masks=masks)))


def npy(body: bytes, shape: str = "()", descr: str = "'|O'") -> bytes:
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + body


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a NumPy file"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "not a NumPy file"),
        (npy(b"", "(" * 900), "not a NumPy file"),
        (npy(b"", descr="__import__('os')"), "not a NumPy file"),
        (npy(b"", "(2,)"), "an array, not a table"),
        (npy(b"1234", "(1,)", "'<f4'"), "an array, not a table"),
        (npy(b""), "cut short"),
        (npy(b"\x80\x04."), "do not fit"),
        (npy(b"\x80\x04K\x01."), "does not hold one table"),
        (npy(b"\x80\x04K\x01"), "cut short"),
        (npy(b"\x80\x04\x8e" + b"\xff" * 8), "cut short"),
        (npy(b"\x80\x04\x8e" + b"\xff" * 7 + b"\x0f"), "cut short"),
        (npy(b"\x80\x04]r\xff\xff\xff\x7f."), "does not hold one table"),
        (npy(b"\x80\x04]2."), "part \\(DUP\\)"),
        (npy(b"\x80\x04]K\x01s."), "do not fit"),
        (npy(b"\x80\x04" + b"(" * 1000 + b"."), "do not fit"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(FormatError, match=reason):
        CODEC.read(tmp_path / "a.npy")


def test_random_damage_never_breaks_the_reader(tmp_path: Path) -> None:
    whole = saved(tmp_path, as_cellpose(flows=[])).read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(500):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 2):
            data[place] = rng.integers(256)
        place = int(rng.integers(120, 600))
        data[place] = rng.integers(256)
        (tmp_path / "c.npy").write_bytes(data)
        try:
            CODEC.read(tmp_path / "c.npy")
        except FormatError as error:
            assert "c.npy" in str(error)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, as_cellpose())
    monkeypatch.setattr(pickle_reading, "MOST_STEPS", 20)
    with pytest.raises(FormatError, match="more than 20 parts"):
        CODEC.read(path)
    monkeypatch.setattr(cellpose_npy, "MOST_BYTES", 100)
    with pytest.raises(FormatError, match="GB"):
        CODEC.read(path)


def test_another_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"64 x 50 pixels and Präparat 1\.tif has 50 x 64"):
        CODEC.read(saved(tmp_path, as_cellpose()), annotations([], width=50, height=64))


def test_no_objects_and_same_bytes(tmp_path: Path) -> None:
    table = written(tmp_path, annotations([]))
    assert table["colors"].shape == (0, 3) and not table["masks"].any()
    back = CODEC.read(tmp_path / "a_seg.npy").annotations
    assert (back.regions, back.width, back.height) == ((), 64, 50)
    same = annotations()
    assert CODEC.encode and CODEC.encode(same).data == CODEC.encode(same).data


def test_numbers_of_another_count_do_not_count(tmp_path: Path) -> None:
    for ids in ([7], [7, 7], [0, 1], [7.5, 8.5], "ab"):
        table = as_cellpose(**{IDS: np.array(ids)})
        found = CODEC.read(saved(tmp_path, table)).annotations.regions
        assert [r.id for r in found] == [1, 2]


def test_objects_that_lose_pixels_are_told(tmp_path: Path) -> None:
    items = [Region(1, square(3, 3, 4)), Region(2, square(3, 3, 4)), Region(5, square(9, 9, 0.2))]
    report = CODEC.write(tmp_path / "a_seg.npy", annotations(items))
    assert [p.id for p in report.problems] == ["1", "5"] and report.done == 1


def test_what_is_not_finite_is_refused_by_name(tmp_path: Path) -> None:
    broken = np.array([(0, 0), (4, 0), (np.nan, 4)])
    with pytest.raises(CannotWrite, match="object 9 has"):
        CODEC.write(tmp_path / "a.npy", annotations([replace(regions()[3], shell=broken)]))


@pytest.mark.slow
def test_more_objects_than_16_bits(tmp_path: Path) -> None:
    side = 260
    items = [Region(i + 1, square(i % side, i // side, 1)) for i in range(65_535)]
    table = written(tmp_path, annotations(items, width=side, height=side))
    assert (table["masks"].dtype, table["masks"].max()) == (np.uint32, 65_535)
    assert len(CODEC.read(tmp_path / "a_seg.npy").annotations.regions) == 65_535
