import pytest

from app.settings.channels import channels_of


@pytest.mark.parametrize(
    ("stored", "channels"),
    [([0, 2], (0, 2)), ([], ()), (None, ()), ([-1], ()), ([1, 1], ()), ("1", ()), ([1.5], ())],
)
def test_what_is_damaged_means_automatic(stored: object, channels: tuple[int, ...]) -> None:
    assert channels_of(stored) == channels
