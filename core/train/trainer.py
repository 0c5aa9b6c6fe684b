"""The training loop."""

import math
import time
from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from core.engine.device import autocast_bf16
from core.engine.loader import decode_weights, fill
from core.evaluate.collection import Sample, read_collection
from core.files import check_writable
from core.models.registry import find_spec
from core.models.spec import Normalisation
from core.progress import Ticket
from core.train.average import WeightAverage
from core.train.beginning import begun, finished, resumed
from core.train.checkpoint import diverged, load_checkpoint, save_checkpoint, unusable
from core.train.curves import draw_curves
from core.train.dataset import CropSource
from core.train.loss import training_loss
from core.train.record import Stage, in_words, stage_of, unrecorded_stage
from core.train.settings import TrainSettings
from core.weights import find_network, read_weights

WEIGHT_DECAY = 1e-3
WARM_UP = 0.02
"""Share of the run in which the learning rate rises."""
LATE, LATE_VARIATIONS = 0.6, 0.4
"""From this share of the run on, crops are varied in light less often: nearer to real images."""
REPORT_CROPS, REPORT_SECONDS = 200, 20.0
"""At most so many crops, or seconds, lie between two lines of progress."""
SAVE_EVERY = 800
"""Crops between two checkpoints."""
MOST_LEFT_OUT = 5
"""Batches in a row whose loss or gradient is no finite number: then the run ends."""

Validate = Callable[[nn.Module], dict[str, float]]


def learning_rate(progress: float, peak: float) -> float:
    """The rate at `progress` 0..1 of the run: a linear rise, then half a cosine down to zero."""
    if progress < WARM_UP:
        return peak * max(progress, 1e-3) / WARM_UP
    share = (min(progress, 1.0) - WARM_UP) / (1 - WARM_UP)
    return peak * (1 + math.cos(math.pi * share)) / 2


