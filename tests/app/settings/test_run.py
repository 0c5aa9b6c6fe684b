import pytest

from app.settings.run import RunSettings
from core.engine.config import SegmentConfig
from core.errors import UsageError

FINE = SegmentConfig("fine", diameter=12)


def test_pixels_hold_for_every_image() -> None:
    assert RunSettings(FINE).for_image("a.png", None) is FINE
    assert RunSettings(FINE).for_image("a.tif", 0.5) is FINE


def test_micrometres_become_pixels() -> None:
    assert RunSettings(SegmentConfig("fine"), 10).for_image("a.tif", 0.25).diameter == 40


def test_an_image_without_a_scale_is_named_with_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"a\.png has no pixel size.*10 µm.*in pixels"):
        RunSettings(FINE, 10).for_image("a.png", None)


def test_a_size_that_is_no_size_in_an_image_names_it() -> None:
    with pytest.raises(UsageError, match=r"a\.tif .*diameter is 0\.1; it must lie between 1"):
        RunSettings(FINE, 10).for_image("a.tif", 100)


@pytest.mark.parametrize("diameter", [0, -3, float("nan")])
def test_senseless_micrometres(diameter: float) -> None:
    with pytest.raises(UsageError, match="must lie above 0"):
        RunSettings(FINE, diameter)
