"""Where objects lie and which pixel belongs to which: outlines become a label image."""

import cv2
import numpy as np
from scipy.spatial.distance import cdist

_SHIFT = 4
"""Binary digits of the fraction of a pixel that outlines are drawn with."""


def scatter(
    size: int, radii: np.ndarray, rng: np.random.Generator, spacing: float = 1.0, clumps: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Places (M, 2) and radii (M,) of those that found room.

    spacing: smallest distance of two centres as a share of the sum of their radii. clumps: number
    of crowds that the objects gather in; 0 spreads them over the field.
    """
    places = _wishes(size, radii, rng, clumps)
    near = cdist(places, places) < spacing * (radii[:, None] + radii)
    free = np.ones(len(radii), bool)
    kept = []
    for i in range(len(radii)):
        if free[i]:
            kept.append(i)
            free &= ~near[i]
    return places[kept], radii[kept]


def _wishes(size: int, radii: np.ndarray, rng: np.random.Generator, clumps: int) -> np.ndarray:
    """Places (N, 2) in the field and a little outside: objects at the border are cut."""
    n = len(radii)
    anywhere = rng.uniform(-0.05, 1.05, (n, 2)) * size
    if clumps == 0 or n == 0:
        return anywhere
    centres = rng.uniform(0, 1, (clumps, 2)) * size
    width = np.sqrt(n / clumps) * radii.mean() * rng.uniform(0.5, 1.0)
    gathered = centres[rng.integers(clumps, size=n)] + rng.normal(0, width, (n, 2))
    return np.where(rng.random((n, 1)) < 0.12, anywhere, gathered)


def paint(outlines: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    """Labels (size, size) int32 of outlines (N, K, 2) at their places; the later lie on top."""
    return tidied(_painted(outlines, places, size))


def _painted(outlines: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    labels = np.zeros((size, size), np.int32)
    corners = fixed_point(outlines + places[:, None])
    for number, corner in enumerate(corners, 1):
        cv2.fillPoly(labels, [corner], number, shift=_SHIFT)
    return labels


def fixed_point(outlines: np.ndarray) -> np.ndarray:
    """Coordinates as the whole numbers that the drawing functions take."""
    return np.asarray(np.round(outlines * 2**_SHIFT), np.int32)


def fill(outline: np.ndarray, width: int, height: int) -> np.ndarray:
    """A mask (height, width) uint8 of 0 and 1 of one outline (K, 2)."""
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [fixed_point(outline)], 1, shift=_SHIFT)
    return mask


def squeeze(outlines: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    """As `paint`, but neighbours that meet flatten each other: neither lies on top."""
    cores = _painted(outlines * 0.55, places, size)
    whole = _painted(outlines, places, size) > 0
    return tidied(np.where(whole, nearest(cores), 0).astype(np.int32))


def nearest(cores: np.ndarray) -> np.ndarray:
    """The label of the object that is nearest to every pixel."""
    if not cores.any():
        return cores
    away = (cores == 0).astype(np.uint8)
    kind = cv2.DIST_LABEL_PIXEL
    _, source = cv2.distanceTransformWithLabels(away, cv2.DIST_L2, 5, labelType=kind)
    owner = np.zeros(source.max() + 1, np.int32)
    inside = away == 0
    owner[source[inside]] = cores[inside]
    return np.asarray(owner[source])


def stack(outlines: np.ndarray, places: np.ndarray, size: int, share: float = 0.06) -> np.ndarray:
    """Labels where an outline is left out if more than `share` of it would lie on earlier ones."""
    labels = np.zeros((size, size), np.int32)
    moved = outlines + places[:, None]
    lows = np.clip(np.floor(moved.min(1)).astype(int), 0, size)
    highs = np.clip(np.ceil(moved.max(1)).astype(int) + 1, 0, size)
    corners = fixed_point(moved - lows[:, None])
    boxes = np.concatenate([lows, highs], 1).tolist()
    for number, (corner, (left, top, right, bottom)) in enumerate(
        zip(corners, boxes, strict=True), 1
    ):
        if right - left < 2 or bottom - top < 2:
            continue
        window = labels[top:bottom, left:right]
        mask = np.zeros(window.shape, np.uint8)
        cv2.fillPoly(mask, [corner], 1, shift=_SHIFT)
        free = mask > (window > 0)
        whole = cv2.countNonZero(mask)
        if np.count_nonzero(free) >= (1 - share) * whole:
            window[free] = number
    return tidied(labels)


def tessellate(
    size: int, diameter: float, rng: np.random.Generator, uneven: float = 0.3, wavy: float = 0.1
) -> np.ndarray:
    """A field without gaps: seeds grow until they meet.

    uneven: how far seeds leave a regular lattice, 0..0.5. wavy: bend of the borders as a share of
    the diameter.
    """
    margin = int(diameter) + 8
    whole = size + 2 * margin
    seeds = np.zeros((whole, whole), np.int32)
    for number, (x, y) in enumerate(_lattice(whole, diameter, rng, uneven), 1):
        radius = diameter * rng.uniform(0.02, 0.2 + 0.3 * uneven)
        cv2.circle(seeds, (int(x), int(y)), max(int(radius), 1), number, -1)
    y, x = np.indices((size, size), np.float32) + margin
    bend = [_drift(size, diameter * wavy, diameter, rng) for _ in range(2)]
    grown = nearest(seeds).astype(np.float32)
    warped = cv2.remap(grown, x + bend[0], y + bend[1], cv2.INTER_NEAREST)
    return tidied(warped.astype(np.int32))


def _lattice(size: int, diameter: float, rng: np.random.Generator, uneven: float) -> np.ndarray:
    """Seeds (N, 2) of a jittered hexagonal lattice inside 0..size."""
    rows, columns = np.mgrid[: int(size / diameter) + 3, : int(size / diameter) + 2]
    x = (columns + 0.5 * (rows % 2) - 0.5) * diameter
    seeds = np.stack([x, (rows - 0.5) * diameter * 0.87], -1).reshape(-1, 2)
    seeds += rng.normal(0, uneven * diameter, seeds.shape) * 0.7
    inside = ((seeds > 1) & (seeds < size - 2)).all(1)
    return np.asarray(seeds[inside & (rng.random(len(seeds)) > 0.2 * uneven)])


def _drift(size: int, far: float, scale: float, rng: np.random.Generator) -> np.ndarray:
    coarse = rng.normal(0, far, (max(int(2.5 * size / scale), 2),) * 2).astype(np.float32)
    return cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)


def tidied(labels: np.ndarray, smallest: int = 12) -> np.ndarray:
    """One 4-connected piece of at least `smallest` pixels for each object, numbered 1..N."""
    pieces = _pieces(labels)
    areas = np.bincount(pieces.ravel())
    owners = np.zeros(len(areas), np.int32)
    owners[pieces.ravel()] = labels.ravel()
    order = np.lexsort((areas, owners))
    largest = order[np.append(np.diff(owners[order]) != 0, True)]
    kept = largest[(owners[largest] > 0) & (areas[largest] >= smallest)]
    numbers = np.zeros(len(areas), np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    return np.asarray(numbers[pieces])


def _pieces(labels: np.ndarray) -> np.ndarray:
    """The number of the 4-connected piece of one label that a pixel belongs to; background 0.

    All at once: a picture of twice the side holds the pixels and, between them, their links.
    """
    height, width = labels.shape
    links = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    inside = labels > 0
    links[::2, ::2] = inside
    links[1::2, ::2] = inside[1:] & (labels[1:] == labels[:-1])
    links[::2, 1::2] = inside[:, 1:] & (labels[:, 1:] == labels[:, :-1])
    return np.asarray(cv2.connectedComponents(links, connectivity=4)[1][::2, ::2])
