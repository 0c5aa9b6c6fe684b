"""Reading an annotation file for an image: a plain function for the runner, without Qt."""

from pathlib import Path

from core.annotation.annotation_set import AnnotationSet
from core.errors import CellscribeError, FormatError
from core.formats import codec_named, readers_of
from core.formats.base import Reading
from core.progress import Ticket


def read_annotations(path: Path, image: AnnotationSet, format_name: str, ticket: Ticket) -> Reading:
    """What is in the file at `path` for `image`, in the named format or the one that fits.

    Raises FormatError, or UnreadableImage for a damaged label image.
    """
    codecs = (codec_named(format_name),) if format_name else readers_of(path)
    if not codecs:
        raise FormatError(
            f"Cannot read {path.name}: no format has the ending '{path.suffix}'; choose another "
            "file, or give it the ending of its format."
        )
    refusals: list[CellscribeError] = []
    for codec in codecs:
        ticket.check()
        try:
            return codec.read(path, image)
        except CellscribeError as error:
            refusals.append(error)
    raise refusals[0]
