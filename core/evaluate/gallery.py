"""The picture of a model card: the best and the worst validation image of each modality.

Which images are shown follows from their scores alone; nobody picks them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from core.annotation.raster import label_image, regions_from_labels
from core.annotation.region import Ring
from core.engine.prepare import scale_to_unit
from core.evaluate.evaluate import Case
from core.evaluate.matching import matched_labels
from core.files import write_bytes
from core.models.spec import Normalisation

WINDOW = 240
"""Side of the part of an image that is shown, pixels of the image."""
PANEL = 360
"""Side of that part in the picture, pixels."""
FINE = 2
"""Panels are painted this much larger and reduced: smooth lines."""
GAP, HEADER, ROW, CAPTION = 16, 104, 34, 24
WIDTH = 2 * PANEL + 3 * GAP
LARGEST = 350_000
"""Bytes of the picture."""
PAPER, INK, FAINT = "#ffffff", "#202020", "#767676"


@dataclass(frozen=True)
class Pen:
    """How one kind of outline looks: colour, width in pixels of the picture, 0..255 of filling."""

    meaning: str
    colour: tuple[int, int, int]
    width: float
    filling: int = 0


TRUE = Pen("true outline", (255, 255, 255), 1.5)
FOUND = Pen("found outline, IoU above 0.5", (0, 190, 255), 1.5)
MISSED = Pen("missed", (255, 176, 0), 2.0, 45)
INVENTED = Pen("wrong: no true one fits", (255, 30, 120), 2.0, 45)
PENS = (TRUE, FOUND, MISSED, INVENTED)


def best_and_worst(cases: Sequence[Case]) -> dict[str, tuple[Case, Case]]:
    """By modality the case of highest and of lowest AP: at IoU 0.5, then the mean over 0.5:0.95."""
    pairs = {}
    for modality in sorted({case.sample.modality for case in cases}):
        ranked = sorted((c for c in cases if c.sample.modality == modality), key=_rank)
        pairs[modality] = ranked[-1], ranked[0]
    return pairs


def draw_gallery(cases: Sequence[Case], path: Path) -> None:
    """Write a JPEG of at most LARGEST bytes: a row for each modality, best left, worst right."""
    pairs = best_and_worst(cases)
    page = Picture.new("RGB", (WIDTH, HEADER + len(pairs) * _row_height()), PAPER)
    pen = ImageDraw.Draw(page)
    _draw_header(pen)
    for i, (modality, (best, worst)) in enumerate(pairs.items()):
        top = HEADER + i * _row_height()
        pen.text((GAP, top + 8), modality, INK, _font(17))
        _place(page, best, GAP, top + ROW)
        if worst is best:
            pen.text((2 * GAP + PANEL, top + ROW), "the only image of this kind", FAINT, _font(14))
        else:
            _place(page, worst, 2 * GAP + PANEL, top + ROW)
    write_bytes(path, _small_jpeg(page))


def _rank(case: Case) -> tuple[float, float, str]:
    precision = case.match.precision
    return float(precision[0]), float(precision.mean()), case.sample.name


def _row_height() -> int:
    return ROW + PANEL + CAPTION


def _draw_header(pen: ImageDraw.ImageDraw) -> None:
    """Titles of the columns and the legend."""
    for x, title in ((GAP, "Best validation image"), (2 * GAP + PANEL, "Worst validation image")):
        pen.text((x, 14), title, INK, _font(22))
    x = GAP
    for kind in PENS:
        pen.rounded_rectangle((x, 58, x + 26, 76), 4, fill="#505050")
        pen.rectangle((x + 5, 62, x + 21, 72), _mixed(kind), kind.colour, 2)
        pen.text((x + 34, 59), kind.meaning, INK, _font(14))
        x += 34 + round(_font(14).getlength(kind.meaning)) + 22


def _mixed(kind: Pen) -> tuple[int, ...]:
    """The filling over the grey of the legend."""
    share = kind.filling / 255
    return tuple(round(share * c + (1 - share) * 0x50) for c in kind.colour)


def _place(page: Picture.Image, case: Case, left: int, top: int) -> None:
    """Paint one case with its caption below."""
    page.paste(_panel(case), (left, top))
    match = case.match
    hits = int(match.hits[0])
    text = (
        f"{case.sample.name}: AP50 {match.precision[0]:.2f}, {hits} of {match.true} found, "
        f"{match.found - hits} wrong"
    )
    ImageDraw.Draw(page).text((left, top + PANEL + 4), text, FAINT, _font(13))


def _panel(case: Case) -> Picture.Image:
    """(PANEL, PANEL) part of the image with its outlines."""
    image, truth = case.sample.image(), case.sample.labels()
    box = _window(case, truth)
    x, y, side = box
    grey = _bytes(scale_to_unit(image, Normalisation())[y : y + side, x : x + side])
    shown = (
        Picture.fromarray(grey)
        .convert("RGB")
        .resize((FINE * PANEL,) * 2, Picture.Resampling.BICUBIC)
    )
    for kind, rings in _outlines(case, truth).items():
        _stroke(shown, rings, kind, box)
    return shown.resize((PANEL, PANEL), Picture.Resampling.LANCZOS)


def _bytes(unit: np.ndarray) -> np.ndarray:
    """uint8 (H, W) or (H, W, 3) of (H, W, 1 or 3) in 0..1."""
    pixels: np.ndarray = np.rint(unit * 255).astype(np.uint8)
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels


def _window(case: Case, truth: np.ndarray) -> tuple[int, int, int]:
    """x, y and side of the square with most objects, true or found."""
    height, width = truth.shape
    side = min(WINDOW, height, width)
    rings = [o.shell for o in regions_from_labels(truth)] + [r.shell for r in case.regions]
    centres = np.array([ring.mean(axis=0) for ring in rings]).reshape(-1, 2)
    corners = [
        (x, y)
        for y in np.linspace(0, height - side, 9).astype(int)
        for x in np.linspace(0, width - side, 9).astype(int)
    ]
    counts = [np.all((centres >= c) & (centres < np.add(c, side)), 1).sum() for c in corners]
    x, y = corners[int(np.argmax(counts))]
    return int(x), int(y), side


def _outlines(case: Case, truth: np.ndarray) -> dict[Pen, list[Ring]]:
    """Shells by kind, in the order in which they are painted."""
    drawn = label_image(case.regions, *truth.shape)
    matched = set(matched_labels(truth, drawn)[0].tolist())
    true = regions_from_labels(truth)
    pairs = list(zip(case.regions, case.hit, strict=True))
    return {
        TRUE: [outline.shell for outline in true if outline.label in matched],
        MISSED: [outline.shell for outline in true if outline.label not in matched],
        INVENTED: [region.shell for region, hit in pairs if not hit],
        FOUND: [region.shell for region, hit in pairs if hit],
    }


def _stroke(
    panel: Picture.Image, rings: Iterable[Ring], kind: Pen, box: tuple[int, int, int]
) -> None:
    """Outlines with a dark edge, so that they show on black and on white."""
    x, y, side = box
    ink = ImageDraw.Draw(panel, "RGBA")
    width = round(kind.width * FINE)
    for ring in rings:
        points = [(px, py) for px, py in (ring - (x, y)) * (FINE * PANEL / side)]
        if kind.filling:
            ink.polygon(points, (*kind.colour, kind.filling))
        closed = [*points, *points[:2]]
        ink.line(closed, (0, 0, 0, 90), width + 2 * FINE, "curve")
        ink.line(closed, kind.colour, width, "curve")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _small_jpeg(page: Picture.Image) -> bytes:
    """As good as LARGEST allows."""
    for quality in (88, 80, 70, 60, 45, 30):
        file = BytesIO()
        page.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= LARGEST:
            break
    return file.getvalue()
