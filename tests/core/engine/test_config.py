import pytest

from core.engine.config import SegmentConfig
from core.errors import UsageError


@pytest.mark.parametrize("value", [-0.1, 11, float("nan")])
def test_a_senseless_detail_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="detail"):
        SegmentConfig(detail=value)


@pytest.mark.parametrize("value", [-1, float("nan")])
def test_a_senseless_size_of_holes_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="hole size"):
        SegmentConfig(fill_holes=value)


@pytest.mark.parametrize("channels", [(-1,), (1, 1)])
def test_channels_that_make_no_sense_are_refused(channels: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="channels are"):
        SegmentConfig(channels=channels)
