"""How long the window stands still with many: `python -m tests.benchmarks.bench_many [IMAGES]`.

Prints for the list of images the longest turn of the event loop while it is filtered, and shown
whole again, as a share of the time that looking through all of them in one go takes; and for
10,000 objects what marking them takes, as a share of the time that `dataclasses.replace` takes.
All in time of the window's thread, so that other programs count little. Offscreen.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.panels.image_filter import ImageFilter
from app.panels.images_panel import ImagesPanel
from app.panels.shown import Shown
from app.session import Session
from app.tasks.runner import Runner
from core.annotation.region import Region, ring, with_facts
from core.project.records import ImageRecord

OBJECTS = 10_000
TURNS = 400
"""Of the event loop; more than a search takes."""
WORDS = ("dapi", "b07", "nothing", "dapi b07")


def seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def records(count: int) -> list[ImageRecord]:
    names = (f"plate/Well B{i * 96 // count:02d}/img_{i:06d}_DAPI.tif" for i in range(count))
    return [ImageRecord(number, name, "", 0, 0, 0) for number, name in enumerate(names, 1)]


def filter_images(application: QApplication, images: list[ImageRecord]) -> None:
    session = Session(Runner())
    session.put_new(images)
    panel = ImagesPanel(session, Shown(session))
    panel.show()
    application.processEvents()
    for text in WORDS:
        found = ImageFilter(text)
        at_once = min(seconds(partial(found.kept, images)) for _ in range(3))
        turns = []
        for typed in (text, ""):
            panel.filter.setText(typed)
            turns.append(seconds(panel.filter.returnPressed.emit))
            turns += [seconds(application.processEvents) for _ in range(TURNS)]
        longest = max(turns)
        print(
            f"filter {text!r:12} longest turn {1000 * longest:4.0f} ms, "
            f"{longest / at_once:.2f} of all in one go"
        )


def mark_objects() -> None:
    corners = ring([(0, 0), (9, 0), (9, 9)])
    regions = [Region(number, corners) for number in range(1, OBJECTS + 1)]
    quick, usual = [], []
    for _ in range(7):
        quick.append(seconds(lambda: [with_facts(r, locked=True) for r in regions]))
        usual.append(seconds(lambda: [replace(r, locked=True) for r in regions]))
    print(
        f"mark {OBJECTS:,} objects: {1000 * min(quick):.0f} ms, {min(quick) / min(usual):.2f} "
        "of replace"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    application = QApplication([])
    mark_objects()
    filter_images(application, records(count))


if __name__ == "__main__":
    main()
