"""What comes of changes of outlines, computed in a thread. No Qt."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.annotation.difference import Difference, difference
from core.annotation.geometry import clip_to_image
from core.annotation.merging import merged
from core.annotation.neighbours import without_overlap
from core.annotation.one_piece import LeftOut
from core.annotation.overlapping import Overlap, overlaps
from core.annotation.region import Region, same_outline
from core.errors import InvalidGeometry
from core.progress import Ticket

Size: TypeAlias = tuple[int, int]
"""Width and height of the image, px."""
Outcomes: TypeAlias = Iterable[Region | InvalidGeometry]
Change: TypeAlias = Callable[[Sequence[Region], LeftOut, Ticket], Outcomes]
"""Regions -> each region changed, or why it cannot be."""


@dataclass(frozen=True, eq=False)
class Changed:
    """What came of a change.

    before, after: the regions that change; one that is not in `after` goes. refused: how many
    cannot change, reason: why the first cannot. left_out: how many small pieces were dropped.
    """

    before: tuple[Region, ...]
    after: tuple[Region, ...]
    refused: int = 0
    reason: str = ""
    left_out: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Compared(Changed):
    """With how far the outlines are from what they were."""

    difference: Difference


@dataclass(frozen=True, eq=False, kw_only=True)
class Resolved(Changed):
    """Overlaps that the losers give up.

    lost: square pixels that each region in `before` loses. overlaps: the largest first. locked: how
    many regions would lose something but are locked. neighbours_lose: and not the selected ones.
    """

    lost: tuple[float, ...]
    overlaps: tuple[Overlap, ...]
    locked: int
    neighbours_lose: bool


def each(change: Callable[[Region, LeftOut], Region]) -> Change:
    """The change of one region, made to each of several."""

    def outcomes(regions: Sequence[Region], left_out: LeftOut, ticket: Ticket) -> Outcomes:
        for i, region in enumerate(regions):
            ticket.step(i, len(regions), "changing outlines")
            try:
                yield change(region, left_out)
            except InvalidGeometry as problem:
                yield problem

    return outcomes


def changed(regions: Sequence[Region], change: Change, size: Size, ticket: Ticket) -> Changed:
    """The regions that a change makes others of, fitted into the image."""
    crumbs: list[int] = []
    outcomes = [_fitted(new, size) for new in change(regions, crumbs.append, ticket)]
    reasons = [str(new) for new in outcomes if isinstance(new, InvalidGeometry)]
    pairs = [
        (region, replace(new, edited=True))
        for region, new in zip(regions, outcomes, strict=True)
        if isinstance(new, Region) and not same_outline(new, region)
    ]
    before, after = (tuple(pair[side] for pair in pairs) for side in (0, 1))
    return Changed(before, after, len(reasons), reasons[0] if reasons else "", sum(crumbs))


def compared(regions: Sequence[Region], change: Change, size: Size, ticket: Ticket) -> Compared:
    """As `changed`, for an amount that is still being chosen."""
    done = changed(regions, change, size, ticket)
    return Compared(**vars(done), difference=difference(done.before, done.after))


def joined(regions: Sequence[Region], size: Size, ticket: Ticket) -> Changed:
    """All of them become one; raises InvalidGeometry like `merged`."""
    return Changed(tuple(regions), (clip_to_image(merged(regions, ticket), *size),))


def resolved(
    losers: Sequence[Region],
    winners: Sequence[Region],
    neighbours_lose: bool,
    size: Size,
    ticket: Ticket,
) -> Resolved:
    """The losers without what they share with a winner; locked ones stay."""
    ticket.step(0, 1, "looking for overlaps")
    every = overlaps(losers, winners)
    shared = tuple(overlap for overlap in every if not overlap.loser.locked)
    beside: dict[int, list[Region]] = defaultdict(list)
    for overlap in shared:
        beside[overlap.loser.id].append(overlap.winner)

    def change(region: Region, left_out: LeftOut) -> Region:
        return without_overlap(region, beside[region.id], left_out)

    losing = list({overlap.loser.id: overlap.loser for overlap in shared}.values())
    locked = len({overlap.loser.id for overlap in every if overlap.loser.locked})
    done = changed(losing, each(change), size, ticket)
    lost = tuple(old.area - new.area for old, new in zip(done.before, done.after, strict=True))
    return Resolved(
        **vars(done), lost=lost, overlaps=shared, locked=locked, neighbours_lose=neighbours_lose
    )


def _fitted(new: Region | InvalidGeometry, size: Size) -> Region | InvalidGeometry:
    """What of it lies in the image."""
    try:
        return clip_to_image(new, *size) if isinstance(new, Region) else new
    except InvalidGeometry as problem:
        return problem
