"""Reading a folder of annotated images, as people make it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from core.errors import UnreadableImage, UsageError
from core.evaluate.collection import check_samples, read_collection
from core.progress import Ticket
from tests.core.train.collection import draw_collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return draw_collection(tmp_path / "data")


def rewrite(folder: Path, change: Callable[[str], str], encoding: str = "utf-8") -> None:
    path = folder / "manifest.csv"
    path.write_bytes(change(path.read_text()).encode(encoding))


def save_labels(folder: Path, name: str, labels: np.ndarray) -> Path:
    path = folder / "discs" / "labels" / f"{name}.png"
    Picture.fromarray(labels).save(path)
    return path


def check(folder: Path) -> None:
    check_samples(read_collection(folder, "train"), Ticket())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_what_spreadsheets_write_is_read(folder: Path, separator: str, encoding: str) -> None:
    rewrite(folder, lambda text: text.replace(",", separator).replace("grey", "Zähl"), encoding)
    samples = read_collection(folder, "train")
    assert [sample.name for sample in samples] == ["d0", "d1", "d2"]
    assert samples[0].modality == "Zähl"


@pytest.mark.parametrize("lacking", [("split",), ("set", "modality")])
def test_columns_that_are_missing_are_named(folder: Path, lacking: tuple[str, ...]) -> None:
    def without(text: str) -> str:
        for name in lacking:
            text = text.replace(name, "other", 1)
        return text

    rewrite(folder, without)
    with pytest.raises(UsageError, match=", ".join(map(repr, lacking))):
        read_collection(folder, "train")


def test_an_empty_manifest_and_a_short_row(folder: Path) -> None:
    rewrite(folder, lambda text: text + "discs\n")
    assert len(read_collection(folder, "train")) == 3
    rewrite(folder, lambda text: "")
    with pytest.raises(UsageError, match="lacks the columns"):
        read_collection(folder, "train")


def test_the_splits_that_there_are_are_named(folder: Path) -> None:
    with pytest.raises(UsageError, match="'train', 'val'"):
        read_collection(folder, "test")


@pytest.mark.parametrize("rest", ["", "x" * 200_000], ids=["short", "long"])
def test_an_unclosed_quotation_mark_is_told(folder: Path, rest: str) -> None:
    rewrite(folder, lambda text: text.replace("discs,d1", 'discs,"d1') + rest)
    with pytest.raises(UsageError, match=r"manifest.csv cannot be .* quotation mark in line"):
        read_collection(folder, "train")


@pytest.mark.parametrize("kind", ["images", "labels"])
def test_a_missing_file_is_named_with_its_folder(folder: Path, kind: str) -> None:
    path = folder / "discs" / kind / "d1.png"
    path.unlink()
    with pytest.raises(UsageError) as told:
        read_collection(folder, "train")
    assert str(path) in str(told.value)


@pytest.mark.parametrize("kind", ["images", "labels"])
def test_a_damaged_file_is_named_with_its_folder(folder: Path, kind: str) -> None:
    path = folder / "discs" / kind / "d1.png"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnreadableImage) as told:
        check(folder)
    assert f"Cannot open {path}:" in str(told.value)


def test_labels_of_another_size_are_refused(folder: Path) -> None:
    path = save_labels(folder, "d1", np.ones((96, 90), np.uint8))
    with pytest.raises(UsageError) as told:
        check(folder)
    assert str(path) in str(told.value) and "90 x 96" in str(told.value)


def test_labels_in_colour_are_refused(folder: Path) -> None:
    path = save_labels(folder, "d1", np.ones((96, 96, 3), np.uint8))
    with pytest.raises(UsageError) as told:
        check(folder)
    assert str(path) in str(told.value) and "colour" in str(told.value)


def test_one_image_may_be_without_objects_but_not_all(folder: Path) -> None:
    nothing = np.zeros((96, 96), np.uint8)
    for name in ("d0", "d1"):
        save_labels(folder, name, nothing)
    check(folder)
    save_labels(folder, "d2", nothing)
    with pytest.raises(UsageError, match="no object"):
        check(folder)
