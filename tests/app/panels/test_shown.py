from app.commands import edits
from app.commands.change_regions import perform
from app.panels.shown import Shown
from tests.app.panels.fakes import FakeSession, box


def test_nothing_without_a_document(shown: Shown) -> None:
    assert shown.document is None
    assert dict(shown.regions) == {}
    assert shown.pixel_size_um is None


def test_follows_from_document_to_document(session: FakeSession, shown: Shown) -> None:
    first, second = session.add(1, [box(1)]), session.add(2, pixel_size_um=0.5)
    heard: list[frozenset[int]] = []
    shown.regions_changed.connect(heard.append)
    session.show(1)
    assert list(shown.regions) == [1]
    session.show(2)
    assert shown.pixel_size_um == 0.5
    perform(first, edits.add(first, [box(1)], "Add"))
    assert heard == []
    perform(second, edits.add(second, [box(1)], "Add"))
    assert heard == [frozenset({1})]


def test_lets_go_of_a_project(session: FakeSession, shown: Shown) -> None:
    session.add(1, [box(1)])
    session.show(1)
    replaced: list[bool] = []
    shown.replaced.connect(lambda: replaced.append(True))
    session.leave()
    assert replaced and shown.document is None and dict(shown.regions) == {}
