import numpy as np
import pytest

from app.canvas.display import Display, auto_display
from app.panels import display_edits as edits
from app.panels import kept_displays
from app.panels.kept_displays import KeptDisplays
from core.image.model import Image
from core.image.scale import Window
from core.image.source import Plane


def image(file: str, top: int = 4000, dtype: type = np.uint16, channels: int = 1) -> Image:
    values = np.linspace(0, top, 300 * channels).astype(dtype)
    return Image(values.reshape(10, 30, channels), content_hash=file)


def squeezed(shown: Image) -> Display:
    return edits.with_window(auto_display(shown), 0, Window(1, 2))


def of(kept: KeptDisplays, shown: Image) -> Display:
    return kept.of(shown, auto_display(shown))


def test_another_file_gets_its_own_values() -> None:
    kept, first, second = KeptDisplays(), image("a"), image("b", 900)
    kept.remember(first, squeezed(first))
    assert of(kept, second) == auto_display(second)


def test_planes_of_a_file_are_shown_alike() -> None:
    kept, first = KeptDisplays(), image("a")
    kept.remember(first, auto_display(first))
    later = Image(np.asarray(first.pixels) // 2, content_hash="a", plane=Plane(z=3))
    assert of(kept, later) == auto_display(first) != auto_display(later)
    kept.remember(later, squeezed(first))
    assert of(kept, first) == squeezed(first)


def test_scenes_of_another_kind_are_not() -> None:
    kept, first = KeptDisplays(), image("a")
    kept.remember(first, squeezed(first))
    for other in (image("a", 90, np.uint8), image("a", channels=2)):
        assert of(kept, other) == auto_display(other)


def test_kept_for_the_next_images_of_the_same_kind() -> None:
    kept, first, second = KeptDisplays(), image("a"), image("b", 900)
    kept.keep(True)
    kept.remember(first, squeezed(first))
    assert of(kept, second) == squeezed(first)
    for other in (image("c", 90, np.uint8), image("d", channels=2)):
        assert of(kept, other) == auto_display(other)
    kept.remember(image("c", 90, np.uint8), auto_display(image("c", 90, np.uint8)))
    assert of(kept, second) == squeezed(first)  # another kind lay between


def test_kept_from_the_moment_on_that_it_is_wanted() -> None:
    kept, first, second = KeptDisplays(), image("a"), image("b", 900)
    kept.remember(first, squeezed(first))
    kept.keep(True)
    assert of(kept, second) == auto_display(second)
    kept.remember(second, squeezed(second))
    assert of(kept, image("c", 70)) == squeezed(second)
    kept.keep(False)
    assert of(kept, image("c", 70)) == auto_display(image("c", 70))
    assert of(kept, first) == squeezed(first)


def test_images_without_a_file_are_all_new() -> None:
    kept, first = KeptDisplays(), image("")
    kept.remember(first, squeezed(first))
    assert of(kept, image("", 30)) == auto_display(image("", 30))


def test_files_seen_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_displays, "MOST_FILES", 2)
    kept, files = KeptDisplays(), [image(name) for name in "abc"]
    for shown in (files[0], files[1], files[0], files[2]):
        kept.remember(shown, squeezed(shown))
    assert of(kept, files[0]) == squeezed(files[0])
    assert of(kept, files[1]) == auto_display(files[1])
