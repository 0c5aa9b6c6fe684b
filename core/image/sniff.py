"""What a file is, told by its first bytes and never by its name."""

from core.errors import UnreadableImage

HEAD = 512  # bytes that `kind_of` wants to see

_SAVE_AS = "save it as TIFF or PNG in the program that made it"
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BM", "BMP"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),  # BigTIFF
    (b"MM\0+", "TIFF"),
    (b"ZISRAWFILE", "CZI"),
    (b"\x70\0\0\0", "LIF"),
    (b"\xda\xce\xbe\x0a", "ND2"),
)
_OTHERS = (
    (b"\x89HDF", "it is an HDF5 file, which is not read; export it as OME-TIFF"),
    (b"RIFF", f"it is a film or a sound, which is not read; {_SAVE_AS}"),
    (b"%PDF", f"it is a PDF document; {_SAVE_AS}"),
    (b"PK\x03\x04", "it is a ZIP archive; unpack it first"),
)
_TEXTS = (
    (
        b"version https://git-lfs",
        "it is a Git LFS placeholder; fetch the image with 'git lfs pull'",
    ),
    (b"<!doctype html", "it is a web page, not an image; download the image itself"),
    (b"<html", "it is a web page, not an image; download the image itself"),
    (b"", "it is a text file, not an image; choose a TIFF, PNG, JPEG or BMP file"),
)


def kind_of(head: bytes) -> str:
    """PNG, JPEG, BMP, GIF, WEBP, TIFF, CZI, LIF or ND2, from the first HEAD bytes.

    Raises UnreadableImage for anything else.
    """
    if not head:
        raise UnreadableImage("the file is empty; copy it again from its source")
    if _is_text(head):
        raise UnreadableImage(_match(_TEXTS, head.lstrip().lower()))
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if kind := _match(_KINDS, head):
        return kind
    raise UnreadableImage(
        _match(_OTHERS, head) or f"it is not a TIFF, PNG, JPEG or BMP image; {_SAVE_AS}"
    )


def is_tiff(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a TIFF or BigTIFF."""
    return _match(_KINDS, head) == "TIFF"


def _match(table: tuple[tuple[bytes, str], ...], head: bytes) -> str:
    """The meaning of the first entry that `head` starts with, else an empty string."""
    return next((meaning for start, meaning in table if head.startswith(start)), "")


def _is_text(head: bytes) -> bool:
    """Whether all of `head` is printable; every image header holds a byte that is not."""
    letters = head.decode("utf-8", errors="replace").rstrip("\ufffd")  # a letter cut at the end
    return bool(letters) and all(letter.isprintable() or letter.isspace() for letter in letters)
