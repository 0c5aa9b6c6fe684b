import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from core.errors import ProjectError
from core.image import folder as folders
from core.project import locate
from core.project.locate import default_project_path, find_by_hash, relative_path


def test_beside_the_image_or_in_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "scan.v2.tif"
    file.touch()
    assert default_project_path(file) == tmp_path / "scan.v2.cellscribe"
    assert default_project_path(tmp_path) == tmp_path / f"{tmp_path.name}.cellscribe"


def test_a_read_only_folder_leads_to_the_data_folder(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(default_project_path(tmp_path / folder / "scan.tif"))
    assert paths[0] != paths[1]
    assert {p.parent for p in paths} == {home / "cellscribe" / "projects"}
    assert all(p.name.startswith("scan-") and p.suffix == ".cellscribe" for p in paths)
    assert paths[0].parent.is_dir()
    assert default_project_path(tmp_path / "a" / "scan.tif") == paths[0]


def test_no_folder_at_all_is_told(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "cellscribe").write_text("a file where the folder should be")
    monkeypatch.setattr(locate, "is_writable", lambda _: False)
    with pytest.raises(ProjectError, match="Cannot make the folder"):
        default_project_path(tmp_path / "scan.tif")


def test_looking_whether_a_folder_is_writable_leaves_nothing(tmp_path: Path) -> None:
    assert locate.is_writable(tmp_path)
    assert not locate.is_writable(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []


def test_relative_paths_have_forward_slashes(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    assert relative_path(folder / "images" / "a.tif", folder) == "images/a.tif"
    assert relative_path(tmp_path / "other" / "a.tif", folder) == "../other/a.tif"


def test_find_by_content(tmp_path: Path) -> None:
    deep = tmp_path / "x" / "y"
    deep.mkdir(parents=True)
    (deep / "renamed.tif").write_bytes(b"cells")
    (deep / "same size.tif").write_bytes(b"CELLS")
    sha256 = hashlib.sha256(b"cells").hexdigest()
    assert find_by_hash(tmp_path, 5, sha256) == deep / "renamed.tif"
    assert find_by_hash(tmp_path, 5, "another") is None
    assert find_by_hash(tmp_path, 6, sha256) is None


def test_only_files_of_the_right_size_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "huge.tif").write_bytes(b"x" * 1000)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read a file in vain"))
    assert find_by_hash(tmp_path, 5, "hash") is None


def test_the_search_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"cells")
    sha256 = hashlib.sha256(b"cells").hexdigest()
    looked: list[Path] = []
    size = locate.file_size
    monkeypatch.setattr(locate, "file_size", lambda p: looked.append(p) or size(p) - 1)
    monkeypatch.setattr(folders, "MOST_NAMES", 2)
    assert find_by_hash(tmp_path, 5, sha256) is None
    assert len(looked) == 2


@pytest.mark.skipif(os.name != "posix", reason="links are not common elsewhere")
def test_a_link_that_leads_in_a_circle_is_no_trap(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    assert find_by_hash(tmp_path, 5, "hash") is None
