import os
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.annotation.classes import DEFAULT_CLASSES
from core.errors import CannotWrite, ProjectError
from core.image.source import FIRST
from core.project import database, journal, schema
from core.project.delta import Delta
from core.project.locate import is_writable
from core.project.lock import lock_path
from core.project.store import Project
from tests.core.project.samples import deltas, image, region, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed project with one image and objects."""
    path = tmp_path / "Ärzte 100% #1?.cellscribe"
    with Project.create(path) as project:
        record = project.add_image(image())
        for delta, _ in deltas(40, seed=2):
            project.commit(record.id, delta)
    return path


def assert_refused(path: Path, match: str, **how: bool) -> None:
    """Opening fails with one sentence that names the file, and neither changes nor adds a file."""
    before = {p: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}
    with pytest.raises(ProjectError, match=match) as caught:
        Project.open(path, **how)
    assert path.name in str(caught.value)
    assert {p: p.read_bytes() for p in path.parent.iterdir() if p.is_file()} == before


def test_a_new_project_is_one_file_that_programs_can_recognise(tmp_path: Path) -> None:
    path = tmp_path / "new.cellscribe"
    with Project.create(path) as project:
        assert project.classes() == DEFAULT_CLASSES
        assert project.images() == []
    assert list(tmp_path.iterdir()) == [path]
    header = path.read_bytes()[:100]
    assert struct.unpack_from(">I4xI", header, 60) == (schema.newest(), schema.APPLICATION_ID)


def test_every_step_is_synced_into_a_log(path: Path) -> None:
    with closing(database.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_create_never_replaces_a_file(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ProjectError, match="exists already"):
        Project.create(path)
    assert path.read_bytes() == before


def test_the_log_of_a_project_that_is_gone_is_not_replayed(path: Path) -> None:
    with Project.open(path) as project:
        project.set_setting("old", 1)
        log = path.with_name(f"{path.name}-wal")
        left = log.read_bytes()
    assert left
    path.unlink()
    log.write_bytes(left)
    with Project.create(path) as project:
        assert project.images() == []
        assert project.setting("old") is None


def test_create_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such file"):
        Project.create(tmp_path / "missing" / "a.cellscribe")


def test_a_project_that_could_not_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CannotWrite, match="no space left"):
        Project.create(tmp_path / "a.cellscribe")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_not_a_project(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "notes.cellscribe"
    assert_refused(path, "no such file", read_only=read_only)
    for content in (b"", b"x" * 5000, b"SQLite format 3\0"):
        path.write_bytes(content)
        assert_refused(path, "is not a Cellscribe project", read_only=read_only)
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    assert_refused(path, "belongs to another program", read_only=read_only)
    path.unlink()
    path.mkdir()
    assert_refused(path, "directory", read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_cut_short(path: Path, read_only: bool) -> None:
    whole = path.read_bytes()
    for length in (100, 4096, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert_refused(path, "damaged", read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
def test_pages_overwritten(path: Path, read_only: bool) -> None:
    whole = bytearray(path.read_bytes())
    whole[8192:20480] = b"\xaa" * 12288
    path.write_bytes(whole)
    assert_refused(path, "damaged", read_only=read_only)


def test_a_newer_version_is_refused_with_its_number(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 42")
    assert_refused(path, "version 42")
    assert_refused(path, "version 42", read_only=True)


def add_notes(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE images ADD COLUMN note TEXT NOT NULL DEFAULT 'none'")


def test_an_older_version_is_migrated_and_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, add_notes))
    assert_refused(path, "older Cellscribe", read_only=True)
    with Project.open(path) as project:
        hash_now = state(project, 1)
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version(connection) == schema.newest()
        assert connection.execute("SELECT note FROM images").fetchall() == [("none",)]
    monkeypatch.undo()
    newest = schema.newest()
    assert_refused(path, f"version {newest + 1}")
    with Project.open(path.with_name(f"{path.stem}.version{newest}.cellscribe")) as copy:
        assert state(copy, 1) == hash_now


def test_a_project_from_before_planes_keeps_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.cellscribe"
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        database.create(path)
        with closing(database.connect(path)) as connection:
            connection.execute(
                "INSERT INTO images (id, path, content_hash, file_size, width, height)"
                " VALUES (7, 'a.tif', 'hash', 5, 64, 48)"
            )
            journal.commit(connection, 7, next(deltas(1, seed=8))[0])
    with Project.open(path) as project:
        (record,) = project.images()
        assert (record.id, record.path, record.plane) == (7, "a.tif", FIRST)
        assert len(project.regions(7)) == project.counts()[7] > 0
        assert project.add_image(image()).id == 8  # numbers go on
        with pytest.raises(ProjectError):  # references hold again
            project.commit(99, next(deltas(1, seed=8))[0])


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE journal")
        raise sqlite3.OperationalError("disk I/O error")

    with Project.open(path) as project:
        before = state(project, 1)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, fail))
    with pytest.raises(ProjectError, match="disk I/O error"):
        Project.open(path)
    monkeypatch.undo()
    with Project.open(path) as project:
        assert state(project, 1) == before
        assert len(project.journal(1)[0]) == 40


def test_two_programs(path: Path) -> None:
    with Project.open(path) as writer:
        with pytest.raises(ProjectError, match=f"process {os.getpid()}"):
            Project.open(path)
        with Project.open(path, read_only=True) as reader:
            assert reader.read_only and not writer.read_only
            assert state(reader, 1) == state(writer, 1)
            writer.set_status(1, "reviewed")
            assert reader.image(1).status == "reviewed"
            with pytest.raises(ProjectError, match="reading only"):
                reader.set_status(1, "new")
    assert not lock_path(path).exists()
    Project.open(path).close()


def test_reading_leaves_no_file_behind(path: Path) -> None:
    before = path.read_bytes()
    with Project.open(path, read_only=True) as project:
        assert project.regions(1)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_read_only_in_a_folder_that_cannot_be_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "is_writable", lambda _: False)
    assert "immutable" in database._uri(path, read_only=True)
    with Project.open(path, read_only=True) as project:
        assert project.classes()[0].id == 0


@pytest.fixture
def nobody() -> Iterator[None]:
    """The rest of the test runs as an account without rights: root may write everywhere."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    group = os.getegid()
    os.setegid(65534)
    os.seteuid(65534)
    yield
    os.seteuid(0)
    os.setegid(group)


