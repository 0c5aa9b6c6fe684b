"""Between a Document, which changes, and an AnnotationSet, which is frozen for files."""

from app.document.document import Document
from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.project.arrival import import_step
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
        t=record.plane.t,
        z=record.plane.z,
    )


def import_delta(document: Document, annotations: AnnotationSet, source: str) -> Delta:
    """The step that adds the regions of a file called `source`; see `import_step`."""
    first = document.new_ids(len(annotations.regions)).start
    return import_step(document.regions, document.classes.all, first, annotations, source)
