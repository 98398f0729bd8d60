"""SOURCES: what is a bundle, what is one machine, what is passed over, and what is an error."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from arcdiag.errors import InputError
from arcdiag.fleet.fetch import UnreadableError, fetched
from arcdiag.fleet.sources import find_sources
from arcdiag.fleet.task import Kind, Source
from tests.fleet.bundles import bundle, log


def touch(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def kinds(root: Path, *asked: Path | str) -> list[tuple[str, str]]:
    found = find_sources(str(one) for one in asked)
    return [(Path(s.where).relative_to(root).as_posix(), s.kind.value) for s in found.sources]


def test_a_folder_of_archives_is_searched_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.zip", "a.tar.gz", "deep/er/c.ZIP", "readme.txt"):
        touch(tmp_path / name)
    found = find_sources([str(tmp_path)])
    assert [Path(s.where).name for s in found.sources] == ["a.tar.gz", "b.zip", "c.ZIP"]
    assert [Path(p).name for p in found.passed_over] == ["readme.txt"]


def test_folders_with_the_agents_files_are_machines(tmp_path: Path) -> None:
    touch(tmp_path / "srv1/himds.log")
    touch(tmp_path / "srv1/other/x.txt")
    touch(tmp_path / "srv2/Log/azcmagent.log")
    touch(tmp_path / "srv2/GuestConfig/gc_agent.log")
    touch(tmp_path / "srv3/notes/readme.md")
    touch(tmp_path / "srv4/facts.jsonl")
    assert kinds(tmp_path, tmp_path) == [("srv1", "folder"), ("srv2", "folder"), ("srv4", "folder")]
    assert kinds(tmp_path, tmp_path / "srv2") == [("srv2", "folder")]


def test_a_folder_that_holds_only_other_files_is_one_machine_if_it_is_named_itself(tmp_path: Path) -> None:
    touch(tmp_path / "srv1/console.txt")
    touch(tmp_path / "srv2/console.txt")
    assert kinds(tmp_path, tmp_path / "srv1") == [("srv1", "folder")]
    with pytest.raises(InputError, match="2 other files"):
        find_sources([str(tmp_path)])


def test_a_zip_beside_loose_logs_makes_it_a_folder_of_bundles(tmp_path: Path) -> None:
    touch(tmp_path / "a.zip")
    touch(tmp_path / "himds.log")
    found = find_sources([str(tmp_path)])
    assert [s.kind for s in found.sources] == [Kind.FILE] and len(found.passed_over) == 1


def test_globs_and_names_take_any_file_and_each_once(tmp_path: Path) -> None:
    for name in ("x1.log", "x2.log", "[odd].zip"):
        touch(tmp_path / name)
    assert kinds(tmp_path, f"{tmp_path}/x*.log", tmp_path / "x1.log") == [("x1.log", "file"), ("x2.log", "file")]
    assert kinds(tmp_path, tmp_path / "[odd].zip") == [("[odd].zip", "file")]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("none.zip", "no such file"),
        ("none*.zip", "nothing matches"),
        ("nosuch://x/y.zip", "nosuch"),
        ("memory://no/such.zip", "no such file"),
        ("\0", "no such file"),
        ("x" * 5000, "no possible path"),
    ],
)
def test_what_is_not_there_is_an_error_of_one_line(asked: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as error:
        find_sources([asked])
    assert "\n" not in str(error.value)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside/secret.zip")
    inside = touch(tmp_path / "in/a.zip").parent
    (inside / "link.zip").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    assert kinds(tmp_path, inside) == [("in/a.zip", "file")]


def test_a_file_system_in_memory_goes_along_as_bytes() -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/test-sources/a/x.zip", bundle(1))
    store.pipe("/test-sources/readme.txt", b"no")
    found = find_sources(["memory://test-sources"])
    assert [(s.where, s.kind, s.data) for s in found.sources] == [
        ("memory:///test-sources/a/x.zip", Kind.REMOTE, bundle(1))
    ]
    assert len(found.passed_over) == 1
    assert len(find_sources(["memory://test-sources/**/*.zip"]).sources) == 1
    with fetched(found.sources[0]) as (path, _, size):
        assert path.read_bytes() == bundle(1) and size == len(bundle(1)) and path.name == "x.zip"
    assert not path.exists()


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    touch(tmp_path / "a.zip", bundle(2))
    for url in (tmp_path.as_uri(), f"{tmp_path.as_uri()}/*.zip", (tmp_path / "a.zip").as_uri()):
        (source,) = find_sources([url]).sources
        assert (Path(source.where), source.kind) == (tmp_path / "a.zip", Kind.FILE)


def test_the_hash_of_a_folder_changes_with_any_name_or_byte(tmp_path: Path) -> None:
    def digest() -> str:
        with fetched(Source(str(tmp_path), Kind.FOLDER)) as (_, found, _):
            return found

    touch(tmp_path / "himds.log", log(1, 300))
    seen = {digest()}
    touch(tmp_path / "himds.log", log(2, 300))
    seen.add(digest())
    (tmp_path / "himds.log").rename(tmp_path / "himds.txt")
    seen.add(digest())
    touch(tmp_path / "more.txt", b"")
    seen.add(digest())
    assert len(seen) == 4


def test_a_remote_name_cannot_leave_its_folder() -> None:
    source = Source("memory:///x/..%2f/-rf;.zip", Kind.REMOTE, 1, b"PK")
    with fetched(source) as (path, _, _):
        assert path.parent.name.startswith("arcdiag-") and path.name == "rf_.zip"


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    for source in (Source(str(tmp_path / "no.zip"), Kind.FILE), Source("memory:///no/such.zip", Kind.REMOTE)):
        with pytest.raises(UnreadableError, match="no such file"), fetched(source):
            pass
