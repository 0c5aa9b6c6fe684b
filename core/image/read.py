"""The one decoder: what canvas and network see of a file comes from here."""

import threading
import warnings
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from types import TracebackType

import numpy as np

from core.counted import counted
from core.errors import (
    Cancelled,
    CellscribeError,
    ImageTooLarge,
    UnreadableImage,
    printable,
    reason,
)
from core.image.budget import check_budget
from core.image.decoded import Decoded
from core.image.fingerprint import fingerprint, folder_fingerprint
from core.image.formats import source_of
from core.image.model import Image
from core.image.pixels import LazyPixels, Pixels
from core.image.source import FIRST, Plane, Scene, Source
from core.image.zarr_metadata import is_zarr
from core.progress import Ticket

# Warning filters and the log of the TIFF library belong to the whole process, not to a thread.
_one_at_a_time = threading.Lock()


class ImageFile:
    """An open file: what it holds, and its planes on demand. Close it, or use it in `with`.

    Images that were read stay good afterwards: those whose pixels stay in the file keep it open
    until the last of them is gone.
    """

    def __init__(self, path: Path) -> None:
        """Raises UnreadableImage or ImageTooLarge, with a sentence for a person."""
        self.path = path
        with _explained(path):
            file = _opened(path)
            try:
                self.content_hash = fingerprint(file) if file else folder_fingerprint(path)
                with _alone():
                    self._source: Source = source_of(path, file)
                    self.scenes: tuple[Scene, ...] = self._source.scenes
                    self.notes = self._source.notes
            except BaseException:
                if file:
                    file.close()
                raise
        self._ends = weakref.finalize(self, _close, self._source, file)
        self._is_lent = False

    def image(self, plane: Plane = FIRST, ticket: Ticket | None = None) -> Image:
        """One plane; its projection is the brightest value over all focal planes.

        The bits of masks become 0 and 255, palettes and CMYK become RGB, white-is-zero is
        inverted, orientation is applied, transparency is dropped; `notes` says what a person
        should know. Raises UnreadableImage or ImageTooLarge; never returns a part of a picture
        as a whole one.
        """
        with _explained(self.path):
            scene = self._scene(plane)
            decoded = self._projected(scene, plane, ticket or Ticket())
        self._is_lent |= isinstance(decoded.pixels, LazyPixels)
        return Image(
            pixels=_settled(decoded.pixels, self),
            is_rgb=scene.is_rgb,
            path=self.path,
            pixel_size_um=scene.pixel_size_um,
            content_hash=self.content_hash,
            notes=(*self.notes, *scene.notes, *decoded.notes),
            levels=tuple(_settled(level, self) for level in decoded.levels),
            plane=plane,
            scenes=self.scenes,
            channel_info=scene.channels,
        )

    def close(self) -> None:
        if not self._is_lent:  # else when the last image that reads from it is gone
            self._ends()

    def __enter__(self) -> "ImageFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _scene(self, plane: Plane) -> Scene:
        if not 0 <= plane.scene < len(self.scenes):
            raise UnreadableImage(
                f"it has {counted(len(self.scenes), 'scene')} and no scene {plane.scene + 1}; "
                "it was probably replaced by another file"
            )
        scene = self.scenes[plane.scene]
        if scene.nearest(plane) != plane:
            raise UnreadableImage(
                f"its scene {plane.scene + 1} has {counted(scene.times, 'time point')} and "
                f"{counted(scene.depths, 'focal plane')}, and not {plane.label()}; it was probably "
                "replaced by another file"
            )
        return scene

    def _projected(self, scene: Scene, plane: Plane, ticket: Ticket) -> Decoded:
        if not plane.is_projection:
            return self._decoded(plane)
        check_budget(scene.height, scene.width, 2 * len(scene.channels), scene.dtype.itemsize)
        brightest: np.ndarray | None = None
        notes: tuple[str, ...] = ()
        for z in range(scene.depths):
            ticket.step(z, scene.depths, "reading focal planes")
            decoded = self._decoded(Plane(plane.scene, plane.t, z))
            notes = notes or decoded.notes
            pixels = np.asarray(decoded.pixels[:])
            brightest = pixels if brightest is None else np.fmax(brightest, pixels)
        assert brightest is not None  # a scene has at least one plane
        return Decoded(brightest, (), notes)

    def _decoded(self, plane: Plane) -> Decoded:
        with _alone():
            return self._source.decode(plane)


def read_image(path: Path, plane: Plane = FIRST, ticket: Ticket | None = None) -> Image:
    """A plane of an image file of any kind that is read, whatever its name: see ImageFile."""
    return _open_files.take(path).image(plane, ticket)


class _OpenFiles:
    """Keeps the file with several planes that was used last open: films are read from it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: tuple[object, ImageFile] | None = None

    def take(self, path: Path) -> ImageFile:
        """The file at a path, as it is now."""
        state = _state(path)
        with self._lock:
            if self._last and self._last[0] == state:
                return self._last[1]
        file = ImageFile(path)
        if sum(scene.planes for scene in file.scenes) > 1:
            with self._lock:
                self._last = state, file
        return file


_open_files = _OpenFiles()


def _state(path: Path) -> object:
    """Changes when a file is replaced or written to; unique for one that cannot be asked."""
    try:
        status = path.stat()
    except OSError:
        return object()
    return path, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def _alone() -> Iterator[None]:
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _close(source: Source, file: BufferedReader | None) -> None:
    source.close()
    if file:
        file.close()


def _opened(path: Path) -> BufferedReader | None:
    """The file, or None for a folder that is an image."""
    if is_zarr(path):
        return None
    try:
        if path.is_dir():
            raise UnreadableImage("it is a folder; choose an image in it")
        if not path.exists():
            raise UnreadableImage("there is no such file; it may have been moved or renamed")
        if not path.is_file():
            raise UnreadableImage("it is a device, not a file; choose an image")
        return path.open("rb")
    except OSError as error:  # also of the first looks, where a folder around may not be entered
        raise UnreadableImage(f"{reason(error)}; check who may read it") from error


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn whatever a decoder raises into one sentence about this file."""
    name = printable(path.name)
    try:
        yield
    except Cancelled:
        raise
    except CellscribeError as problem:
        raise type(problem)(f"Cannot open {name}: {problem}.") from problem
    except MemoryError as error:
        raise ImageTooLarge(
            f"Cannot open {name}: it needs more memory than there is; "
            "close other programs or cut it into smaller images."
        ) from error
    except PermissionError as error:  # of a file that belongs to it
        other = printable(Path(str(error.filename or path)).name)
        raise UnreadableImage(
            f"Cannot open {name}: {reason(error)} for {other}; check who may read it."
        ) from error
    except Exception as error:  # decoders raise anything on damaged bytes
        raise UnreadableImage(
            f"Cannot open {name}: it is damaged, cut short or packed in an unknown way; "
            "copy it again from its source, or save it as an uncompressed TIFF."
        ) from error


def _settled(pixels: Pixels, owner: ImageFile) -> Pixels:
    """In memory: C-contiguous, in the byte order of this machine, read-only. Lazy ones keep their
    file open."""
    if isinstance(pixels, LazyPixels):
        pixels.owner = owner
        return pixels
    settled = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("="))
    settled.setflags(write=False)
    return settled
