"""Model cards: what a network was made from, what it is good for and what not, as Markdown.

Every figure comes from the manifest or from the network itself; only fixed facts are written here.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill

from core.engine.size import measurable
from core.evaluate.evaluate import OVERALL
from core.evaluate.reliability import calibration_error
from core.files import write_bytes
from core.models.blocks import parameter_count
from core.models.registry import find_spec
from core.weights import WeightsEntry, read_manifest

POOR = 0.5
"""A modality with a lower AP at IoU 0.5 is named as one not to use the network for."""
DATA = {
    "dsb2018": "BBBC038, the training images of the 2018 Data Science Bowl with corrected outlines "
    "(nuclei; fluorescence, bright field and stains); licence CC0-1.0",
    "usiigaci": "the training images of Usiigaci (whole adherent cells, phase contrast); licence "
    "MIT, copyright 2018 Okinawa Institute of Science & Technology Graduate University",
    "synthetic": "scenes that Cellscribe's own generator computes while it trains "
    "(`core/train/synthetic`); no image of others is in them",
}
"""What is known of a collection whose name stands in the training line of a manifest."""
OWN = "your own annotated images"
SETS = re.compile(r"images? \((.*?)\)(?=, \d+ minutes| and \d+%|;|$)")
"""Where the training line names collections; their own names may have brackets."""
FIGURES = {
    "images": "images", "true": "true", "found": "found", "ap50": "AP50", "ap75": "AP75",
    "ap": "AP50:95", "ap50_image": "AP50/img", "f1": "F1", "iou": "mean IoU",
}  # fmt: skip
PAGE = (
    "`manifest.json` lists the networks; the files are fp16 safetensors. A file whose SHA-256 is "
    "not the one in the manifest does not run. This page is written by `cellscribe models "
    "--write-cards` from the manifest; `cellscribe models --card NAME` prints one of the cards."
)
RELIABILITY = (
    "**Reliability**: the confidence of an object is the chance that it overlaps a true one with "
    "an IoU above 0.5. The table has all objects, whatever their confidence; for it the "
    "calibration was fitted without the objects of the same field of view. Expected calibration "
    "error {:.3f}."
)
ACCURACY = (
    "**Accuracy** on the validation images, which were never trained on. The defaults and the "
    "confidence were fitted to these same images, so expect a little less on yours. AP is "
    "TP / (TP + FP + FN) at the given IoU, pooled over all objects; AP50/img is the mean over "
    "images."
)


def write_cards(folder: Path) -> None:
    """Write README.md of a folder of weights; raises WeightsUnavailable and CannotWrite."""
    write_bytes(folder / "README.md", cards_page(folder).encode())


def cards_page(folder: Path) -> str:
    """The cards of all networks in the manifest of `folder`."""
    cards = (card(entry, folder) for entry in read_manifest(folder))
    return "\n".join(["# Weights\n", _paragraph(PAGE), *cards])


def card(entry: WeightsEntry, folder: Path, where: str = "") -> str:
    """The card of one network, whose weights and pictures lie in `folder`.

    where: put before the names of pictures, for a reader that does not look at it there.
    """
    parts = [
        f"## {entry.name}: {entry.title}\n",
        _purpose(entry),
        _training(entry),
        _defaults(entry),
        _accuracy(entry),
        _reliability(entry),
        _pictures(entry, folder, where),
        _limits(entry),
        entry.licence and _paragraph(f"**Licence** of the weights: {entry.licence}."),
    ]
    return "\n".join(part for part in parts if part)


def _purpose(entry: WeightsEntry) -> str:
    network = find_spec(entry.architecture).build(**entry.arguments)
    return _paragraph(
        "Outlines every cell or nucleus of a microscope image as an object of its own, without "
        f"telling kinds apart. {parameter_count(network):,} parameters."
    )


def _training(entry: WeightsEntry) -> str:
    command = f"`cellscribe train --network {entry.architecture}`"
    text = _paragraph(f"**Trained** with {command}: {entry.training or 'no record of it'}.")
    data = [f"{name}: {DATA.get(name, OWN)}" for name in _collections(entry.training)]
    if not data:
        return text
    return f"{text}\nNo weights of others were used. The training data:\n\n{_list(data)}"


def _collections(training: str) -> list[str]:
    """Names of the collections in a training line: those of DATA in its order, then the others."""
    named = {name for names in SETS.findall(training) for name in names.split(", ")}
    if "synthetic scenes" in training:
        named.add("synthetic")
    return [*(name for name in DATA if name in named), *sorted(named - DATA.keys())]


def _defaults(entry: WeightsEntry) -> str:
    return _paragraph(
        f"**Defaults**: threshold {entry.threshold:g}, separation {entry.separation:g}, "
        f"confidence from {entry.min_confidence:g}, chosen on the validation images; objects are "
        f"resized to {entry.diameter:g} px."
    )


def _accuracy(entry: WeightsEntry) -> str:
    """A row for each modality, all images last."""
    if not entry.accuracy:
        return _paragraph("**Accuracy** was not measured.")
    rows = sorted(entry.accuracy.items(), key=lambda item: (item[0] == OVERALL, item[0]))
    cells = [[name, *(_figure(figures, key) for key in FIGURES)] for name, figures in rows]
    return f"{_paragraph(ACCURACY)}\n{_table(['images of', *FIGURES.values()], cells)}"


def _figure(figures: Mapping[str, float], key: str) -> str:
    """Counts whole, shares with three digits, a dash for what is not defined."""
    if key not in figures:
        return "–"
    return f"{figures[key]:.0f}" if key in ("images", "true", "found") else f"{figures[key]:.3f}"


def _reliability(entry: WeightsEntry) -> str:
    """A row for each tenth of confidence; nothing when it was not measured."""
    if not entry.reliability:
        return ""
    text = _paragraph(RELIABILITY.format(calibration_error(entry.reliability)))
    rows = [
        (f"{b.low:.1f} to {b.high:.1f}", str(b.objects), f"{b.confidence:.3f}", f"{b.hits:.3f}")
        for b in entry.reliability
    ]
    return f"{text}\n{_table(['confidence', 'objects', 'mean', 'IoU > 0.5'], rows)}"


def _pictures(entry: WeightsEntry, folder: Path, where: str) -> str:
    """The pictures that lie beside the weights."""
    texts = {
        f"{entry.name}_cases.jpg": "The best and the worst validation image of each kind",
        f"{entry.name}_curves.png": "Loss and validation score during training",
    }
    present = {name: text for name, text in texts.items() if (folder / name).exists()}
    return "\n".join(f"![{text}]({where}{name})\n" for name, text in present.items())


def _limits(entry: WeightsEntry) -> str:
    smallest, largest = measurable(entry.diameter)
    limits = [
        "for a diagnosis, or any decision about a patient",
        "on kinds of images that are not in the table: nothing is known about them",
        f"on objects smaller than {smallest:.0f} px or larger than {largest:.0f} px across without "
        "giving their diameter",
        "in 3-D: it outlines single planes and follows no object through a stack",
        *_poor(entry),
    ]
    return f"**Do not use it**\n\n{_list(limits)}"


def _poor(entry: WeightsEntry) -> list[str]:
    """A sentence for each modality whose AP at IoU 0.5 is low."""
    return [
        f"on {name} without checking every image: AP50 is only {figures['ap50']:.2f}"
        for name, figures in sorted(entry.accuracy.items())
        if name != OVERALL and figures["ap50"] < POOR
    ]


def _paragraph(text: str, first: str = "", later: str = "") -> str:
    """Wrapped, with an end of line."""
    wrapped = fill(
        text, 100, initial_indent=first, subsequent_indent=later, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return f"{wrapped}\n"


def _list(items: Sequence[str]) -> str:
    return "".join(_paragraph(item, "- ", "  ") for item in items)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Every column but the first is aligned right."""
    marks = ["---", *("---:" for _ in head[1:])]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, marks, *rows))
