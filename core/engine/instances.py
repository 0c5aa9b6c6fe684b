"""From probability maps to a label image: threshold, separate what touches, limit sizes."""

import cv2
import numpy as np

CORE_AREA = 3
"""Square pixels: a smaller peak of the cue is noise and does not split an object."""
SMOOTHING = 1.0
"""Standard deviation in pixels of the blur of the cue before cores are cut out."""


def find_instances(
    foreground: np.ndarray, cue: np.ndarray, threshold: float, separation: float
) -> np.ndarray:
    """(H, W) int32 labels, 0 background, 1..n objects in reading order of their cores.

    Cores are the connected parts of the foreground where the cue exceeds `separation`; every
    foreground pixel joins the nearest core of its own connected part. A part without a core is
    one object.
    """
    mask = (foreground >= threshold).astype(np.uint8)
    cores = _cores(mask, cue, separation)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    return _grow(_with_coreless_parts(cores, parts, count), parts, stats)


def _cores(mask: np.ndarray, cue: np.ndarray, separation: float) -> np.ndarray:
    """(H, W) int32: connected peaks of the cue inside the mask, numbered."""
    smooth = cv2.GaussianBlur(cue, (0, 0), SMOOTHING)
    peaks = ((smooth > separation) & (mask > 0)).astype(np.uint8)
    count, labels = cv2.connectedComponents(peaks, connectivity=8)
    number = np.arange(count, dtype=np.int32)
    number[np.bincount(labels.ravel()) < CORE_AREA] = 0
    large: np.ndarray = number[labels]
    return large


def _with_coreless_parts(cores: np.ndarray, parts: np.ndarray, count: int) -> np.ndarray:
    """`cores`, and every part that has none as one more core."""
    has_core = np.zeros(count, bool)
    has_core[parts[cores > 0]] = True
    has_core[0] = True
    if has_core.all():
        return cores
    extra = np.cumsum(~has_core) + cores.max()
    return np.where(has_core[parts], cores, extra[parts]).astype(np.int32)


def _grow(cores: np.ndarray, parts: np.ndarray, stats: np.ndarray) -> np.ndarray:
    """Every pixel of a part takes the label of the nearest core of that part.

    parts: (H, W) numbered connected parts of the foreground; stats: OpenCV's row for each.
    """
    if not cores.any():
        return cores
    labels = _nearest(cores)
    labels[parts == 0] = 0
    part_of = np.zeros(cores.max() + 1, np.int32)
    part_of[cores] = parts
    strayed = (parts > 0) & (part_of[labels] != parts)
    for part in np.unique(parts[strayed]):
        x, y, width, height = stats[part, :4]
        window = slice(y, y + height), slice(x, x + width)
        # The core of another part was nearer to some of its pixels: grow this one on its own.
        mine = parts[window] == part
        labels[window][mine] = _nearest(np.where(mine, cores[window], 0))[mine]
    return labels


def _nearest(cores: np.ndarray) -> np.ndarray:
    """(H, W) int32: label of the nearest labelled pixel."""
    outside = (cores == 0).astype(np.uint8)
    _, source = cv2.distanceTransformWithLabels(
        outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.flatnonzero(cores)
    label_of = np.zeros(len(known) + 1, np.int32)
    label_of[source.ravel()[known]] = cores.ravel()[known]
    nearest: np.ndarray = label_of[source]
    return nearest


def limit_sizes(labels: np.ndarray, smallest: float, largest: float | None) -> np.ndarray:
    """Labels renumbered 1..n without objects of fewer or more pixels than the limits."""
    areas = np.bincount(labels.ravel())
    keep = areas >= max(smallest, 1)
    if largest is not None:
        keep &= areas <= largest
    keep[0] = False
    number = np.where(keep, np.cumsum(keep), 0).astype(np.int32)
    renumbered: np.ndarray = number[labels]
    return renumbered


def fill_small_holes(labels: np.ndarray, largest: float) -> np.ndarray:
    """Labels whose holes of at most `largest` square pixels belong to the object around them."""
    if largest <= 0:
        return labels
    _, gaps, stats, _ = cv2.connectedComponentsWithStats(
        (labels == 0).astype(np.uint8), connectivity=8
    )
    small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] <= largest)
    filled = labels.copy()
    for gap in small[small > 0]:
        x, y, w, h = stats[gap, :4]
        if owner := _owner(labels, gaps, int(gap), (x, y, w, h)):
            filled[y : y + h, x : x + w][gaps[y : y + h, x : x + w] == gap] = owner
    return filled


def _owner(labels: np.ndarray, gaps: np.ndarray, gap: int, box: tuple[int, ...]) -> int:
    """The one label around a gap; 0 when it touches the image border or several labels."""
    x, y, w, h = box
    height, width = labels.shape
    if x == 0 or y == 0 or x + w == width or y + h == height:
        return 0
    window = slice(y - 1, y + h + 1), slice(x - 1, x + w + 1)
    inside = (gaps[window] == gap).astype(np.uint8)
    rim = labels[window][(cv2.dilate(inside, np.ones((3, 3), np.uint8)) > 0) & (inside == 0)]
    return int(rim[0]) if len(rim) and (rim == rim[0]).all() else 0
