"""Training crops: samples held in memory, drawn evenly over modalities and fields of view."""

from collections import defaultdict
from collections.abc import Iterator

import cv2
import numpy as np
import torch
from torch import Tensor

from core.engine.prepare import Normalisation, scale_to_unit
from core.progress import Ticket
from core.train.augment import Annotated, random_crop, random_light
from core.train.collection import Sample
from core.train.targets import narrow_gaps, normalised_distance


def load_annotated(sample: Sample, normalisation: Normalisation) -> Annotated:
    """The sample, scaled as the engine will scale it, with its targets."""
    labels = sample.labels()
    areas = np.bincount(labels.ravel())[1:]
    areas = areas[areas > 0]
    diameter = float(np.sqrt(4 / np.pi * np.median(areas))) if len(areas) else 20.0
    planes = [labels > 0, normalised_distance(labels), narrow_gaps(labels)]
    targets = np.stack([cv2.convertScaleAbs(p.astype(np.float32), alpha=255) for p in planes], 2)
    return Annotated(scale_to_unit(sample.image(), normalisation), targets, diameter)


class CropSource:
    """Draws a modality by the square root of its number of images, then a field, then an image.

    Rare modalities are seen more often than their share, without repeating a few images for ever.
    """

    def __init__(
        self, samples: list[Sample], normalisation: Normalisation, size: int, ticket: Ticket
    ) -> None:
        self.size = size
        self.fields: dict[str, dict[str, list[Annotated]]] = defaultdict(lambda: defaultdict(list))
        for i, sample in enumerate(samples):
            item = load_annotated(sample, normalisation)
            self.fields[sample.modality][sample.group].append(item)
            ticket.step(i + 1, len(samples), "reading images")
        counts = [sum(map(len, groups.values())) for groups in self.fields.values()]
        self.chance = np.sqrt(counts) / np.sqrt(counts).sum()
        self.modalities = list(self.fields)

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One crop: (3, size, size) float32 pixels of 0..1 and targets (3, size, size) of 0..1."""
        groups = self.fields[rng.choice(self.modalities, p=self.chance)]
        items = groups[rng.choice(list(groups))]
        pixels, targets = random_crop(items[rng.integers(len(items))], self.size, rng)
        light = random_light(pixels, rng)
        return light.transpose(2, 0, 1), targets.transpose(2, 0, 1).astype(np.float32) / 255

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        """Endless batches as tensors (size, 3, H, W), channels last."""
        while True:
            pixels, targets = zip(*(self.draw(rng) for _ in range(size)), strict=True)
            yield _stack(pixels), _stack(targets)


def _stack(arrays: tuple[np.ndarray, ...]) -> Tensor:
    tensor = torch.from_numpy(np.stack(arrays))
    return tensor.contiguous(memory_format=torch.channels_last)