@pytest.fixture
def protected(path: Path) -> Iterator[Path]:
    """The project in a folder where everybody may read and nobody write."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        copy.chmod(0o444)
        Path(folder).chmod(0o555)
        yield copy


def test_another_account_in_a_read_only_folder(protected: Path, nobody: None) -> None:
    assert_refused(protected, r"permission denied.*read-only")
    with Project.open(protected, read_only=True) as project:
        assert project.regions(1)
        with pytest.raises(ProjectError, match="reading only"):
            project.set_setting("a", 1)
    assert not is_writable(protected.parent)


@pytest.mark.skipif(os.name != "posix", reason="links are not common elsewhere")
def test_a_link_is_the_same_project(path: Path) -> None:
    (path.parent / "links").mkdir()
    link = path.parent / "links" / "b.cellscribe"
    link.symlink_to(path)
    with Project.open(path), pytest.raises(ProjectError, match="in use"):
        Project.open(link)
    with Project.open(link) as project:
        assert project.folder == path.parent
        assert project.regions(1)


def test_a_damaged_object_is_told_with_its_project(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE regions SET blob = x'93'")
        connection.commit()
    with Project.open(path) as project:
        with pytest.raises(ProjectError, match="is damaged") as caught:
            project.regions(1)
        assert path.name in str(caught.value)


def test_a_closed_project_says_so(path: Path) -> None:
    project = Project.open(path)
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.images()


def test_a_full_disk_changes_nothing(path: Path) -> None:
    rng = np.random.default_rng(0)
    many = Delta("many", {}, {i: region(i, rng) for i in range(1000, 2000)})
    with Project.open(path) as project:
        before, steps = state(project, 1), len(project.journal(1)[0])
        pages = project._connection.execute("PRAGMA page_count").fetchone()[0]
        project._connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(ProjectError, match="full"):
            project.commit(1, many)
        assert state(project, 1) == before
        assert len(project.journal(1)[0]) == steps
        project._connection.execute("PRAGMA max_page_count = 1000000")
        project.commit(1, many)
        assert len(project.journal(1)[0]) == steps + 1


def test_a_network_share_of_windows_has_no_host_in_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "as_uri", lambda path: "file://server/lab/a.cellscribe")
    uri = database._uri(Path("a.cellscribe"), read_only=False)
    assert uri == "file:////server/lab/a.cellscribe?mode=rw"
