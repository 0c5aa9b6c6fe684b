"""Functions that build the delta of one edit; nothing here changes a document."""

from collections.abc import Iterable
from dataclasses import replace

from app.document.document import Document
from core.annotation.region import Region, with_facts
from core.project.delta import Delta


def add(document: Document, regions: Iterable[Region], name: str) -> Delta:
    """Add regions; each gets a new id of its own, whatever id it carries."""
    given = list(regions)
    numbered = zip(document.new_ids(len(given)), given, strict=True)
    return Delta(name, {}, {number: replace(r, id=number) for number, r in numbered})


def change(document: Document, regions: Iterable[Region], name: str) -> Delta:
    """Put changed regions in the place of those with the same ids."""
    after, stored = {r.id: r for r in regions}, document.regions
    return Delta(name, {i: stored[i] for i in after}, after)


def rearrange(
    document: Document,
    name: str,
    changed: Iterable[Region],
    added: Iterable[Region],
    removed: Iterable[int],
) -> Delta:
    """Regions that take each other's place: some changed, some new, some gone."""
    put, new = change(document, changed, name), add(document, added, name)
    gone = {i: document.regions[i] for i in removed}
    return Delta(name, {**put.before, **gone}, {**put.after, **new.after})


def delete(document: Document, ids: Iterable[int]) -> Delta:
    """Remove regions; locked ones stay."""
    stored = document.regions
    before = {i: r for i in ids if not (r := stored[i]).locked}
    return Delta("Delete object" if len(before) == 1 else f"Delete {len(before)} objects", before)


def set_class(document: Document, ids: Iterable[int], class_id: int) -> Delta:
    """Give regions another class; locked ones keep theirs."""
    stored = document.regions
    regions = (stored[i] for i in ids)
    changed = [
        with_facts(r, class_id=class_id, edited=True)
        for r in regions
        if not r.locked and r.class_id != class_id
    ]
    return change(document, changed, f"Set class to {document.classes.find(class_id).name}")
