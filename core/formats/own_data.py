"""What we know of objects and images and other formats have no place for, under a key of our own.

JSON formats whose readers skip keys that they do not know carry it, so that our own reader gets
back all of it; what another program changed meanwhile counts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import msgspec

from core.annotation.annotation_set import AnnotationSet, RunInfo
from core.annotation.region import Origin, Region, Ring, ring
from core.formats.incoming import Incoming
from core.formats.native_schema import JsonClass, JsonOrigin

KEY = "cellscribe"
NOTHING = msgspec.Raw(b"null")
"""The content of the key where there is none."""

Side: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=10**7)]
"""Width or height of an image in pixels; beyond it coordinates lose their digits."""

Pairs: TypeAlias = list[tuple[float, float]]


class OwnObject(msgspec.Struct, omit_defaults=True):
    """An object; `label` is its number in the image.

    outline: fingerprint of the rings in the file, which tells later whether another program changed
    them. rings: all rings, where the file itself has not room for them.
    """

    uid: Any = None
    label: Any = None
    class_: int | None = msgspec.field(default=None, name="class")
    origin: JsonOrigin | None = None
    edited: bool = False
    reviewed: bool = False
    locked: bool = False
    attributes: dict[str, Any] = {}
    outline: str = ""
    rings: list[Pairs] = []


class OwnImage(msgspec.Struct, omit_defaults=True):
    """An image; see AnnotationSet."""

    content_hash: str = ""
    pixel_size_um: float | None = None
    classes: list[JsonClass] = []
    run: RunInfo | None = None


def own_object(region: Region, attributes: Mapping[str, Any], written: Sequence[Ring]) -> OwnObject:
    """What goes under the key of an object.

    written: the rings that stand in the file, none when it holds pixels. Where they are not all
    rings of the region, all go under the key as well.
    """
    return OwnObject(
        uid=region.uid,
        label=region.id,
        class_=region.class_id,
        origin=JsonOrigin(**vars(region.origin)),
        edited=region.edited,
        reviewed=region.reviewed,
        locked=region.locked,
        attributes=dict(attributes),
        outline=fingerprint(written),
        rings=[] if len(written) == len(region.rings) else [r.tolist() for r in region.rings],
    )


def own_image(annotations: AnnotationSet) -> OwnImage:
    """What goes under the key of an image."""
    return OwnImage(
        annotations.content_hash,
        annotations.pixel_size_um,
        [JsonClass(**vars(c)) for c in annotations.classes],
        annotations.run,
    )


def fingerprint(rings: Sequence[Ring]) -> str:
    """The same for the same coordinates only."""
    text = hashlib.blake2b(digest_size=8)
    for points in rings:
        text.update(len(points).to_bytes(8, "little") + (points + 0.0).tobytes())
    return text.hexdigest()


def object_from(raw: msgspec.Raw, name: str, incoming: Incoming) -> OwnObject | None:
    """The checked content of the key of an object; None when there is none or it is damaged.

    The latter is told to `incoming` under `name`.
    """
    try:
        return msgspec.json.decode(raw, type=OwnObject | None)
    except (msgspec.MsgspecError, RecursionError):
        incoming.tell(name, "what Cellscribe knew of it is damaged and was left out")
        return None


def image_from(raw: msgspec.Raw) -> OwnImage:
    """The checked content of the key of an image; nothing is known when it is damaged."""
    try:
        return msgspec.json.decode(raw, type=OwnImage | None) or OwnImage()
    except (msgspec.MsgspecError, RecursionError):
        return OwnImage()


def region_from(own: OwnObject | None, rings: Sequence[Ring], source: str) -> Region:
    """A region with these rings and what we know of it, else as one from the file `source`.

    It has no number yet, a new uid and the class 0.
    """
    shell, *holes = rings
    if own is None:
        return Region(0, shell, tuple(holes), origin=Origin("import", source=source))
    return Region(
        0,
        shell,
        tuple(holes),
        origin=_origin(own, source),
        edited=own.edited,
        reviewed=own.reviewed,
        locked=own.locked,
    )


def own_rings(own: OwnObject) -> list[Ring]:
    """The rings under the key; raises InvalidGeometry when they are none."""
    return [ring(points) for points in own.rings]


def _origin(own: OwnObject, source: str) -> Origin:
    if own.origin is None:
        return Origin("import", source=source)
    return Origin(**msgspec.structs.asdict(own.origin))
