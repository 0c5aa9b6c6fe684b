"""Arcs: stretches between junctions, the same for the objects on both sides."""

import numpy as np
from hypothesis import given

from core.annotation.arcs import into_arcs, simplify_arcs
from core.annotation.runs import pieces
from core.annotation.tracing import trace
from tests.strategies import label_images


def half_way(cracks) -> np.ndarray:
    """The middle of each crack, in doubled coordinates: the same from both sides."""
    stride = cracks.padded.shape[1]
    here, there = (np.stack(np.divmod(p, stride), 1) for p in (cracks.pixel, cracks.across))
    return (here + there).astype(np.float64)


@given(label_images())
def test_arcs_cover_each_ring_once(labels: np.ndarray):
    traced = trace(labels)
    if not len(traced.starts):
        return
    cracks, arcs = into_arcs(traced)
    assert np.array_equal(arcs.first, np.cumsum(arcs.size) - arcs.size)
    assert arcs.size.sum() == len(cracks.pixel)
    assert np.array_equal(np.bincount(arcs.ring, arcs.size).astype(int), cracks.lengths)
    assert (np.bincount(arcs.ring)[arcs.ring[arcs.closed]] == 1).all()
    outer = cracks.padded.ravel()[cracks.across]
    assert np.array_equal(outer, np.repeat(arcs.outer, arcs.size))


@given(label_images())
def test_both_sides_of_a_border_have_the_same_arcs(labels: np.ndarray):
    traced = trace(labels)
    if not len(traced.starts):
        return
    cracks, arcs = into_arcs(traced)
    middles = half_way(cracks)
    found: dict[tuple[int, int], set[tuple[tuple[float, ...], ...]]] = {}
    for i, points in enumerate(pieces(middles, arcs.size)):
        key = int(cracks.label[arcs.ring[i]]), int(arcs.outer[i])
        found.setdefault(key, set()).add(tuple(sorted(map(tuple, points.tolist()))))
    for (inner, outer), shared in found.items():
        if outer > 0:
            assert found[outer, inner] == shared


@given(label_images())
def test_without_tolerance_rings_keep_their_corners(labels: np.ndarray):
    traced = trace(labels)
    if not len(traced.starts):
        return
    cracks, arcs = into_arcs(traced)
    points = half_way(cracks)
    vertices, sizes = simplify_arcs(points, arcs, np.zeros(len(arcs.size)))
    for simple, full in zip(pieces(vertices, sizes), pieces(points, cracks.lengths), strict=True):
        where = [full.tolist().index(point) for point in simple.tolist()]
        assert where == sorted(where)
        assert len(simple) >= 3
