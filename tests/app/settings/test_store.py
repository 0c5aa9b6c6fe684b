from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from app.settings import schema
from app.settings.schema import Setting
from app.settings.store import Settings, config_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


def reopened(settings: Settings, folder: Path) -> Settings:
    settings.save()
    return Settings(folder)


@pytest.mark.parametrize("setting", schema.ALL, ids=lambda setting: setting.key)
def test_default_until_set(folder: Path, setting: Setting[object]) -> None:
    assert Settings(folder).get(setting) == setting.default
    assert setting.sensible(setting.default)


def test_keys_are_unique() -> None:
    keys = [setting.key for setting in schema.ALL]
    assert len(keys) == len(set(keys))


def test_values_survive_a_restart(folder: Path) -> None:
    settings = Settings(folder)
    settings.set(schema.LABELS, True)
    settings.set(schema.FILL_OPACITY, 0.35)
    settings.set(schema.RECENT, ("/ä b/x.cellscribe", '/"q"/y.cellscribe'))
    again = reopened(settings, folder)
    assert again.get(schema.LABELS) is True
    assert again.get(schema.FILL_OPACITY) == 0.35
    assert again.get(schema.RECENT) == ("/ä b/x.cellscribe", '/"q"/y.cellscribe')


def test_only_what_differs_is_stored(folder: Path) -> None:
    settings = Settings(folder)
    settings.set(schema.OUTLINE_WIDTH, 3.0)
    settings.set(schema.LABELS, False)
    settings.save()
    assert "outline_width" in (folder / "settings.ini").read_text()
    assert "labels" not in (folder / "settings.ini").read_text()
    settings.set(schema.OUTLINE_WIDTH, schema.OUTLINE_WIDTH.default)
    settings.save()
    assert "outline_width" not in (folder / "settings.ini").read_text()


@pytest.mark.parametrize("bad", ["blue", "", "null", "[1", "7", "-0.5", '"0.2"', "NaN"])
def test_bad_value_falls_back(folder: Path, bad: str) -> None:
    folder.mkdir()
    (folder / "settings.ini").write_text(f"[view]\nfill_opacity={bad}\nlabels=true\n")
    settings = Settings(folder)
    assert settings.get(schema.FILL_OPACITY) == schema.FILL_OPACITY.default
    assert settings.get(schema.LABELS) is True


def test_garbage_file_gives_defaults(folder: Path) -> None:
    folder.mkdir()
    (folder / "settings.ini").write_bytes(b"\x00\xff garbage [[[\n===")
    assert Settings(folder).get(schema.APPEARANCE) == "system"


def test_recent_projects_newest_first_without_repeats(folder: Path) -> None:
    settings = Settings(folder)
    for number in range(15):
        settings.add_recent(Path(f"/p/{number}.cellscribe"))
    settings.add_recent(Path("/p/9.cellscribe"))
    recent = settings.get(schema.RECENT)
    assert recent[0] == str(Path("/p/9.cellscribe"))
    assert recent[1] == str(Path("/p/14.cellscribe"))
    assert len(recent) == len(set(recent)) == schema.MOST_RECENT


def test_window_state_is_kept_apart(folder: Path) -> None:
    settings = Settings(folder)
    settings.set_window_state("geometry", QByteArray(b"\x01\x02\x00"))
    again = reopened(settings, folder)
    assert again.window_state("geometry") == QByteArray(b"\x01\x02\x00")
    assert again.window_state("layout").isEmpty()
    assert (
        "geometry" not in (folder / "settings.ini").read_text()
        if (folder / "settings.ini").exists()
        else True
    )


def test_changed_tells_the_key_once(folder: Path) -> None:
    settings, keys = Settings(folder), []
    settings.changed.connect(keys.append)
    settings.set(schema.LABELS, True)
    settings.set(schema.LABELS, True)
    assert keys == [schema.LABELS.key]


def test_unwritable_folder_is_logged_not_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings = Settings(tmp_path / "file")
    settings.set(schema.LABELS, True)
    settings.save()
    assert "could not be written" in caplog.text


def test_person_has_a_folder_of_their_own(home: Path) -> None:
    assert home in config_folder().parents
