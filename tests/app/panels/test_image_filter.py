from app.panels.image_filter import ImageFilter
from core.image.source import Plane
from core.project.records import ImageRecord

RECORDS = [
    ImageRecord(1, "Plate A/img1.TIF", "", 1, 0, 0),
    ImageRecord(2, "Plate A/img2.tif", "", 1, 0, 0, status="reviewed"),
    ImageRecord(3, "plate b/stack.tif", "", 1, 0, 0, plane=Plane(z=4)),
]


def kept(text: str) -> list[int]:
    return [record.id for record in ImageFilter(text).kept(RECORDS)]


def test_all_words_must_occur_in_path_plane_or_status() -> None:
    assert kept("") == kept("  ") == [1, 2, 3]
    assert kept("PLATE img") == [1, 2]
    assert kept("plate reviewed") == [2]
    assert kept("z 5") == [3]
    assert kept("nothing") == []
