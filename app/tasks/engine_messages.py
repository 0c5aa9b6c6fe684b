"""What the window and the engine process say to each other.

Arrays lie in a shared block: the pixels first, then both maps. Everything else goes through the
pipe.
"""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from core.annotation.region import Region
from core.engine.config import SegmentConfig
from core.engine.result import SegmentationResult, is_large
from core.errors import CellscribeError
from core.image.model import Image
from core.image.read import read_image
from core.project.codec import decode_delta, encode_delta
from core.project.delta import Delta

STOP = "stop"
"""Sent to the engine process to end what it does."""
_NOTHING = np.empty((0, 0, 0), np.uint8)
_ALIGNMENT = 64  # bytes; rows of the maps start where vector instructions like it


@dataclass(frozen=True)
class Request:
    """Please segment `image`, whose pixels have this shape and dtype and lie in this block; those
    of a lazy image stay in its file."""

    image: Image
    shape: tuple[int, ...]
    dtype: str
    block: str
    config: SegmentConfig
    is_lazy: bool = False

    @property
    def pixel_bytes(self) -> int:
        """What the pixels take in the block."""
        return 0 if self.is_lazy else prod(self.shape) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class Begun:
    """The request has arrived."""


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    stage: str


@dataclass(frozen=True)
class Answer:
    """The result, without the regions and maps; the regions as bytes, the maps in the block."""

    result: SegmentationResult
    regions: bytes


@dataclass(frozen=True)
class Failure:
    """Why there is no result; trace: for the log, "" when the error says it all."""

    error: CellscribeError
    trace: str = ""


@dataclass(frozen=True)
class Stopped:
    """The work was ended as asked for."""


def room_for(image: Image) -> int:
    """Bytes of a block for the pixels of `image` and its maps."""
    return _maps_start(image.held_bytes) + 2 * _map_size(image.pixels.shape)


def request_for(image: Image, config: SegmentConfig, name: str, block: np.ndarray) -> Request:
    """The request to segment `image`; its pixels are copied into the block called `name`."""
    pixels = image.pixels
    bare = replace(image, pixels=_NOTHING, levels=())
    request = Request(bare, pixels.shape, pixels.dtype.str, name, config, image.is_lazy)
    if not image.is_lazy:
        _pixels(request, block)[...] = pixels
    return request


def image_of(request: Request, block: np.ndarray) -> Image:
    """The image of a request, with its pixels in the block; raises what `read_image` raises."""
    if request.is_lazy:
        assert request.image.path is not None  # only files are lazy
        return read_image(request.image.path, request.image.plane)
    pixels = _pixels(request, block)
    pixels.setflags(write=False)
    return replace(request.image, pixels=pixels)


def answer_to(request: Request, result: SegmentationResult, block: np.ndarray) -> Answer:
    """The answer with `result`; its maps are copied into the block."""
    foreground, cue = _maps(request, block)
    foreground[...], cue[...] = result.maps.foreground, result.maps.cue
    maps = replace(result.maps, foreground=_NOTHING, cue=_NOTHING)
    return Answer(replace(result, regions=(), maps=maps), _encoded(result.regions))


def result_of(answer: Answer, request: Request, block: np.ndarray) -> SegmentationResult:
    """The result of an answer; nothing of it lies in the block any more."""
    foreground, cue = (plane.copy() for plane in _maps(request, block))
    for plane in (foreground, cue):
        plane.setflags(write=False)
    maps = replace(answer.result.maps, foreground=foreground, cue=cue)
    return replace(answer.result, regions=_decoded(answer.regions), maps=maps)


def _pixels(request: Request, block: np.ndarray) -> np.ndarray:
    return np.ndarray(request.shape, np.dtype(request.dtype), block)


def _maps(request: Request, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Foreground and cue, (H, W) float32."""
    size = _map_size(request.shape)
    first = _maps_start(request.pixel_bytes)
    shape = _map_shape(request.shape)
    return (
        np.ndarray(shape, np.float32, block, first),
        np.ndarray(shape, np.float32, block, first + size),
    )


def _maps_start(pixel_bytes: int) -> int:
    return -(-pixel_bytes // _ALIGNMENT) * _ALIGNMENT


def _map_size(shape: tuple[int, ...]) -> int:
    height, width = _map_shape(shape)
    return -(-height * width * 4 // _ALIGNMENT) * _ALIGNMENT


def _map_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of the maps of an image of that shape; those of a large one stay away."""
    height, width = shape[:2]
    return (0, 0) if is_large(height, width) else (height, width)


def _encoded(regions: tuple[Region, ...]) -> bytes:
    """Much faster than pickle for thousands of outlines, and they stay read-only."""
    return encode_delta(Delta("", {}, {region.id: region for region in regions}))


def _decoded(data: bytes) -> tuple[Region, ...]:
    return tuple(decode_delta(data).after.values())
