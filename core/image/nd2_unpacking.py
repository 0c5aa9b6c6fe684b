"""A limit to what the ND2 library unpacks: it would make room for whatever a file asks for."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from importlib import import_module

_METADATA = 64 * 2**20
_limit: ContextVar[int] = ContextVar("bytes that one piece may unpack to", default=_METADATA)
_MODULES = ("nd2._readers._modern.modern_reader", "nd2._parse._clx_lite")


class _Limited:
    """Stands in for the module zlib."""

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(data, _limit.get())
        if not unpacker.eof:  # cut, or larger
            raise ValueError("it unpacks to more than it should")
        return unpacked


def limit_unpacking() -> None:
    """From now on; what comes before `unpacking_at_most` are metadata."""
    for name in _MODULES:
        with suppress(ImportError):  # of another version, which has its own way
            module = import_module(name)
            module.zlib = _Limited  # type: ignore[attr-defined]


@contextmanager
def unpacking_at_most(size: int) -> Iterator[None]:
    """size: in bytes, of a frame as it will lie in memory."""
    token = _limit.set(size + 1)  # one more, so that the end of the stream is seen
    try:
        yield
    finally:
        _limit.reset(token)
