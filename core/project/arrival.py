"""Objects of a file as a step of work on an image."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from uuid import uuid4

from core.annotation.annotation_set import AnnotationSet
from core.annotation.classes import LabelClass
from core.annotation.region import Origin, Region
from core.project.delta import Delta


def import_step(
    regions: Mapping[int, Region],
    classes: Iterable[LabelClass],
    next_id: int,
    annotations: AnnotationSet,
    source: str,
) -> Delta:
    """The step that adds the regions of a file called `source`, and the classes that are new.

    regions, classes: those that are there. next_id: the first free number. A region whose uid is
    taken already gets a new one, so that a file can be read twice. What the file does not know to
    be of a person or a network comes from the import.
    """
    taken = {region.uid for region in regions.values()}
    numbered = zip(count(next_id), annotations.regions, strict=False)
    after = {i: _imported(r, i, taken, source) for i, r in numbered}
    known = {c.id for c in classes}
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
