"""data.yaml: which class the number at the beginning of a line means."""

from collections.abc import Sequence
from pathlib import Path

from core.annotation.annotation_set import AnnotationSet
from core.errors import FormatError
from core.formats.class_places import common_classes

NAME = "data.yaml"
_MOST_BYTES = 10_000_000
_HEAD = """\
# Lines of a label file: class x1 y1 x2 y2 ..., as fractions of the width and height of the image.
# Images belong into the folders below, label files into folders called labels in place of images.
"""


def class_table(sets: Sequence[AnnotationSet], train: str = "images", val: str = "images") -> bytes:
    """data.yaml for the files of these images; train, val: folders of images beside it.

    There is no key `path`: without it readers take the folder of the file itself. Raises
    CannotWrite when a number means one class in one image and another in the next.
    """
    import yaml

    names = [c.name for c in common_classes(sets)]
    content = {"train": train, "val": val, "names": dict(enumerate(names))}
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return (_HEAD + text).encode()


def names_for(path: Path) -> dict[int, str] | None:
    """The names by number in the data.yaml beside a label file or up to three folders above it.

    None when there is none. Raises FormatError when it is damaged.
    """
    for folder in list(path.resolve().parents)[:4]:
        if (folder / NAME).is_file():
            return _read(folder / NAME)
    return None


def _read(path: Path) -> dict[int, str]:
    import yaml

    if path.stat().st_size > _MOST_BYTES:
        raise FormatError(f"{NAME} above it has more than {_MOST_BYTES // 10**6} MB")
    try:
        content = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FormatError(f"{NAME} above it is damaged; correct it or move it away") from error
    names = content.get("names") if isinstance(content, dict) else None
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or not all(type(number) is int for number in names):
        raise FormatError(f"{NAME} above it lists no names by number; correct it or move it away")
    return {number: str(name) for number, name in names.items()}
