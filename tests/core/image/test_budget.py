"""Limits speak before anything is decoded, and say their numbers."""

import pytest

from core.errors import ImageTooLarge, UnreadableImage
from core.image import budget
from core.image.budget import check_budget, free_memory


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "free_memory", lambda: 100 * 10**9)


def test_gigapixel_is_the_limit() -> None:
    check_budget(10_000, 100_000, 1, 1)
    with pytest.raises(ImageTooLarge, match=r"100000 x 10001 pixels .* 1 gigapixel or 4 GB"):
        check_budget(10_001, 100_000, 1, 1)


def test_four_gigabytes_are_the_limit() -> None:
    check_budget(10_000, 100_000, 4, 1)
    with pytest.raises(ImageTooLarge, match=r"4\.8 GB"):
        check_budget(20_000, 20_000, 3, 4)


def test_half_of_the_free_memory_is_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "free_memory", lambda: 2 * 10**9)
    check_budget(10_000, 100_000, 1, 1)
    with pytest.raises(ImageTooLarge, match=r"2\.0 GB of memory, .* half of the free 2\.0 GB"):
        check_budget(10_000, 100_000, 2, 1)
    monkeypatch.setattr(budget, "free_memory", lambda: None)
    check_budget(10_000, 100_000, 2, 1)


@pytest.mark.parametrize(
    "sizes", [(0, 5, 1, 1), (5, 0, 1, 1), (5, 5, 0, 1), (5, 5, 1, 0), (-1, 5, 1, 1)]
)
def test_nothing_to_show(sizes: tuple[int, int, int, int]) -> None:
    with pytest.raises(UnreadableImage, match="no pixels"):
        check_budget(*sizes)


def test_absurd_number_of_channels() -> None:
    check_budget(8, 8, 512, 1)
    with pytest.raises(UnreadableImage, match="65535 values for each pixel"):
        check_budget(8, 8, 65_535, 1)


def test_free_memory_is_told_here() -> None:
    free = free_memory()
    assert free is None or free > 2**20