def keep_statistics(network: nn.Module) -> None:
    """BatchNorm as in use, not by the batch at hand: four crops of four kinds differ too much."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


class Trainer:
    """Trains one network; everything that a later session needs lies in the checkpoint.

    ticket: gets a line from time to time. reading: counts the images while they are read.
    """

    def __init__(
        self,
        settings: TrainSettings,
        validate: Validate,
        ticket: Ticket,
        reading: Ticket | None = None,
    ) -> None:
        self.settings = settings
        self.validate = validate
        self.ticket = ticket
        self.reading = reading or ticket
        self.origin = ""
        """What the weights that the run starts from had been trained with."""
        self.stages: list[Stage] = []
        self.normalisation = Normalisation()
        torch.manual_seed(settings.seed)
        self.checkpoint = settings.run / "checkpoint.pt"
        network = self._first_network()
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(),
            lr=settings.rate,
            weight_decay=WEIGHT_DECAY,
            fused=True,  # seven times as fast on a CPU: a tenth of a step
        )
        self.average = WeightAverage(self.network)
        self.crops = 0
        self.seconds = 0.0
        self.history: list[dict[str, float]] = []
        self.left_out = 0
        """Batches in a row, up to the last one."""
        self.has_left_out = False
        self.beginning = begun(settings)
        if self.checkpoint.exists():
            self._resume()

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0..1, by crops or by minutes."""
        by_time = self.seconds / 60 / self.settings.minutes
        return min(1.0, max(by_time, self.crops / self.settings.crops))

    @property
    def training(self) -> str:
        """What the network was trained with in this and earlier sessions, for its manifest."""
        return in_words(self.stages, self.crops, self.seconds, self.origin)

    def run(self) -> nn.Module:
        """Train to the end; returns the network with the averaged weights.

        Raises UsageError when the loss stays no finite number; the last checkpoint is kept.
        CannotWrite before the first step when the folder of the run cannot be written into.
        """
        self._tell(self.beginning)
        if self.progress < 1:
            self._train()
        return self.averaged()

    def _train(self) -> None:
        check_writable(self.settings.run, "--run")
        self._begin_stage()
        source = self._open_source()
        rng = np.random.default_rng([self.settings.seed, self.crops])
        losses: list[float] = []
        clock, reported = time.monotonic(), self.seconds
        for pixels, targets in source.batches(self.settings.batch, rng):
            if self.progress >= 1:
                break
            late = LATE_VARIATIONS if self.progress >= LATE else 1.0
            source.variations = self.settings.variations * late
            losses += self._step(pixels, targets)
            now = time.monotonic()
            self.seconds, clock = self.seconds + now - clock, now
            waited = self.seconds - reported >= REPORT_SECONDS
            if losses and (waited or self._due(REPORT_CROPS)):
                self._report(losses)
                losses, reported = [], self.seconds
            if self._due(self.settings.validate_every):
                self._validate()
            if self._due(SAVE_EVERY) and not self.left_out:
                self._save()
        self._save()

    @cached_property
    def _samples(self) -> list[Sample]:
        return read_collection(self.settings.data, "train")

    def _begin_stage(self) -> None:
        """Unless the crops are those of the session before."""
        new = stage_of(self._samples, self.settings, self.crops, self.seconds)
        if not self.stages or any(self.stages[-1][key] != new[key] for key in ("source", "seed")):
            self.stages.append(new)

    def averaged(self) -> nn.Module:
        """A copy of the network with the averaged weights."""
        network = find_spec(self.settings.network).build()
        network.load_state_dict(self.average.state)
        return network.eval()

    def _first_network(self) -> nn.Module:
        """Random weights, or those that are installed, when asked to start from them."""
        name = self.settings.network
        network = find_spec(name).build()
        if self.settings.start_from_weights:
            info = find_network(name)
            self.origin = info.entry.training if info.entry else ""
            fill(network, decode_weights(read_weights(info), str(info.path)), str(info.path))
        return network

    def _open_source(self) -> CropSource:
        return CropSource(
            self._samples,
            self.normalisation,
            self.settings.crop_size,
            self.settings.synthetic,
            self.reading,
            self.settings.emphasis,
        )

    def _step(self, pixels: Tensor, targets: Tensor) -> list[float]:
        """One optimiser step on a batch of pixels (0..1); returns the loss, or nothing when the
        batch was left out because that, or the gradient, is no finite number."""
        rate = learning_rate(self.progress, self.settings.rate)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        if self.settings.start_from_weights:
            keep_statistics(self.network)
        scaled = (pixels - self.normalisation.mean) / self.normalisation.std
        with autocast_bf16():
            output = self.network(scaled)
        loss = training_loss(output, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        steepness = nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.crops += len(pixels)
        if not torch.isfinite(loss.detach() + steepness):
            self._leave_out()
            return []
        self.left_out = 0
        self.optimizer.step()
        self.average.update(self.network, self.crops // self.settings.batch)
        return [float(loss.detach())]

    def _leave_out(self) -> None:
        """After a loss or gradient that is no finite number: weights and average stay."""
        # BatchNorm has taken the batch in already: it gets the averaged statistics back.
        for name, buffer in self.network.named_buffers():
            buffer.copy_(self.average.state[name])
        self.left_out += 1
        if self.left_out == MOST_LEFT_OUT:
            raise diverged(self.checkpoint, self.settings.rate)
        if not self.has_left_out:
            self._tell("a batch is left out: its loss or gradient is no finite number")
        self.has_left_out = True

    def _due(self, every: int) -> bool:
        """Whether the last batch passed a multiple of `every` crops."""
        return self.crops // every > (self.crops - self.settings.batch) // every

    def _report(self, losses: list[float]) -> None:
        mean = float(np.mean(losses))
        self.history.append({"crops": self.crops, "seconds": self.seconds, "loss": mean})
        left = self.seconds * (1 / max(self.progress, 1e-6) - 1) / 60
        self._tell(f"{self.crops} crops, loss {mean:.4f}, {math.ceil(left)} min left")

    def _validate(self) -> None:
        self._tell("looking at the validation images")
        scores = self.validate(self.averaged())
        self.history.append({"crops": self.crops, "seconds": self.seconds, **scores})
        text = ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
        self._tell(f"validation: {text}")

    def _tell(self, text: str) -> None:
        self.ticket.step(round(self.progress * 1000), 1000, text)

    def _save(self) -> None:
        state = {
            "network": self.settings.network,
            "settings": self.settings.as_text(),
            "weights": self.network.state_dict(),
            "average": self.average.state,
            "optimizer": self.optimizer.state_dict(),
            "crops": self.crops,
            "seconds": self.seconds,
            "history": self.history,
            "stages": self.stages,
            "origin": self.origin,
        }
        save_checkpoint(self.checkpoint, state)
        draw_curves(self.history, self.settings.run / "curves.png")

    def _resume(self) -> None:
        state = load_checkpoint(self.checkpoint, self.settings.network)
        earlier = state["settings"]
        chosen = str(self.settings.start_from_weights)
        if earlier.get("start_from_weights", chosen) != chosen:
            raise unusable(self.checkpoint, "it began with other weights (--from-weights)")
        try:
            self.network.load_state_dict(state["weights"])
            self.optimizer.load_state_dict(state["optimizer"])
        except (RuntimeError, ValueError, KeyError) as error:
            raise unusable(self.checkpoint, "it is of another version of the network") from error
        self.average.state = state["average"]
        self.crops, self.seconds = state["crops"], state["seconds"]
        self.history = state["history"]
        self.stages = state.get("stages") or [unrecorded_stage(earlier)]
        self.origin = state.get("origin", self.origin)
        self.beginning = (
            resumed(self.settings, earlier, self.crops)
            if self.progress < 1
            else finished(self.settings, earlier, self.crops, self.seconds)
        )
