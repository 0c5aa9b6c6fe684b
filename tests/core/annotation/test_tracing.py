"""Cracks: every pixel edge once, walked with the object to the right."""

import numpy as np
from hypothesis import given

from core.annotation.tracing import BOTTOM, LEFT, RIGHT, TOP, trace
from tests.strategies import label_images


def corners_of(cracks) -> tuple[np.ndarray, np.ndarray]:
    """Start and end corner of each crack."""
    starts = {TOP: (0, 0), RIGHT: (1, 0), BOTTOM: (1, 1), LEFT: (0, 1)}
    place = np.stack(cracks.column_row, axis=1)
    start = place + [starts[side] for side in cracks.side.tolist()]
    end = place + [starts[(side + 1) % 4] for side in cracks.side.tolist()]
    return start, end


@given(label_images())
def test_every_pixel_edge_between_labels_is_walked_once(labels: np.ndarray):
    padded = np.pad(labels, 1)
    edges = sum(
        np.count_nonzero((a != b) & (side > 0))
        for a, b in ((padded[1:], padded[:-1]), (padded[:, 1:], padded[:, :-1]))
        for side in (a, b)
    )
    cracks = trace(labels)
    assert len(cracks.pixel) == edges
    assert len(set(zip(cracks.pixel.tolist(), cracks.side.tolist(), strict=True))) == edges


@given(label_images())
def test_each_crack_begins_where_the_one_before_ends(labels: np.ndarray):
    for split in (False, True):
        cracks = trace(labels, split_touching=split)
        if not len(cracks.starts):
            continue
        start, end = corners_of(cracks)
        for first, size in zip(cracks.starts, cracks.lengths, strict=True):
            piece = slice(first, first + size)
            assert np.array_equal(start[piece], np.roll(end[piece], 1, axis=0))
            inside = cracks.padded.ravel()[cracks.pixel[piece]]
            assert (inside == inside[0]).all()


@given(label_images())
def test_split_rings_pass_each_corner_once(labels: np.ndarray):
    cracks = trace(labels, split_touching=True)
    if not len(cracks.starts):
        return
    start, _ = corners_of(cracks)
    for first, size in zip(cracks.starts, cracks.lengths, strict=True):
        corners = start[first : first + size].tolist()
        assert len({tuple(corner) for corner in corners}) == size


def test_holes_know_their_shell_at_any_depth():
    """Squares inside one another, all of one label: two shells, each with its own hole."""
    labels = np.ones((11, 11), int)
    for inset, value in ((1, 0), (2, 1), (3, 0), (4, 1)):
        labels[inset:-inset, inset:-inset] = value
    cracks = trace(labels)
    sizes = {int(size): number for number, size in enumerate(cracks.lengths)}
    parents = {size: int(cracks.shell[number]) for size, number in sizes.items()}
    assert parents == {44: sizes[44], 36: sizes[44], 28: sizes[28], 20: sizes[28], 12: sizes[12]}
