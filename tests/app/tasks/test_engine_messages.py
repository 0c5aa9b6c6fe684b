import pickle

import numpy as np
import pytest

from app.tasks.engine_messages import (
    Answer,
    Request,
    answer_to,
    image_of,
    request_for,
    result_of,
    room_for,
)
from app.tasks.shared_block import lend
from core.engine.config import SegmentConfig
from core.image.model import Image
from core.progress import Ticket
from core.project.codec import content_hash
from tests.app.tasks.fake_engine import segment


def picture(height: int, width: int, channels: int, dtype: str) -> Image:
    rng = np.random.default_rng(height)
    pixels = rng.integers(0, 2, (height, width, channels)).astype(dtype)
    return Image(pixels, is_rgb=channels == 3, content_hash="hash", notes=("a note",))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "bool"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (33, 57, 3), (64, 64, 1)])
def test_an_image_arrives_as_it_was(shape: tuple[int, int, int], dtype: str) -> None:
    image = picture(*shape, dtype)
    with lend(room_for(image)) as (name, block):
        request: Request = pickle.loads(
            pickle.dumps(request_for(image, SegmentConfig(), name, block))
        )
        arrived = image_of(request, block)
        assert arrived.pixels.dtype == image.pixels.dtype
        assert np.array_equal(arrived.pixels, image.pixels)
        assert not arrived.pixels.flags.writeable
        assert (arrived.is_rgb, arrived.notes) == (image.is_rgb, image.notes)
        assert len(pickle.dumps(request)) < 1000


def test_a_result_arrives_as_it_was_and_outlives_the_block() -> None:
    image = Image(np.pad(np.full((20, 30, 1), 220, np.uint8), ((9, 8), (7, 6), (0, 0))))
    made = segment(image, SegmentConfig("fine"), Ticket())
    with lend(room_for(image)) as (name, block):
        request = request_for(image, SegmentConfig(), name, block)
        answer: Answer = pickle.loads(pickle.dumps(answer_to(request, made, block)))
        arrived = result_of(answer, request, block)
        block[:] = 0
    assert len(arrived.regions) == 1
    assert content_hash(arrived.regions) == content_hash(made.regions)
    assert not arrived.regions[0].shell.flags.writeable
    assert np.array_equal(arrived.maps.foreground, made.maps.foreground)
    assert np.array_equal(arrived.maps.cue, made.maps.cue)
    assert not arrived.maps.cue.flags.writeable
    assert arrived.config == made.config
    assert arrived.processing_time_ms == made.processing_time_ms
