"""Scores of a collection as a table: a row for each modality and one for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from core.evaluate.matching import NO_MATCH, Match

COLUMNS = (
    "images", "true", "found", "AP50", "AP75", "AP", "AP50/img", "AP75/img", "AP/img", "F1", "IoU",
)  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """Figures of a group of images; pooled over objects, and as the mean of the images' figures."""

    images: int
    true: int
    found: int
    pooled: tuple[float, float, float]
    per_image: tuple[float, float, float]
    f1: float
    iou: float

    def as_dict(self) -> dict[str, float]:
        """The figures that manifests and model cards keep; one that is not defined is left out."""
        names = ("ap50", "ap75", "ap")
        figures = dict(zip(names, self.pooled, strict=True))
        figures |= {f"{n}_image": v for n, v in zip(names, self.per_image, strict=True)}
        figures |= {"f1": self.f1, "iou": self.iou}
        rounded = {n: round(value, 4) for n, value in figures.items() if isfinite(value)}
        return rounded | {"images": self.images, "true": self.true, "found": self.found}


def summarise(matches: Sequence[Match]) -> Scores:
    """Scores of a group of images."""
    total = sum(matches, NO_MATCH)
    each = np.mean([m.precision for m in matches], axis=0)
    return Scores(
        len(matches), total.true, total.found,
        _three(total.precision), _three(each), total.f1, total.mean_iou,
    )  # fmt: skip


def _three(precision: np.ndarray) -> tuple[float, float, float]:
    """At IoU 0.5, at 0.75 and the mean over 0.5:0.95."""
    return float(precision[0]), float(precision[5]), float(precision.mean())


def format_table(groups: Mapping[str, Scores]) -> str:
    """Plain text with aligned columns."""
    wide = max(map(len, groups), default=8)
    lines = [f"{'':{wide}}  " + " ".join(f"{c:>8}" for c in COLUMNS)]
    for name, s in groups.items():
        numbers = (*s.pooled, *s.per_image, s.f1, s.iou)
        counts = " ".join(f"{n:8d}" for n in (s.images, s.true, s.found))
        lines.append(f"{name:{wide}}  {counts} " + " ".join(f"{n:8.3f}" for n in numbers))
    return "\n".join(lines)
