"""What an edit of outlines comes to and came to, in sentences. No Qt but for the translation."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from app.controllers.outline_changes import Changed, Compared, Resolved
from app.counted import objects
from core.annotation.region import Region

MOST_NAMED = 3  # objects; of more the number is enough


def facts(compared: Compared) -> str:
    """What an amount comes to, in two lines."""
    if not compared.before:
        return _tr("Nothing changes.") + f"\n{compared.reason}"
    difference = compared.difference
    first = _tr("{:,} vertices → {:,}").format(difference.vertices_before, difference.vertices)
    second = _tr("largest deviation {:.2f} px, overlap (IoU) {:.3f}").format(
        difference.deviation, difference.iou
    )
    left = _tr("; {} cannot: {}").format(compared.refused, compared.reason)
    crumbs = f"; {left_out(compared.left_out)}" if compared.left_out else ""
    return f"{first}{crumbs}\n{second}{left if compared.refused else ''}"


def told(verb: str, changed: Changed, rest: str = "") -> str:
    """Verb, how many objects, rest; with what was left out and what could not be done."""
    return with_exceptions(f"{verb} {objects(len(changed.after))}{rest}", changed)


def with_exceptions(sentence: str, changed: Changed) -> str:
    """The sentence with its full stop, and what did not go as wished."""
    crumbs = f"; {left_out(changed.left_out)}" if changed.left_out else ""
    one = _tr("1 object could not be changed: {}").format(changed.reason)
    more = _tr("{:,} objects could not be changed: {}").format(changed.refused, changed.reason)
    refused = f" {one if changed.refused == 1 else more}" if changed.refused else ""
    return f"{sentence}{crumbs}.{refused}"


def simplified(changed: Changed) -> str:
    counts = [
        sum(len(r) for g in side for r in g.rings) for side in (changed.before, changed.after)
    ]
    return told(_tr("Simplified"), changed, _tr(": {:,} vertices → {:,}").format(*counts))


def merged_into(changed: Changed) -> str:
    count, one = len(changed.before), changed.after[0]
    return _tr("Merged {:,} objects into {}.").format(count, name(one))


def moved_outwards(changed: Changed, pixels: float) -> str:
    verb = _tr("Expanded") if pixels > 0 else _tr("Shrank")
    return told(verb, changed, _tr(" by {:g} px").format(abs(pixels)))


def gave_way(resolved: Resolved) -> str:
    """Who lost how much to whom."""
    text = _tr("{} gave way to {} and lost {}").format(
        named(resolved.before), named(keepers(resolved)), area(sum(resolved.lost))
    )
    return with_exceptions(text, resolved)


def verdict(resolved: Resolved) -> str:
    """Who keeps what is shared and how much each of the others loses, in at most three lines."""
    if not resolved.before:
        return unresolved(resolved)
    count, lost = len(resolved.before), resolved.lost
    keep = (
        _tr("{} keeps what is shared.")
        if len(keepers(resolved)) == 1
        else _tr("{} keep what is shared.")
    )
    pairs = sorted(zip(lost, resolved.before, strict=True), key=lambda pair: -pair[0])
    each = [
        _tr("{} loses {} ({})").format(name(r), area(loss), share(loss / r.area))
        for loss, r in pairs[:MOST_NAMED]
    ]
    more = _tr("{:,} more; {} in all").format(count - MOST_NAMED, area(sum(lost)))
    lines = [keep.format(named(keepers(resolved)))]
    lines.append(", ".join(each) + (f", {more}." if count > MOST_NAMED else "."))
    return "\n".join([*lines, *_exceptions(resolved)])


def unresolved(resolved: Resolved) -> str:
    """Why nobody loses anything."""
    if resolved.reason:
        return resolved.reason
    if resolved.locked:
        return _tr(
            "Nothing changes, because what would give way is locked; unlock it first "
            "(Edit > Locked)."
        )
    return _tr("Nothing changes, because no other object overlaps the selected ones.")


def keepers(resolved: Resolved) -> list[Region]:
    """Those to whom something goes, in the order of their ids."""
    losing = {region.id for region in resolved.before}
    won = {o.winner.id: o.winner for o in resolved.overlaps if o.loser.id in losing}
    return [won[i] for i in sorted(won)]


def name(region: Region) -> str:
    return f"#{region.id}"


def named(regions: Sequence[Region]) -> str:
    """The objects by name if they are few, else how many."""
    if len(regions) > MOST_NAMED:
        return objects(len(regions))
    return _listed(map(name, regions))


def area(square_pixels: float) -> str:
    digits = 0 if square_pixels >= 10 else 1
    return _tr("{} px²").format(f"{square_pixels:,.{digits}f}")


def share(part: float) -> str:
    return _tr("{:.1f} %").format(100 * part) if part >= 0.001 else _tr("less than 0.1 %")


def left_out(count: int) -> str:
    one, more = _tr("1 small piece was left out"), _tr("{:,} small pieces were left out")
    return one if count == 1 else more.format(count)


def _exceptions(resolved: Resolved) -> list[str]:
    """A line about what cannot be done, if there is such."""
    parts = []
    if resolved.refused:
        parts.append(_tr("{:,} cannot: {}").format(resolved.refused, resolved.reason))
    if resolved.locked:
        one, more = _tr("1 locked object stays."), _tr("{:,} locked objects stay.")
        parts.append(one if resolved.locked == 1 else more.format(resolved.locked))
    if resolved.left_out:
        parts.append(f"{left_out(resolved.left_out)}.")
    return [" ".join(parts)] if parts else []


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return _tr("{} and {}").format(", ".join(first), last) if first else last


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutlineActions", text)
