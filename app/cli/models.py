"""`cellscribe models`: every network, counted and checked."""

import argparse
import json
from typing import Any

from core.evaluate.evaluate import OVERALL
from core.models.blocks import parameter_count
from core.models.registry import SPECS, find_spec
from core.weights import NetworkInfo, networks


def run(options: argparse.Namespace) -> int:
    """Print what is known of each network; parameters are counted on the built network."""
    rows = [_row(info) for info in networks(check_hash=True)]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        print(f"{row['name']}: {row['title']}, {row['parameters']:,} parameters")
        print(f"  weights: {'present, hash ok' if row['available'] else row['reason']}")
        if row["accuracy"]:
            print(_accuracy(row["accuracy"]))
    return 0


def _row(info: NetworkInfo) -> dict[str, Any]:
    entry = info.entry
    spec = find_spec(entry.architecture) if entry else SPECS[info.name]
    network = spec.build(**(entry.arguments if entry else {}))
    return {
        "name": info.name,
        "title": info.title,
        "parameters": parameter_count(network),
        "available": info.available,
        "reason": info.reason,
        "file": str(info.path) if info.path else None,
        "accuracy": dict(entry.accuracy) if entry else {},
    }


def _accuracy(accuracy: dict[str, dict[str, float]]) -> str:
    """The overall figures first, then one line for each modality."""
    ordered = sorted(accuracy.items(), key=lambda item: (item[0] != OVERALL, item[0]))
    return "\n".join(
        f"  {name}: AP at IoU 0.5 {s['ap50']:.3f}, at 0.75 {s['ap75']:.3f}, F1 {s['f1']:.3f} "
        f"({s['images']:.0f} validation images, {s['true']:.0f} objects)"
        for name, s in ordered
    )
