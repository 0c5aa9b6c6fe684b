import numpy as np

from core.annotation.classes import LabelClass
from core.project.delta import Delta
from tests.core.project.samples import region


def test_inverse_swaps_before_and_after() -> None:
    rng = np.random.default_rng(0)
    old, new = region(1, rng), region(2, rng)
    name, other = LabelClass(0, "a", "#000000"), LabelClass(0, "b", "#000000")
    inverse = Delta("step", {1: old}, {2: new}, {0: name}, {0: other}).inverse()
    assert inverse.name == "step"
    assert inverse.before == {2: new} and inverse.after == {1: old}
    assert inverse.classes_before == {0: other} and inverse.classes_after == {0: name}


def test_inverse_of_the_inverse_is_the_step() -> None:
    step = Delta("add", {}, {1: region(1, np.random.default_rng(0))})
    again = step.inverse().inverse()
    assert (again.name, again.before, again.after) == (step.name, step.before, step.after)
