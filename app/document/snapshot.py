"""Between a Document, which changes, and an AnnotationSet, which is frozen for files."""

from dataclasses import replace
from uuid import uuid4

from app.document.document import Document
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.region import Origin, Region
from core.project.delta import Delta
from core.project.records import ImageRecord


def snapshot(document: Document, record: ImageRecord, run: RunInfo | None = None) -> AnnotationSet:
    """Everything known about an image as of now, a draft not included.

    record: of the same image. run: the last model run, if there was one.
    """
    document.drop_draft()
    return AnnotationSet(
        image_name=record.name,
        width=record.width,
        height=record.height,
        regions=tuple(document.regions[i] for i in sorted(document.regions)),
        classes=document.classes.all,
        pixel_size_um=record.pixel_size_um,
        content_hash=record.content_hash,
        run=run,
    )


def import_delta(document: Document, annotations: AnnotationSet, source: str) -> Delta:
    """The step that adds the regions of a file called `source`, and the classes that are new.

    Regions get new ids; one whose uid is taken already gets a new uid, so that a file can be read
    twice. What the file does not know to be of a person or a network comes from the import.
    """
    taken = {region.uid for region in document.regions.values()}
    numbered = zip(document.new_ids(len(annotations.regions)), annotations.regions, strict=True)
    after = {i: _imported(r, i, taken, source) for i, r in numbered}
    known = {c.id for c in document.classes.all}
    new = {c.id: c for c in annotations.classes if c.id not in known}
    return Delta(f"Import {source}", {}, after, {}, new)


def _imported(region: Region, number: int, taken: set[str], source: str) -> Region:
    """The region under its new number; marks its uid as taken."""
    origin = region.origin
    if origin.kind == "import" and not origin.source:
        origin = Origin("import", source=source)
    uid = uuid4().hex if region.uid in taken else region.uid
    taken.add(uid)
    return replace(region, id=number, uid=uid, origin=origin)
