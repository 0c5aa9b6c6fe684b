"""Training crops: samples held in memory, drawn evenly over modalities and fields of view."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import cv2
import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from core.engine.prepare import scale_to_unit
from core.engine.size import median_diameter
from core.errors import UsageError
from core.evaluate.collection import Sample
from core.image.model import Image
from core.models.spec import Normalisation
from core.progress import Ticket
from core.train.augment import Annotated, random_crop, random_light
from core.train.synthetic import random_scene
from core.train.targets import MOST_IMPORTANT, importance, narrow_gaps, normalised_distance

GAP_REACH = 0.1
"""Of the objects' diameter: the border target covers what is that near to two objects."""
EVENNESS = 0.25
"""Modalities are drawn by this power of their number of images: 1 as they come, 0 all alike."""
SCENE = 420
"""Side of a synthetic scene, pixels."""


def annotated(pixels: np.ndarray, labels: np.ndarray) -> Annotated:
    """Pixels (H, W, 1|3) of 0..1 with the targets of a label image (H, W)."""
    areas = np.bincount(labels.ravel())
    numbers = np.flatnonzero(areas[1:]) + 1
    diameter = median_diameter(areas[numbers]) if len(numbers) else 20.0
    reach = int(np.clip(round(GAP_REACH * diameter), 1, 10))
    counts = importance(labels, diameter, reach) / MOST_IMPORTANT
    planes = [labels > 0, normalised_distance(labels), narrow_gaps(labels, reach), counts]
    targets = np.stack([cv2.convertScaleAbs(p.astype(np.float32), alpha=255) for p in planes], 2)
    places = ndimage.center_of_mass(labels > 0, labels, numbers)
    return Annotated(pixels, targets, diameter, np.reshape(places, (-1, 2))[:, ::-1])


class CropSource:
    """Draws a modality, then a field of view, then an image; or a synthetic scene.

    Rare modalities are seen more often than their share, without repeating a few images for ever.
    synthetic: share of the crops, for the kinds of images that the samples lack.
    emphasis: modalities that are hard to learn, with a factor for how often they are drawn.
    variations: of light, as a share of the usual number; may be set at any time.
    """

    def __init__(
        self,
        samples: list[Sample],
        normalisation: Normalisation,
        size: int,
        synthetic: float,
        ticket: Ticket,
        emphasis: Mapping[str, float] | None = None,
    ) -> None:
        self.size, self.synthetic, self.normalisation = size, synthetic, normalisation
        self.variations = 1.0
        self.fields: dict[str, dict[str, list[Annotated]]] = defaultdict(lambda: defaultdict(list))
        for i, sample in enumerate(samples):
            item = annotated(scale_to_unit(sample.image(), normalisation), sample.labels())
            self.fields[sample.modality][sample.group].append(item)
            ticket.step(i + 1, len(samples), "reading images")
        self.modalities = list(self.fields)
        counts = [sum(map(len, groups.values())) for groups in self.fields.values()]
        chance = np.array(counts) ** EVENNESS * _factors(emphasis or {}, self.modalities)
        self.chance = chance / chance.sum()

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One crop, float32: pixels (3, size, size) of 0..1 and targets (5, size, size): of
        0..1, but for the last, octaves of size."""
        item = self._scene(rng) if rng.random() < self.synthetic else self._image(rng)
        pixels, targets, octaves = random_crop(item, self.size, rng)
        light = random_light(pixels, rng, self.variations)
        sizes = np.full((1, self.size, self.size), octaves, np.float32)
        planes = np.concatenate([targets.transpose(2, 0, 1).astype(np.float32) / 255, sizes])
        return light.transpose(2, 0, 1), planes

    def _image(self, rng: np.random.Generator) -> Annotated:
        groups = self.fields[rng.choice(self.modalities, p=self.chance)]
        items = groups[rng.choice(list(groups))]
        return items[rng.integers(len(items))]

    def _scene(self, rng: np.random.Generator) -> Annotated:
        pixels, labels, _ = random_scene(SCENE, rng)
        scene = Image(pixels, is_rgb=pixels.shape[2] == 3)
        return annotated(scale_to_unit(scene, self.normalisation), labels)

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        """Endless batches of pixels and targets as tensors (size, 3|5, H, W), channels last."""
        while True:
            pixels, targets = zip(*(self.draw(rng) for _ in range(size)), strict=True)
            yield _stack(pixels), _stack(targets)


def _factors(emphasis: Mapping[str, float], modalities: list[str]) -> np.ndarray:
    """A factor for each modality; raises UsageError for a name that the collection lacks."""
    for name in emphasis.keys() - set(modalities):
        raise UsageError(f"No image has the modality {name!r}; there are {', '.join(modalities)}.")
    return np.array([emphasis.get(name, 1.0) for name in modalities])


def _stack(arrays: tuple[np.ndarray, ...]) -> Tensor:
    tensor = torch.from_numpy(np.stack(arrays))
    return tensor.contiguous(memory_format=torch.channels_last)
