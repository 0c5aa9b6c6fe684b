"""What a file format is to the rest of the program: a Codec, and the Report of its work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite, FormatError, reason
from core.files import write_bytes


@dataclass(frozen=True)
class Problem:
    """One object that was repaired, changed or left out; id: as a person finds it again."""

    id: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What became of the objects: `done` of `total` are in the file, or came out of it.

    losses: kinds of information that the annotations have and the format does not carry.
    problems: single objects. notes: what else a person should know.
    """

    total: int
    done: int
    losses: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.done} of {self.total} objects"]
        if self.losses:
            lines.append(f"Not carried by this format: {', '.join(self.losses)}")
        lines += self.notes
        lines += [f"Object {problem.id}: {problem.reason}" for problem in self.problems]
        return "\n".join(lines)


@dataclass(frozen=True)
class Reading:
    """What a file held."""

    annotations: AnnotationSet
    report: Report


@dataclass(frozen=True)
class Encoded:
    """The bytes of a file."""

    data: bytes
    report: Report


Decoder: TypeAlias = Callable[[Path, AnnotationSet | None], Reading]
Encoder: TypeAlias = Callable[[AnnotationSet], Encoded]
SetEncoder: TypeAlias = Callable[[Sequence[AnnotationSet]], Encoded]


@dataclass(frozen=True)
class Companion:
    """A file called `name` that is written once beside the files of all images."""

    name: str
    encode: Callable[[Sequence[AnnotationSet]], bytes]


@dataclass(frozen=True)
class Codec:
    """One file format.

    name: for the command line. label: for dialogs. suffixes: lower case with the dot, the first is
    the one that is written. keeps_holes: whether a hole comes back. decode, encode: None when the
    format is only written or only read; their errors give the reason, as the end of a sentence.
    encode_all: for a format that holds many images in one file. companions: what belongs to the
    files of all images together. knows_size: whether a file says how large its image is; else it
    can only be read for an image.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    keeps_holes: bool
    decode: Decoder | None = None
    encode: Encoder | None = None
    encode_all: SetEncoder | None = None
    companions: tuple[Companion, ...] = ()
    knows_size: bool = True

    @property
    def can_read(self) -> bool:
        return self.decode is not None

    @property
    def can_write(self) -> bool:
        return self.encode is not None

    def read(self, path: Path, image: AnnotationSet | None = None) -> Reading:
        """The annotations in the file at `path`.

        image: what is known about the image that they are for; then sizes must agree, and classes
        of the same name are taken to be the same (its regions do not count). Raises FormatError,
        or UnreadableImage for a damaged label image.
        """
        if self.decode is None:
            raise FormatError(f"Cannot read {path.name}: {self.label} is a format only to write.")
        try:
            return self.decode(path, image)
        except FormatError as error:
            raise FormatError(f"Cannot read {path.name}: {error}.") from error
        except OSError as error:
            raise FormatError(f"Cannot read {path}: {reason(error)}.") from error

    def write(self, path: Path, annotations: AnnotationSet, overwrite: bool = False) -> Report:
        """Write `annotations` to `path`, whole or not at all; the same ones give the same bytes.

        Raises CannotWrite, also when there is a file and `overwrite` is not set.
        """
        encode = self.encode
        if encode is None:
            raise CannotWrite(f"Cannot write {path}: {self.label} is a format only to read.")
        if path.exists() and not overwrite:
            raise CannotWrite(f"{path} exists already: choose another name, or replace it.")
        return _write(path, lambda: encode(annotations))

    def write_all(self, path: Path, sets: Sequence[AnnotationSet]) -> Report:
        """The same for many images in one file; only for a codec with `encode_all`."""
        encode_all = self.encode_all
        assert encode_all is not None
        return _write(path, lambda: encode_all(sets))


def _write(path: Path, encode: Callable[[], Encoded]) -> Report:
    try:
        encoded = encode()
    except CannotWrite as error:
        raise CannotWrite(f"Cannot write {path}: {error}.") from error
    write_bytes(path, encoded.data)
    return encoded.report


def check_size(image: AnnotationSet | None, width: int, height: int) -> None:
    """Raise FormatError when annotations for width x height pixels cannot be of `image`."""
    if image and (image.width, image.height) != (width, height):
        raise FormatError(
            f"it is for an image of {width} x {height} pixels and {image.image_name} has "
            f"{image.width} x {image.height}; choose the file that belongs to this image"
        )
