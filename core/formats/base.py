"""What a file format is to the rest of the program: a Codec, and the Report of its work."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

from core.annotation.annotation_set import AnnotationSet
from core.errors import CannotWrite, FormatError, reason
from core.files import write_bytes, write_folder
from core.formats.picture import Picture


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
    """The bytes of a file; of a format that is a folder, `files`: those of each file in it.

    Their names have forward slashes, as seen from the folder. A large folder is a mapping that
    makes the bytes of a file when they are asked for.
    """

    data: bytes
    report: Report
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A choice that a format leaves to the person; encoders get its value by keyword.

    name: of the keyword. label: for dialogs. choices: each value and what it is called; the first
    one is the usual one.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]

    @property
    def usual(self) -> str:
        return self.choices[0][0]

    def checked(self, value: str) -> str:
        """The value; raises FormatError when it is none of the choices."""
        known = [name for name, _ in self.choices]
        if value not in known:
            raise FormatError(f"{self.name} cannot be '{value}', only {', '.join(known)}.")
        return value


class Parsed(Protocol):
    """A file of many images, parsed once."""

    @property
    def images(self) -> Sequence[str]:
        """Their last names."""
        ...

    def read(self, image: AnnotationSet | None) -> Reading:
        """What it holds for `image`, None for its only one; raises FormatError."""
        ...


@dataclass(frozen=True)
class OpenFile:
    """A file that is read, once for each of its images.

    images: their last names when it may be of many, else nothing.
    """

    path: Path
    decode: Callable[[AnnotationSet | None], Reading]
    images: tuple[str, ...] = ()

    def read(self, image: AnnotationSet | None = None) -> Reading:
        """See `Codec.read`."""
        with _explained(self.path):
            return self.decode(image)


Decoder: TypeAlias = Callable[[Path, AnnotationSet | None], Reading]
Encoder: TypeAlias = Callable[..., Encoded]
"""Takes the annotations of an image, and by keyword the values of the options and, where the format
holds or shows pixels, `picture` (Picture or None)."""
SetEncoder: TypeAlias = Callable[..., Encoded]
"""The same for a sequence of images, with `pictures`; where the format holds both parts of a data
set also `parts`, the part (train or val) of each image."""
CompanionEncoder: TypeAlias = Callable[..., bytes]
"""Takes a sequence of images; of a data set in two parts also `train` and `val`, the folders of
their images as seen from the file."""


@dataclass(frozen=True)
class Companion:
    """A file called `name` that is written once beside the files of all images.

    in_parts: whether it says which images are for training and which for validation.
    """

    name: str
    encode: CompanionEncoder
    in_parts: bool = False


@dataclass(frozen=True)
class Codec:
    """One file format.

    name: for the command line. label: for dialogs. suffixes: lower case with the dot, the first is
    the one that is written. keeps_holes: whether a hole comes back. decode, encode: None when the
    format is only written or only read; their errors give the reason, as the end of a sentence.
    encode_all: for a format that holds many images in one file. companions: what belongs to the
    files of all images together. knows_size: whether a file says how large its image is; else it
    can only be read for an image. options: what a person may choose. cannot_carry: what the format
    has no place for, in words, for every image. pixel_type: of a format of pixels, its type for the
    largest number of an object and the values of the options by keyword; raises CannotWrite when
    none holds it. part_folder: where its files belong in the folder of one part of a data set
    (train, val). holds_parts: whether one file tells the parts apart. wants_pictures: whether
    pixels of the images are of use, needs_pictures: whether it cannot do without. tag: what a file
    adds to the name of its image before the suffix. parse: in place of `decode`, of a format with
    many images in one file.
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
    options: tuple[Option, ...] = ()
    cannot_carry: tuple[str, ...] = ()
    pixel_type: Callable[..., str] | None = None
    part_folder: str = ""
    holds_parts: bool = False
    wants_pictures: bool = False
    needs_pictures: bool = False
    tag: str = ""
    parse: Callable[[Path], Parsed] | None = None

    @property
    def can_read(self) -> bool:
        return self.decode is not None or self.parse is not None

    @property
    def can_write(self) -> bool:
        return self.encode is not None

    def with_options(self, values: Mapping[str, str]) -> "Codec":
        """The codec that writes as `values` say, by option; those that are not named are usual.

        Raises FormatError for an option or a value that the format does not have.
        """
        known = {option.name: option for option in self.options}
        if unknown := values.keys() - known.keys():
            has = ", ".join(known) or "none"
            raise FormatError(f"{self.label} has no option {min(unknown)}; it has {has}.")
        if not known or self.encode is None:
            return self
        chosen = {n: o.checked(values.get(n, o.usual)) for n, o in known.items()}
        encode_all = partial(self.encode_all, **chosen) if self.encode_all else None
        return replace(
            self,
            encode=partial(self.encode, **chosen),
            encode_all=encode_all,
            pixel_type=partial(self.pixel_type, **chosen) if self.pixel_type else None,
        )

    def read(self, path: Path, image: AnnotationSet | None = None) -> Reading:
        """The annotations in the file at `path`.

        image: what is known about the image that they are for; then sizes must agree, and classes
        of the same name are taken to be the same (its regions do not count). Raises FormatError,
        or UnreadableImage for a damaged label image.
        """
        return self.open(path).read(image)

    def open(self, path: Path) -> OpenFile:
        """The file at `path`, to be read for several images; raises FormatError."""
        if self.parse is not None:
            with _explained(path):
                parsed = self.parse(path)
            return OpenFile(path, parsed.read, tuple(parsed.images))
        if self.decode is None:
            raise FormatError(f"Cannot read {path.name}: {self.label} is a format only to write.")
        return OpenFile(path, partial(self.decode, path))

    def write(
        self,
        path: Path,
        annotations: AnnotationSet,
        overwrite: bool = False,
        picture: Picture | None = None,
    ) -> Report:
        """Write `annotations` to `path`, whole or not at all; the same ones give the same bytes.

        picture: of the image, for a codec that `wants_pictures`. Raises CannotWrite, also when
        there is a file and `overwrite` is not set, and what reading the picture raises.
        """
        encode = self.encode
        if encode is None:
            raise CannotWrite(f"Cannot write {path}: {self.label} is a format only to read.")
        if path.exists() and not overwrite:
            raise CannotWrite(f"{path} exists already: choose another name, or replace it.")
        pixels = {"picture": picture} if self.wants_pictures else {}
        return _write(path, lambda: encode(annotations, **pixels))

    def write_all(
        self,
        path: Path,
        sets: Sequence[AnnotationSet],
        pictures: Sequence[Picture | None] = (),
        parts: Sequence[str] = (),
    ) -> Report:
        """The same for many images in one file; only for a codec with `encode_all`.

        pictures: one for each image, or none at all. parts: the part of each image (train or val)
        for a codec that `holds_parts`; without it all are of one part.
        """
        encode_all = self.encode_all
        assert encode_all is not None
        more: dict[str, object] = {}
        if self.wants_pictures:
            more["pictures"] = pictures or (None,) * len(sets)
        if self.holds_parts:
            more["parts"] = parts
        return _write(path, lambda: encode_all(sets, **more))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Name the file in what a format says about it."""
    try:
        yield
    except FormatError as error:
        raise FormatError(f"Cannot read {path.name}: {error}.") from error
    except OSError as error:
        raise FormatError(f"Cannot read {path}: {reason(error)}.") from error


def _write(path: Path, encode: Callable[[], Encoded]) -> Report:
    try:
        encoded = encode()
    except CannotWrite as error:
        raise CannotWrite(f"Cannot write {path}: {error}.") from error
    if encoded.files:
        write_folder(path, encoded.files)
    else:
        write_bytes(path, encoded.data)
    return encoded.report


def check_size(image: AnnotationSet | None, width: int, height: int) -> None:
    """Raise FormatError when annotations for width x height pixels cannot be of `image`."""
    if image and (image.width, image.height) != (width, height):
        raise FormatError(
            f"it is for an image of {width} x {height} pixels and {image.image_name} has "
            f"{image.width} x {image.height}; choose the file that belongs to this image"
        )
