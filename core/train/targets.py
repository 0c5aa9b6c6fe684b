"""What the network is asked to predict, computed from a label image."""

import cv2
import numpy as np
from scipy import ndimage

MOST_IMPORTANT = 4.0
"""How much a pixel of the smallest objects counts, against one of an object of the usual size."""


def inner_pixels(labels: np.ndarray) -> np.ndarray:
    """(H, W) bool: pixels whose right and lower neighbours belong to the same object.

    One pixel on each border between two objects is left out, so that they do not touch.
    """
    same = labels > 0
    same[:, :-1] &= labels[:, :-1] == labels[:, 1:]
    same[:-1] &= labels[:-1] == labels[1:]
    return same


def normalised_distance(labels: np.ndarray) -> np.ndarray:
    """(H, W) float32: distance to the edge of the own object over that object's largest distance.

    0 outside, 1 at the core of every object whatever its size; independent of image scale.
    """
    inside = inner_pixels(labels)
    # The frame of the image is no edge of an object: pad with the same objects.
    padded = np.pad(inside.astype(np.uint8), 1, mode="edge")
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    largest = ndimage.maximum(distance, labels, np.arange(labels.max() + 1))
    peak = np.maximum(np.atleast_1d(largest)[labels], 1e-6)
    return np.where(labels > 0, distance / peak, 0).astype(np.float32)


def importance(labels: np.ndarray, diameter: float, reach: int) -> np.ndarray:
    """(H, W) float32: how much a pixel counts, 1 to MOST_IMPORTANT.

    Every object counts alike in what is measured, so within `reach` of one that is a third as wide
    as `diameter` each pixel counts three times.
    """
    areas = np.maximum(np.bincount(labels.ravel()), 1)
    weight = np.clip(diameter / np.sqrt(4 / np.pi * areas), 1, MOST_IMPORTANT)
    weight[0] = 1
    return cv2.dilate(weight.astype(np.float32)[labels], _disc(reach))


def narrow_gaps(labels: np.ndarray, reach: int = 3) -> np.ndarray:
    """(H, W) bool: pixels within `reach` of two different objects; they decide what stays apart."""
    kernel = _disc(reach)
    number = labels.astype(np.float32)
    nothing = np.float32(np.inf)
    highest = cv2.dilate(number, kernel)
    lowest = cv2.erode(np.where(labels > 0, number, nothing), kernel)
    near_two: np.ndarray = (highest > 0) & (lowest != nothing) & (highest != lowest)
    return near_two


def _disc(reach: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
