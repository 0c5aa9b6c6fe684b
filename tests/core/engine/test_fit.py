import pytest

from core.engine.fit import Fit


@pytest.mark.parametrize(
    ("diameter", "factor", "words"),
    [
        (24, 1, ""),
        (6, 4, ""),
        (240, 0.1, ""),
        (5, 4, "Objects of 5 px are smaller than the network knows, even enlarged 4 times"),
        (1.5, 4, "Objects of 1.5 px are too small to show a shape"),
        (600, 0.1, "Objects of 600 px stay larger than the network knows, even at 10%"),
    ],
)
def test_objects_that_cannot_get_the_known_size_are_warned_of(
    diameter: float, factor: float, words: str
) -> None:
    fit = Fit(diameter, 24)
    assert fit.factor == pytest.approx(factor)
    assert fit.seen == pytest.approx(diameter * factor)
    assert fit.warning.startswith(words) and bool(fit.warning) == bool(words)
