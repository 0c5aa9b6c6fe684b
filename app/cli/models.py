"""`cellscribe models`: every network, counted, checked and timed; model cards."""

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
from torch import nn

from core.counted import counted
from core.engine.config import SegmentConfig
from core.engine.device import device_of
from core.engine.loader import load_network, ready_to_run
from core.engine.predict import forward
from core.errors import WeightsUnavailable
from core.evaluate.card import card, write_cards
from core.evaluate.evaluate import OVERALL
from core.models.blocks import parameter_count
from core.models.registry import SPECS
from core.weights import SHIPPED, NetworkInfo, damaged_manifests, find_network, networks

TIMED_SIDE = 512
"""Pixels: the side of the picture that a network is timed with."""


def run(options: argparse.Namespace) -> int:
    """Print what is known of each network, or a model card, or write all cards."""
    if options.write_cards:
        write_cards(SHIPPED)
    elif options.card is not None:
        print(_card(find_network(options.card)), end="")
    else:
        rows = [_row(info, options.quick) for info in networks(check_hash=True)]
        print(json.dumps(rows, indent=2) if options.json else "\n\n".join(map(_text, rows)))
        for sentence in damaged_manifests():
            print(f"cellscribe: {sentence}", file=sys.stderr)
    return 0


def _card(info: NetworkInfo) -> str:
    if info.entry is None or info.path is None:
        raise WeightsUnavailable(f"{info.title} has no card: {info.reason}. Train it first.")
    folder = info.path.parent
    return card(info.entry, folder, f"{folder.as_posix()}/")


def _row(info: NetworkInfo, quick: bool) -> dict[str, Any]:
    """All that is known, counted or measured; nothing is taken from a text."""
    entry = info.entry
    spec = SPECS.get(entry.architecture if entry else info.name)
    network = spec.build(**(entry.arguments if entry else {})) if spec else None
    row = {
        "name": info.name,
        "title": info.title,
        "default": info.name == SegmentConfig().model,
        "parameters": parameter_count(network) if network else None,
        "available": info.available,
        "reason": info.reason,
        "file": str(info.path) if info.path else None,
        "sha256": entry.sha256 if entry else None,
        "stride": spec.stride if spec else None,
        "diameter": entry.diameter if entry else None,
        "threshold": entry.threshold if entry else None,
        "separation": entry.separation if entry else None,
        "min_confidence": entry.min_confidence if entry else None,
        "licence": entry.licence if entry else None,
        "training": entry.training if entry else None,
        "accuracy": dict(entry.accuracy) if entry else {},
    }
    return row if quick or network is None else row | _time(info, network)


def _time(info: NetworkInfo, network: nn.Module) -> dict[str, float | str]:
    """How long a run takes; without weights, which do not change it, by the untrained network."""
    ready = load_network(info.name).network if info.available else ready_to_run(network)
    seconds = seconds_per_megapixel(ready)
    return {"seconds_per_megapixel": round(seconds, 3), "device": str(device_of(ready))}


def seconds_per_megapixel(network: nn.Module) -> float:
    """Wall time of one pass over TIMED_SIDE x TIMED_SIDE pixels, after one that warms it up."""
    picture = np.zeros((3, TIMED_SIDE, TIMED_SIDE), np.float32)
    forward(network, picture)
    start = time.perf_counter()
    forward(network, picture)
    return (time.perf_counter() - start) / (TIMED_SIDE**2 / 1e6)


def _text(row: dict[str, Any]) -> str:
    """A few lines for a person."""
    usual = " (the default)" if row["default"] else ""
    lines = [f"{row['name']}: {row['title']}{usual}"]
    if row["parameters"] is None:
        return f"{lines[0]}\n  weights     {row['reason']}"
    lines += [f"  parameters  {row['parameters']:,}", f"  weights     {_weights(row)}"]
    if "seconds_per_megapixel" in row:
        took = f"{row['seconds_per_megapixel']:.2f} s per megapixel on this {row['device']}"
        lines.append(f"  time        {took}, measured now")
    lines.append(f"  input       any size, padded to a multiple of {row['stride']} px")
    if row["diameter"] is not None:
        lines.append(f"  objects     resized to {row['diameter']:g} px across")
        lines.append(
            f"  defaults    threshold {row['threshold']:g}, separation {row['separation']:g}, "
            f"confidence from {row['min_confidence']:g}"
        )
    return "\n".join([*lines, *_accuracy(row["accuracy"])])


def _weights(row: dict[str, Any]) -> str:
    return f"present, hash ok ({row['sha256'][:12]}…)" if row["available"] else row["reason"]


def _accuracy(accuracy: dict[str, dict[str, float]]) -> list[str]:
    """The overall figures first, then one line for each modality."""
    ordered = sorted(accuracy.items(), key=lambda item: (item[0] != OVERALL, item[0]))
    return [
        f"  {name}: AP at IoU 0.5 {s['ap50']:.3f}, at 0.75 {s['ap75']:.3f}, F1 {s['f1']:.3f} "
        f"({counted(int(s['images']), 'validation image')}, {counted(int(s['true']), 'object')})"
        for name, s in ordered
    ]
