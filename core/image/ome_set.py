"""OME-TIFF images that are spread over several files of one folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from core.image.sniff import is_tiff

MAX_XML = 16_000_000  # characters
MAX_FILES = 10_000


@dataclass(frozen=True)
class OmeSet:
    """xml: OME-XML that names only files that may be opened. files: these, without the chosen."""

    xml: str
    files: tuple[Path, ...] = ()


def is_safe(xml: str) -> bool:
    """Whether a parser may see it: not huge, without entities of its own."""
    return len(xml) <= MAX_XML and "<!DOCTYPE" not in xml and "<!ENTITY" not in xml


def ome_set(xml: str, path: Path) -> OmeSet:
    """What the OME-XML of the file at `path` becomes when it may name only its neighbours.

    Another file is opened only if it lies in the same folder, also behind links, and is a TIFF.
    Of a file whose metadata lie in a companion, that of the companion. XML that cannot be read
    comes back as it was.
    """
    if "FileName" not in xml and "BinaryOnly" not in xml:
        return OmeSet(xml)
    try:
        root = _with_companion(ElementTree.fromstring(xml), path)
    except (ElementTree.ParseError, ValueError, OSError):
        return OmeSet(xml)
    foreign = list(_foreign(root, path))
    names = list(dict.fromkeys(name for _, _, name in foreign))[:MAX_FILES]
    files = {name: file for name in names if (file := _neighbour(path, name))}
    if _is_renamed(root, names, files):
        for _, data, _ in foreign:
            data.remove(data[0])
        return OmeSet(ElementTree.tostring(root, "unicode"))
    for pixels, data, name in foreign:
        if name not in files:
            pixels.remove(data)
    _drop_empty(root)
    return OmeSet(ElementTree.tostring(root, "unicode"), tuple(files.values()))


def _foreign(root: Element, path: Path) -> Iterator[tuple[Element, Element, str]]:
    """The elements that place planes of other files: (parent, element, name of the file)."""
    own = root.get("UUID")
    for pixels in root.iterfind("./{*}Image/{*}Pixels"):
        for data in pixels.iterfind("{*}TiffData"):
            uuid = data.find("{*}UUID")
            if uuid is None or (own is not None and uuid.text == own):
                continue
            name = uuid.get("FileName", "")
            if name != path.name and (own is not None or name.lower() != path.name.lower()):
                yield pixels, data, name


def _is_renamed(root: Element, names: list[str], files: dict[str, Path]) -> bool:
    """Whether the one file that is named can only be the chosen one under its old name."""
    every = root.findall("./{*}Image/{*}Pixels/{*}TiffData/{*}UUID")
    alone = {uuid.get("FileName", "") for uuid in every} == set(names)
    return root.get("UUID") is None and len(names) == 1 and not files and alone


def _drop_empty(root: Element) -> None:
    """Leave out images of which no plane can be read: they would have no pixels."""
    for image in root.findall("{*}Image"):
        if image.find("{*}Pixels/{*}TiffData") is None:
            root.remove(image)


def _neighbour(path: Path, name: str) -> Path | None:
    """A TIFF of this name in the folder of a file; None for anything else."""
    if not name or name != Path(name).name or "\\" in name or "\0" in name:
        return None
    file, folder = path.parent / name, path.parent.resolve()
    if file.resolve().parent != folder or not file.is_file():
        return None
    with file.open("rb") as opened:
        return file if is_tiff(opened.read(4)) else None


def _with_companion(root: Element, path: Path) -> Element:
    """The metadata, from the companion file if the file itself only says where they are."""
    only = root.find("{*}BinaryOnly")
    name = "" if only is None else only.get("MetadataFile", "")
    if only is None or name != Path(name).name or "\\" in name:
        return root
    file = path.parent / name
    if file.resolve().parent != path.parent.resolve() or not file.is_file():
        return root
    text = _description(file)
    if not is_safe(text):
        return root
    told = ElementTree.fromstring(text)
    # Planes of the chosen file are told by its own name, those of the others by theirs.
    told.attrib.pop("UUID", None)
    if own := root.get("UUID"):
        told.set("UUID", own)
    return told


def _description(file: Path) -> str:
    """The OME-XML of a companion, which is a text or another TIFF of the set."""
    from tifffile import TiffFile

    with file.open("rb") as opened:
        if is_tiff(opened.read(4)):
            opened.seek(0)
            with TiffFile(opened, _multifile=False) as tif:
                return tif.pages.first.description
    return file.read_text("utf-8") if file.stat().st_size <= MAX_XML else ""
