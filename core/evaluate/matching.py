"""Comparing a predicted label image with the truth, object by object."""

from dataclasses import dataclass

import numpy as np

THRESHOLDS = tuple(float(t) for t in np.arange(0.5, 0.96, 0.05).round(2))
"""IoU above which an object counts as found: 0.5, 0.55 ... 0.95."""


@dataclass(frozen=True, eq=False)
class Match:
    """Counts of one image (or of several, added up).

    hits: (10,) true positives at each of THRESHOLDS. iou: sum of the IoU of the pairs that count
    at 0.5. true, found: objects in the truth and in the prediction.
    """

    hits: np.ndarray
    iou: float
    true: int
    found: int

    def __add__(self, other: "Match") -> "Match":
        return Match(
            self.hits + other.hits,
            self.iou + other.iou,
            self.true + other.true,
            self.found + other.found,
        )

    @property
    def precision(self) -> np.ndarray:
        """(10,) TP / (TP + FP + FN), the average precision of the Data Science Bowl 2018.

        An image without true and predicted objects scores 1: nothing was missed or invented.
        """
        union = self.true + self.found - self.hits
        return np.where(union > 0, self.hits / np.maximum(union, 1), 1.0)

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN) at IoU 0.5."""
        total = self.true + self.found
        return float(2 * self.hits[0] / total) if total else 1.0

    @property
    def mean_iou(self) -> float:
        """Mean IoU of the pairs that match at 0.5; NaN without a pair."""
        return float(self.iou / self.hits[0]) if self.hits[0] else float("nan")


NO_MATCH = Match(np.zeros(len(THRESHOLDS), int), 0.0, 0, 0)


def match_labels(truth: np.ndarray, prediction: np.ndarray) -> Match:
    """Match two label images (H, W); above IoU 0.5 a partner is unique, so none is assigned."""
    iou = pair_ious(truth, prediction)[2]
    pairs = iou[iou > THRESHOLDS[0]]
    hits = np.array([np.count_nonzero(pairs > t) for t in THRESHOLDS])
    return Match(hits, float(pairs.sum()), _count(truth), _count(prediction))


def matched_labels(truth: np.ndarray, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels in the truth and in the prediction of the pairs that match above IoU 0.5."""
    i, j, iou = pair_ious(truth, prediction)
    pairs = iou > THRESHOLDS[0]
    return i[pairs], j[pairs]


def pair_ious(
    truth: np.ndarray, prediction: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Label in the truth, label in the prediction and IoU of every overlapping pair."""
    i, j, overlap = overlaps(truth, prediction)
    a, b = (np.bincount(labels.ravel().astype(np.int64)) for labels in (truth, prediction))
    union = a[i] + b[j] - overlap
    return i, j, overlap / union


def overlaps(truth: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Label in the one, label in the other and shared pixels of every overlapping pair."""
    a, b = truth.ravel().astype(np.int64), other.ravel().astype(np.int64)
    width = int(b.max(initial=0)) + 1
    both = (a > 0) & (b > 0)
    keys, shared = np.unique(a[both] * width + b[both], return_counts=True)
    return *np.divmod(keys, width), shared


def _count(labels: np.ndarray) -> int:
    return int(np.count_nonzero(np.bincount(labels.ravel())[1:]))
