"""A figure as SVG: the image as pixels, the outlines as paths that drawing programs edit."""

from base64 import b64encode
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from core.annotation.annotation_set import AnnotationSet
from core.annotation.region import Region, Ring
from core.formats.base import Codec, Encoded
from core.formats.class_places import all_classes
from core.formats.figure import CANNOT_CARRY, OPTIONS, SIZE, Figure, figure_of
from core.formats.picture import Picture
from core.formats.pixel_files import png_bytes

_DIGITS = 3
_FONT = 'font-family="sans-serif" text-anchor="middle"'
_HALO, _INK = 'fill="none" stroke="#000000" stroke-linejoin="round"', 'fill="#ffffff"'


def encode(annotations: AnnotationSet, picture: Picture | None = None, **chosen: str) -> Encoded:
    """The figure; raises CannotWrite, and what reading the image raises."""
    figure = figure_of(annotations, picture, **chosen)
    text = "\n".join(_elements(figure, annotations)) + "\n"
    return Encoded(text.encode(), figure.report)


def _elements(figure: Figure, annotations: AnnotationSet) -> Iterator[str]:
    height, width = figure.pixels.shape[:2]
    size = f'width="{width}" height="{height}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width * figure.scale}" height="{height * figure.scale}">'
    )
    yield f"<title>{_text(annotations.image_name)}</title>"
    data = b64encode(png_bytes(figure.pixels)).decode("ascii")
    shown = 'style="image-rendering: pixelated"'
    yield f'<image {size} {shown} href="data:image/png;base64,{data}"/>'
    yield from _outlines(figure, annotations)
    yield from _numbers(figure)
    yield from _bar(figure)
    yield "</svg>"


def _outlines(figure: Figure, annotations: AnnotationSet) -> Iterator[str]:
    """A group for each class, which drawing programs show as a layer."""
    for c in all_classes(annotations):
        regions = [region for region in figure.regions if region.class_id == c.id]
        if regions:
            name = quoteattr(_plain(c.name))
            yield (
                f'<g id="class-{c.id}" data-name={name} fill="none" stroke="{c.color}" '
                f'stroke-width="{figure.line:g}" stroke-linejoin="round" fill-rule="evenodd">'
            )
            yield from (f'<path id="object-{r.id}" d="{_path(r)}"/>' for r in regions)
            yield "</g>"


def _path(region: Region) -> str:
    return " ".join(f"M{_points(points)}Z" for points in region.rings)


def _points(points: Ring) -> str:
    return " ".join(f"{x:.10g} {y:.10g}" for x, y in points.round(_DIGITS).tolist())


def _numbers(figure: Figure) -> Iterator[str]:
    """Twice, since not all programs draw a letter over its own edge."""
    if figure.places is None:
        return
    size = figure.letters
    for name, paint in (("halos", f'{_HALO} stroke-width="{size / 6:g}"'), ("numbers", _INK)):
        yield f'<g id="{name}" {_FONT} font-size="{size:g}" {paint}>'
        for region, (x, y) in zip(figure.regions, figure.places.tolist(), strict=True):
            yield f'<text x="{x:.2f}" y="{y + size * 0.35:.2f}">{region.id}</text>'
        yield "</g>"


def _bar(figure: Figure) -> Iterator[str]:
    bar = figure.bar
    if bar is None:
        return
    size = bar.letters
    place = f'x="{bar.x:.3f}" y="{bar.y:.3f}" width="{bar.width:.3f}" height="{bar.height:.3f}"'
    yield f'<g id="scale-bar"><rect {place} fill="#ffffff" stroke="#000000" stroke-width="0.5"/>'
    where = f'x="{bar.x + bar.width / 2:.3f}" y="{bar.y - size * 0.4:.3f}" font-size="{size:g}"'
    for paint in (f'{_HALO} stroke-width="{size / 6:g}"', _INK):
        yield f"<text {where} {_FONT} {paint}>{_text(bar.text)}</text>"
    yield "</g>"


def _text(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """Without the signs that XML does not hold."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


CODEC = Codec(
    "overlay-svg",
    "Figure with outlines, SVG",
    (".svg",),
    keeps_holes=False,
    encode=encode,
    options=tuple(option for option in OPTIONS if option is not SIZE),
    cannot_carry=CANNOT_CARRY,
    wants_pictures=True,
    needs_pictures=True,
    tag="_overlay",
)
