"""What several tools do with regions: begin new ones, pick them, and make sure that a stored one
may be changed."""

from app.canvas.tools.base import Host, Pointer
from core.annotation.region import Origin, Region, Ring

LOOKED_AT = 32  # of more selected regions only those at the pointer are worked on
CHANGED = "The object has changed meanwhile; try again."


def new_region(host: Host, shell: Ring, holes: tuple[Ring, ...] = ()) -> Region:
    """A region that a person has drawn, in the class that is active."""
    return Region(0, shell, holes, class_id=host.active_class, origin=Origin("human"))


def is_free(host: Host, region: Region) -> bool:
    """Whether the outline may be changed; says why not."""
    if region.locked:
        host.say(f"Object {region.id} is locked; unlock it to change its outline.")
    return not region.locked


def is_stored(host: Host, region: Region) -> bool:
    """Whether the region is still the one that a gesture began with; says when it is not."""
    found = host.regions.get(region.id) is region
    if not found:
        host.say(CHANGED)
    return found


def pick(host: Host, at: Pointer) -> None:
    """Select the region under the pointer, or nothing; Shift adds it or takes it away."""
    hit = host.region_at(at.x, at.y)
    found = frozenset((hit,)) if hit else frozenset()
    host.select(host.selected ^ found if at.shift else found)


def worked_on(host: Host, at: Pointer) -> list[Region]:
    """The selected regions; of many only the one under the pointer."""
    ids = host.selected
    if len(ids) > LOOKED_AT:
        ids = ids & {host.region_at(at.x, at.y)}
    return [host.regions[i] for i in sorted(ids & host.regions.keys())]


def pieces(count: int) -> str:
    """So many pieces, in words."""
    return "1 piece" if count == 1 else f"{count} pieces"


def fallen_off(count: int) -> str:
    """What is said when so many pieces of a region were dropped, empty for none."""
    what = f"{pieces(count)} fell off, which undo brings back"
    return f"The largest piece was kept; {what}." if count else ""
