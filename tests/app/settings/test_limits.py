from pathlib import Path

from app.settings import schema
from app.settings.limits import remember, remembered
from app.settings.store import Settings
from core.engine.config import SegmentConfig

ALL = SegmentConfig("fine", 0.3, 0.4, 0.2, 50, 6000, True, 7, 1.0)


def test_areas_and_outlines_survive_a_restart(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    remember(settings, ALL)
    settings.save()
    usual = SegmentConfig(threshold=0.42, separation=0.6, min_confidence=0.1)
    again = remembered(Settings(tmp_path), usual)
    assert again == SegmentConfig(SegmentConfig.model, 0.42, 0.6, 0.1, 50, 6000, True, 7, 1.0)


def test_no_limit_is_remembered_too(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    remember(settings, ALL)
    remember(settings, SegmentConfig())
    assert remembered(settings, SegmentConfig()) == SegmentConfig()


def test_limits_that_contradict_each_other_do_not_count(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set(schema.MIN_AREA, 100.0)
    settings.set(schema.MAX_AREA, 50.0)
    assert remembered(settings, SegmentConfig()) == SegmentConfig()
