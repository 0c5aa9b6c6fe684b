"""The folder that a network is trained with: our own reader and trainer take it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.annotation.annotation_set import AnnotationSet
from core.annotation.raster import label_image
from core.annotation.region import Region
from core.errors import CannotWrite
from core.evaluate.collection import read_collection
from core.formats import training_set
from core.formats.base import Report
from core.formats.picture import Picture
from core.image import model
from tests.core.formats.pictures import image_for, picture_for
from tests.core.formats.samples import annotations, regions, square


def sets(count: int) -> list[AnnotationSet]:
    return [annotations(image_name=f"Präparat {n}.tif", width=64 + n) for n in range(count)]


def written(
    folder: Path, items: list[AnnotationSet], parts: tuple[str, ...] = (), **options: str
) -> tuple[Path, Report]:
    folder.mkdir(exist_ok=True)
    path = folder / "annotations_training-set"
    codec = training_set.CODEC.with_options(options)
    report = codec.write_all(path, items, [picture_for(s) for s in items], parts)
    return path, report


def test_our_reader_takes_it(tmp_path: Path) -> None:
    items = sets(3)
    path, report = written(tmp_path, items, ("train", "val", "train"))
    train, val = read_collection(path, "train"), read_collection(path, "val")
    assert [s.name for s in train] == ["Präparat 0", "Präparat 2"]
    assert [s.group for s in val] == ["Präparat 1.tif"]
    for sample, known in zip((*train, *val), (items[0], items[2], items[1]), strict=True):
        np.testing.assert_array_equal(sample.image().pixels, image_for(known).pixels)
        wanted = label_image(regions(), known.height, known.width)
        places = np.array([0, 0, 1, 2, 0, 0, 0, 3, 0, 4])  # 2, 3, 7, 9 are 1, 2, 3, 4
        np.testing.assert_array_equal(sample.labels(), places[wanted])
    assert (report.total, report.done, report.notes) == (12, 12, ())


@pytest.mark.parametrize(("count", "val"), [(1, 0), (2, 1), (4, 1), (5, 1), (11, 2)])
def test_some_images_are_for_validation(count: int, val: int, tmp_path: Path) -> None:
    path, report = written(tmp_path, sets(count))
    assert len(read_collection(path, "train")) == count - val
    if val:
        assert len(read_collection(path, "val")) == val
    assert ("validation" if val else "second file") in report.notes[0]


def test_planes_of_one_file_stay_together(tmp_path: Path) -> None:
    planes = [annotations(image_name=f"stack {n % 2}.tif") for n in range(6)]
    path, _ = written(tmp_path, planes)
    assert {s.group for s in read_collection(path, "val")} == {"stack 1.tif"}
    assert len({s.image_path for s in read_collection(path, "train")}) == 3


def test_images_without_objects_belong_to_it(tmp_path: Path) -> None:
    path, report = written(tmp_path, [annotations([], image_name="a.tif"), annotations()])
    labels = [s.labels().max() for split in ("train", "val") for s in read_collection(path, split)]
    assert sorted(labels) == [0, 4] and report.total == 4


NAMES = [
    "../../evil.tif",
    "a/b.tif",
    "C:\\x.tif",
    "..",
    'a"b<c>.tif',
    "ü 細胞.tif",
    "a.tif",
    "A.png",
]


def test_names_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    path, _ = written(tmp_path / "x", [annotations(image_name=name) for name in NAMES])
    files = list(path.rglob("*.png"))
    assert len(files) == 2 * len(NAMES)
    assert {p.parent.relative_to(path).as_posix() for p in files} == {
        "cells/images",
        "cells/labels",
    }
    assert list(tmp_path.iterdir()) == [tmp_path / "x"] and list((tmp_path / "x").iterdir()) == [
        path
    ]
    assert len([*read_collection(path, "train"), *read_collection(path, "val")]) == len(NAMES)


PIXELS = {
    "16 bits": (np.uint16, 1, False, np.uint16),
    "8 bits": (np.uint8, 1, False, np.uint8),
    "fractions": (np.float32, 1, False, np.uint16),
    "negative": (np.int16, 1, False, np.uint16),
    "colours": (np.uint8, 3, True, np.uint8),
    "colours of 16 bits": (np.uint16, 3, True, np.uint8),
}


@pytest.mark.parametrize("name", PIXELS)
def test_pixels_of_every_kind(name: str, tmp_path: Path) -> None:
    dtype, channels, is_rgb, stored = PIXELS[name]
    values = np.random.default_rng(0).uniform(0, 100, (50, 64, channels)).astype(dtype)
    picture = Picture(lambda: model.Image(values, is_rgb=is_rgb))
    path = tmp_path / "a"
    training_set.CODEC.write(path, annotations(), picture=picture)
    pixels = read_collection(path, "train")[0].image().pixels
    assert (pixels.dtype, pixels.shape) == (stored, (50, 64, channels))
    straight = np.corrcoef(pixels.ravel(), values.ravel())[0, 1]
    assert straight > 0.99999


def test_one_of_several_channels(tmp_path: Path) -> None:
    items = annotations()
    codec = training_set.CODEC.with_options({"channel": "2"})
    codec.write(tmp_path / "a", items, picture=picture_for(items, 2))
    found = read_collection(tmp_path / "a", "train")[0].image().pixels
    np.testing.assert_array_equal(found[..., 0], image_for(items, 2).pixels[..., 1])
    with pytest.raises(CannotWrite, match="has 2 channels and no channel 4"):
        codec = training_set.CODEC.with_options({"channel": "4"})
        codec.write(tmp_path / "b", items, picture=picture_for(items, 2))
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_missing_image_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"the image Präparat 1\.tif is part of it"):
        training_set.CODEC.write(tmp_path / "a", annotations())
    wrong = picture_for(annotations(width=9))
    with pytest.raises(CannotWrite, match=r"training set was not written: .* has 9 x 50 pixels"):
        training_set.CODEC.write(tmp_path / "a", annotations(), picture=wrong)
    assert list(tmp_path.iterdir()) == []


def test_numbers_above_16_bits_are_counted_anew(tmp_path: Path) -> None:
    items = annotations([Region(70_000, square(3, 3, 5)), Region(2**31 - 1, square(20, 20, 5))])
    path, _ = written(tmp_path, [items])
    with Image.open(path / "cells" / "labels" / "Präparat 1.png") as png:
        assert np.unique(np.asarray(png)).tolist() == [0, 1, 2]


def test_a_network_trains_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.models.registry import SPECS
    from core.progress import Ticket
    from core.train.settings import TrainSettings
    from core.train.trainer import Trainer
    from tests.core.train.tiny import SPEC

    monkeypatch.setitem(SPECS, SPEC.name, SPEC)
    path, _ = written(tmp_path, sets(3))
    run = tmp_path / "run"
    settings = TrainSettings(path, run, SPEC.name, 2, crop_size=64, batch=2, synthetic=0.0)
    Trainer(settings, lambda network: {}, Ticket()).run()
    assert list(run.iterdir())
