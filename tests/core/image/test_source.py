import numpy as np

from core.image.source import PROJECTION, Plane, Scene


def scene(times: int, depths: int) -> Scene:
    return Scene(10, 10, np.dtype(np.uint8), times=times, depths=depths)


def test_the_nearest_plane_is_one_that_the_scene_has() -> None:
    assert scene(4, 3).nearest(Plane(t=9, z=9)) == Plane(t=3, z=2)
    assert scene(4, 3).nearest(Plane(t=-1, z=1)) == Plane(z=1)
    assert scene(4, 3).nearest(Plane(t=2, z=PROJECTION)) == Plane(t=2, z=PROJECTION)


def test_one_focal_plane_is_its_own_projection() -> None:
    assert scene(4, 1).nearest(Plane(t=2, z=PROJECTION)) == Plane(t=2)
