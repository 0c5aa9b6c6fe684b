"""Regions that a network proposed: the only ones that another run may replace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from app.document.document import Document
from core.annotation.classes import LabelClass
from core.annotation.region import Region


@dataclass(frozen=True)
class Basis:
    """What new proposals must fit to: a frozen part of a document, for a thread.

    protected: what a person drew, edited, reviewed or locked. reserved: ids that wait for use,
    next_id: the one after all used ones.
    """

    protected: tuple[Region, ...]
    classes: tuple[LabelClass, ...]
    reserved: tuple[int, ...]
    next_id: int


def basis_of(document: Document, reserved: Sequence[int] = ()) -> Basis:
    """The basis as of now; equal to an earlier one as long as what was fitted to that fits."""
    protected = tuple(r for _, r in _by_id(document) if r.protected)
    return Basis(protected, document.classes.all, tuple(reserved), document.new_ids(0).start)


def open_proposals(document: Document) -> dict[int, Region]:
    """What no person has touched yet, by id."""
    return {i: r for i, r in _by_id(document) if not r.protected}


def _by_id(document: Document) -> list[tuple[int, Region]]:
    """Undo and drafts put regions back at the end, which is no change of them."""
    return sorted(document.stored.items())


def fitted(proposals: Sequence[Region], basis: Basis) -> Mapping[int, Region]:
    """The proposals by new id, less those that lie on protected regions; slow, for a thread.

    A class that is gone becomes the first one.
    """
    from app.commands.overlaps import without_overlaps  # shapely would delay the window

    ids = chain(basis.reserved, count(basis.next_id))
    known = {c.id for c in basis.classes}
    first = min(known)
    return {
        i: replace(r, id=i, class_id=r.class_id if r.class_id in known else first)
        for i, r in zip(ids, without_overlaps(proposals, basis.protected), strict=False)
    }
