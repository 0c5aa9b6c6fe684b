"""The training loop on a drawn collection: it learns, resumes, averages and publishes."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image as Picture

from core.engine.config import SegmentConfig
from core.engine.segment import segment
from core.errors import UsageError
from core.evaluate.collection import read_collection
from core.image.read import read_image
from core.models.registry import SPECS
from core.models.spec import Normalisation
from core.progress import Ticket
from core.train.augment import KNOWN_DIAMETER, Annotated, random_crop, random_light
from core.train.average import WeightAverage
from core.train.checkpoint import load_checkpoint
from core.train.dataset import CropSource, annotated
from core.train.loss import segmentation_loss, size_loss
from core.train.publish import publish
from core.train.settings import TrainSettings
from core.train.targets import MOST_IMPORTANT
from core.train.trainer import Trainer, keep_statistics, learning_rate
from core.weights import networks
from tests.core.train.collection import draw_collection
from tests.core.train.tiny import SPEC


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SPECS, SPEC.name, SPEC)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    return draw_collection(tmp_path / "data")


def settings(collection: Path, crops: int, **changes: object) -> TrainSettings:
    values = {"crop_size": 64, "batch": 2, "validate_every": 4, "minutes": 60.0} | changes
    return TrainSettings(collection, collection.parent / "run", SPEC.name, crops, **values)


def test_pixels_and_targets_move_together() -> None:
    """A target that equals the picture must still equal it after any crop."""
    rng = np.random.default_rng(1)
    rows, columns = np.mgrid[:90, :120]
    disc = (np.hypot(rows - 45, columns - 60) < 30).astype(np.float32)
    item = Annotated(
        disc[..., None],
        np.repeat(disc[..., None] * 255, 4, 2).astype(np.uint8),
        60,
        np.array([[60.0, 45.0]]),
    )
    apart = []
    for _ in range(50):
        pixels, targets, _ = random_crop(item, 64, rng)
        apart.append(np.abs(pixels[..., 0] - targets[..., 0] / 255).mean())
    assert np.median(apart) < 0.02 and max(apart) < 0.06  # strongly shrunk pixels are blurred


@pytest.mark.parametrize("channels", [1, 3])
def test_light_gives_finite_colours(channels: int) -> None:
    rng = np.random.default_rng(2)
    picture = rng.random((32, 32, channels), np.float32)
    crops = np.array([random_light(picture, rng) for _ in range(100)])
    assert crops.shape == (100, 32, 32, 3) and np.isfinite(crops).all()
    assert crops.std(axis=0).mean() > 0.05


def test_without_variations_the_light_stays() -> None:
    picture = np.random.default_rng(3).random((32, 32, 3), np.float32)
    rng = np.random.default_rng(4)
    assert all(np.array_equal(random_light(picture, rng, 0), picture) for _ in range(20))
    changed = [not np.array_equal(random_light(picture, rng, 0.5), picture) for _ in range(200)]
    usual = [not np.array_equal(random_light(picture, rng), picture) for _ in range(200)]
    assert 0.5 < np.mean(changed) < np.mean(usual)


def test_crops_late_in_a_run_are_varied_less(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(settings(collection, 20), lambda network: {}, Ticket())
    source, shares = trainer._open_source(), []
    draw = source.draw

    def noted(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        shares.append(source.variations)
        return draw(rng)

    monkeypatch.setattr(source, "draw", noted)
    monkeypatch.setattr(trainer, "_open_source", lambda: source)
    trainer.run()
    late = [share < 1 for share in shares]
    assert late == sorted(late) and late.index(True) == pytest.approx(0.6 * 20, abs=4)


def test_rare_modalities_are_seen_more_than_their_share(tmp_path: Path) -> None:
    folder = draw_collection(tmp_path / "d", train=9)
    manifest = folder / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("colour", "grey").replace("grey", "rare", 1))
    source = CropSource(read_collection(folder, "train"), Normalisation(), 64, 0.0, Ticket())
    assert source.chance[source.modalities.index("rare")] > 1 / 9


def test_a_hard_modality_is_drawn_more_often_when_asked(tmp_path: Path) -> None:
    samples = read_collection(draw_collection(tmp_path / "d"), "train")
    plain = CropSource(samples, Normalisation(), 64, 0.0, Ticket())
    hard = plain.modalities[0]
    source = CropSource(samples, Normalisation(), 64, 0.0, Ticket(), {hard: 3.0})
    odds = [chances[0] / (1 - chances[0]) for chances in (plain.chance, source.chance)]
    assert odds[1] == pytest.approx(3 * odds[0])
    with pytest.raises(UsageError, match="no such"):
        CropSource(samples, Normalisation(), 64, 0.0, Ticket(), {"no such": 3.0})


def test_learning_rate_rises_then_falls_to_zero() -> None:
    rates = [learning_rate(p, 1.0) for p in np.linspace(0, 1, 200)]
    top = int(np.argmax(rates))
    assert top < 10 and rates[top] > 0.99 and rates[-1] < 1e-6
    assert rates[top:] == sorted(rates[top:], reverse=True)


def test_the_loss_is_small_for_the_truth_and_large_for_its_opposite() -> None:
    targets = torch.zeros(1, 4, 16, 16)
    targets[:, :2, 4:12, 4:12] = 1
    targets[:, 3] = 1 / MOST_IMPORTANT
    right = (targets[:, :3] * 2 - 1) * 10
    assert segmentation_loss(right, targets) < 0.01 < 1 < segmentation_loss(-right, targets)


def test_a_mistake_in_a_narrow_gap_counts_several_times() -> None:
    targets = torch.zeros(1, 4, 16, 16)
    targets[:, 2, :, 8:] = 1
    targets[:, 3] = 1 / MOST_IMPORTANT
    right = (targets[:, :3] * 2 - 1) * 10
    wide, narrow = right.clone(), right.clone()
    wide[:, 1, 2, 2], narrow[:, 1, 2, 12] = 10, 10
    nothing = segmentation_loss(right, targets)
    losses = [segmentation_loss(logits, targets) - nothing for logits in (wide, narrow)]
    assert losses[1] > 2 * losses[0] > 0


def test_a_foreground_that_does_not_overlap_costs_where_no_pixel_has_weight() -> None:
    targets = torch.zeros(1, 4, 16, 16)
    targets[:, 0, 4:12, 4:12] = 1
    right = (targets[:, :3] * 2 - 1) * 10
    assert segmentation_loss(right, targets) < 0.01 < 0.4 < segmentation_loss(-right, targets)


def test_a_mistake_counts_by_the_importance_of_its_place() -> None:
    targets = torch.zeros(1, 4, 16, 16)
    targets[:, 3] = 1 / MOST_IMPORTANT
    targets[:, 3, :, 8:] = 1
    unimportant, important = torch.full((2, 1, 3, 16, 16), -5.0)
    unimportant[:, 1:, 2, 2], important[:, 1:, 2, 12] = 5, 5  # not the foreground: without Dice
    nothing = segmentation_loss(torch.full((1, 3, 16, 16), -5.0), targets)
    losses = [segmentation_loss(logits, targets) - nothing for logits in (unimportant, important)]
    assert losses[1] == pytest.approx(float(MOST_IMPORTANT * losses[0]), rel=1e-3)


def test_the_size_counts_where_there_are_objects() -> None:
    objects = torch.zeros(2, 8, 8)
    objects[0, 2:6, 2:6] = 1
    truth = torch.full((2, 8, 8), 1.5)
    assert size_loss(truth * objects, truth, objects) == 0
    assert size_loss(truth - 1, truth, objects) > 0.4
    truth[0] = torch.nan
    assert size_loss(objects, truth, objects) == 0


def test_the_size_of_a_crop_is_told_in_octaves() -> None:
    """Where a crop shows one whole disc, its area tells its diameter."""
    disc = np.zeros((400, 400), np.int32)
    cv2.circle(disc, (200, 200), 20, 1, -1)
    item = annotated(disc[..., None].astype(np.float32), disc)
    told, seen = [], []
    for seed in range(300):
        _, targets, octaves = random_crop(item, 256, np.random.default_rng(seed))
        inside = (targets[..., 0] > 127).astype(np.uint8)
        count, _, boxes, _ = cv2.connectedComponentsWithStats(inside)
        whole = count == 2 and boxes[1, :2].min() > 0 and sum(boxes[1, [0, 2]]) < 256
        if whole and sum(boxes[1, [1, 3]]) < 256 and not np.isnan(octaves):
            told.append(octaves)
            seen.append(np.log2(np.sqrt(inside.sum() * 4 / np.pi) / KNOWN_DIAMETER))
    assert len(told) > 15 and np.ptp(seen) > 1
    np.testing.assert_allclose(told, seen, atol=0.1)


def test_the_average_follows_the_weights() -> None:
    network = torch.nn.Linear(2, 1)
    average = WeightAverage(network, 0.5)
    torch.nn.init.constant_(network.weight, 8.0)
    for step in range(100, 120):
        average.update(network, step)
    assert torch.allclose(average.state["weight"], network.weight, atol=1e-3)


def test_kept_statistics_do_not_follow_the_batch() -> None:
    network = SPEC.build().train()
    keep_statistics(network)
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    network(torch.randn(4, 3, 16, 16) + 5)
    assert before and all(torch.equal(before[name], b) for name, b in network.named_buffers())
    assert all(p.requires_grad for p in network.parameters())


def test_training_lowers_the_loss(collection: Path) -> None:
    trainer = Trainer(settings(collection, 200), lambda network: {}, Ticket())
    source = trainer._open_source()
    pixels, targets = next(source.batches(2, np.random.default_rng(0)))
    losses = [loss for _ in range(40) for loss in trainer._step(pixels, targets)]
    assert losses[-1] < losses[0] * 0.95


def test_the_result_has_the_averaged_weights(collection: Path) -> None:
    trainer = Trainer(settings(collection, 8), lambda network: {}, Ticket())
    result, last = trainer.run().state_dict(), trainer.network.state_dict()
    assert all(torch.equal(value, result[key]) for key, value in trainer.average.state.items())
    assert not torch.equal(result["0.weight"], last["0.weight"])


def install(collection: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """Weights of the tiny network as if we shipped them; returns them as they are read."""
    folder = collection.parent / "shipped"
    network, samples = SPEC.build(), read_collection(collection, "val")
    torch.nn.init.normal_(network.get_buffer("1.running_mean"))
    weights = {key: value.half() for key, value in network.state_dict().items()}
    publish(network, SPEC.name, SPEC.name, samples, folder, "a test", Ticket())
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [folder])
    return weights


def test_a_run_may_start_from_weights_and_keeps_their_statistics(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = install(collection, monkeypatch)
    chosen = settings(collection, 4, start_from_weights=True)
    trainer = Trainer(chosen, lambda network: {}, Ticket())
    start = {key: value.clone() for key, value in trainer.network.state_dict().items()}
    assert all(torch.equal(value.half(), weights[key]) for key, value in start.items())
    after = trainer.run().state_dict()
    kept = [key for key in start if "running" in key]
    assert len(kept) == 2 and all(torch.equal(start[key], after[key]) for key in kept)
    assert not torch.equal(start["0.weight"], after["0.weight"])


def test_an_interrupted_run_goes_on_where_it_was(collection: Path) -> None:
    first = Trainer(settings(collection, 4), lambda network: {}, Ticket())
    first.run()
    second = Trainer(settings(collection, 6), lambda network: {}, Ticket())
    assert (second.crops, second.seconds) == (first.crops, first.seconds)
    for key, value in first.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[key])
        assert torch.equal(first.average.state[key], second.average.state[key])
    before, after = (t.optimizer.state_dict()["state"] for t in (first, second))
    assert before.keys() == after.keys() != set()
    assert all(torch.equal(before[i]["exp_avg_sq"], after[i]["exp_avg_sq"]) for i in after)
    second.run()
    assert second.crops == 6
    with pytest.raises(UsageError, match="tiny"):
        load_checkpoint(second.checkpoint, "another")


def test_what_is_published_can_be_run(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(settings(collection, 4), lambda network: {}, Ticket())
    folder = collection.parent / "weights"
    samples = read_collection(collection, "val")
    scores = publish(trainer.run(), SPEC.name, "mine", samples, folder, "a test", Ticket())
    monkeypatch.setattr("core.weights.manifest_folders", lambda: [folder])
    info = next(i for i in networks(check_hash=True) if i.name == "mine")
    assert info.path == folder / "mine.safetensors"
    assert info.available and info.entry is not None
    assert info.entry.accuracy["all images"]["ap50"] == round(scores["all images"].pooled[0], 4)
    result = segment(read_image(samples[0].image_path), SegmentConfig(model="mine"))
    assert result.maps.weights_sha256 == info.entry.sha256


def test_a_collection_that_is_none_is_refused(tmp_path: Path, collection: Path) -> None:
    with pytest.raises(UsageError, match=r"manifest\.csv"):
        read_collection(tmp_path, "train")
    with pytest.raises(UsageError, match="test"):
        read_collection(collection, "test")


def test_curves_are_drawn(collection: Path) -> None:
    from core.train.curves import draw_curves

    history = [{"crops": i * 100.0, "seconds": i, "loss": 1 / i} for i in range(1, 20)]
    history[9]["ap50"] = 0.4
    history[18]["ap50"] = 0.6
    path = collection / "curves.png"
    draw_curves(history, path)
    assert len(Picture.open(path).convert("RGB").getcolors(100_000)) > 3
