"""What stands between `cellscribe …` and its window: no screen, or words that were mistyped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.cli.display import has_screen
from app.cli.spelling import mistyped_verb

ROOT = Path(__file__).resolve().parents[3]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What windows would have been opened with."""
    calls: list[list[str]] = []
    monkeypatch.setattr("app.bootstrap.run_window", lambda paths: calls.append(paths) or 0)
    return calls


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a screen")
@pytest.mark.parametrize("start", [["-m", "app"], ["-c", "from app.cli import main; exit(main())"]])
def test_without_a_screen_it_says_so(start: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *start, "a.png"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in SCREENS},
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 2 and "PySide6" not in done.stderr
    assert len(told) == 1 and told[0].startswith("cellscribe: No screen was found")
    assert "cellscribe segment" in told[0] and "README.md" in told[0]


@pytest.mark.parametrize("name", SCREENS)
def test_any_of_them_is_a_screen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in SCREENS:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not has_screen()
    monkeypatch.setenv(name, "x")
    assert has_screen()
    monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert has_screen()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("modles", "models"),
        ("Segment", "segment"),
        ("self-test", "selftest"),
        ("--vers", "--version"),
    ],
)
def test_a_mistyped_command_opens_no_window(
    word: str, meant: str, opened: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word, "--quick"]) == 2
    told = f"There is no file or command '{word}'; did you mean '{meant}'?"
    assert capsys.readouterr().err == f"cellscribe: {told}\n"
    assert opened == []


@pytest.mark.parametrize(
    "words", [[], ["nuclei"], ["a/models"], ["train.tif"], ["a.tif", "modles"]]
)
def test_other_words_are_paths(words: list[str], opened: list[list[str]]) -> None:
    assert main(words) == 0
    assert opened == [words]


def test_a_file_may_be_called_nearly_like_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert mistyped_verb(["modles"])
    (tmp_path / "modles").mkdir()
    assert mistyped_verb(["modles"]) == ""


@pytest.mark.parametrize(
    ("option", "meant"), [("--seperation", "--separation"), ("--Depth=2", "--depth")]
)
def test_an_unknown_option_names_the_nearest(
    option: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["segment", "a.png", option, "0.5"])
    name = option.partition("=")[0]
    assert end.value.code == 2
    assert f"there is no option {name} (did you mean {meant}?)" in capsys.readouterr().err


def test_options_like_nothing_shortened_or_after_a_dash_are_left_to_argparse(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["segment", "a.png", "--out", "b", "--xyzzy"])
    assert "not understood: --xyzzy" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["models", "--", "--cart"])
    assert "did you mean" not in capsys.readouterr().err
    assert main(["models", "--qui", "--js"]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("segment a.png --out b --diameter abc", "--diameter: 'abc' is not a number"),
        ("train --data a --batch 1.5", "--batch: '1.5' is not a whole number"),
        (
            "segment a.png --out b --diameter 20 --diameter-um 10",
            "--diameter-um: not allowed with --diameter",
        ),
        ("evaluate --split val", "the following arguments are required: --data"),
        ("models --card", "--card: expected one argument"),
        ("import a b --xyzzy", "these words are not understood: --xyzzy"),
    ],
)
def test_a_wrong_call_is_one_sentence_that_names_the_help(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words.split())
    assert end.value.code == 2
    verb = words.partition(" ")[0]
    assert capsys.readouterr().err == f"cellscribe: {told}; see `cellscribe {verb} --help`.\n"
