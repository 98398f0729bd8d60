"""The files of a bundle against its manifest: what was altered, taken out or put in is said, and read all the same."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from arcdiag.case.bundle import NO_FILES, NO_MANIFEST
from arcdiag.case.open import open_case
from arcdiag.case.verify import ADDED, ALTERED, MISSING, UNREAD
from arcdiag.case.write import CaseWriter
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus
from tests.case.archives import LOG, zip_of

MANIFEST = Manifest("1.0", "0", "0", "web01", "linux", "2024-10-01T09:12:44Z", 0, None, False)


def reports(bundle: Path) -> list[tuple[str, str, str]]:
    with open_case(str(bundle)) as case:
        assert case.left_out == () and case.manifest is not None
        found = ",".join(file.path for file in case.files)
    return [("diagnosis.json", "diagnosis", f'{{"saw": "{found}"}}\n'), ("report.html", "report", "<html></html>\n")]


@pytest.fixture
def bundle(tmp_path: Path) -> dict[str, bytes]:
    with CaseWriter(tmp_path / "whole.zip", MANIFEST) as writer:
        writer.add_text("logs/himds.log", "himds-log", LOG.decode())
        writer.add_text("raw/agentconfig.json", "config", "{}\n")
        writer.add_facts([Fact("os.release", None, FactStatus.OK, {"name": "Ubuntu"})])
        writer.finish(reports=reports)
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {name: archive.read(name) for name in archive.namelist()}


def said(tmp_path: Path, files: Mapping[str, bytes]) -> tuple[list[str], dict[str, str]]:
    path = tmp_path / "changed.zip"
    path.write_bytes(zip_of(files))
    with open_case(str(path)) as case:
        return [file.path for file in case.files], {item.what: item.why for item in case.left_out}


def test_reports_are_made_from_the_bundle_and_are_members_of_it(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    assert bundle["diagnosis.json"] == b'{"saw": "logs/himds.log,raw/agentconfig.json"}\n'
    with open_case(str(tmp_path / "whole.zip")) as case:
        assert case.manifest is not None
        assert {file.path: file.kind for file in case.manifest.files} == {
            "diagnosis.json": "diagnosis",
            "facts.jsonl": "facts",
            "logs/himds.log": "himds-log",
            "raw/agentconfig.json": "config",
            "redaction.json": "redaction",
            "report.html": "report",
        }
        assert [file.path for file in case.files] == ["logs/himds.log", "raw/agentconfig.json"]
        assert case.left_out == ()
    assert [path.name for path in tmp_path.iterdir()] == ["whole.zip"]


def test_an_untouched_bundle_says_nothing(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    assert said(tmp_path, bundle) == (["logs/himds.log", "raw/agentconfig.json"], {})
    assert said(tmp_path, {f"web01/{name}": data for name, data in bundle.items()})[1] == {}


@pytest.mark.parametrize(
    "name", ["logs/himds.log", "raw/agentconfig.json", "facts.jsonl", "diagnosis.json", "report.html", "redaction.json"]
)
@pytest.mark.parametrize("how", ["byte", "shorter", "empty", "out"])
def test_any_member_that_was_touched_is_named(tmp_path: Path, bundle: dict[str, bytes], name: str, how: str) -> None:
    data = bundle.pop(name)
    if how != "out":
        bundle[name] = {"byte": b" " + data[1:], "shorter": data[:-1], "empty": b""}[how]
    _, left_out = said(tmp_path, bundle)
    assert left_out[name] == (MISSING if how == "out" else ALTERED)
    others = {what.partition(" ")[0] for what in left_out}
    assert others == {name}


def test_what_came_later_is_read_and_named(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    paths, left_out = said(tmp_path, bundle | {"logs/other.log": LOG, "report.json": b"{}\n"})
    assert paths == ["logs/himds.log", "logs/other.log", "raw/agentconfig.json"]
    assert left_out == {"logs/other.log": ADDED}


def test_a_member_that_became_something_else_is_named_once(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    for data in (b"\x7fELF" + b"\0" * 100, b"PK\x03\x04 cut"):
        paths, left_out = said(tmp_path, bundle | {"logs/himds.log": data})
        assert paths == ["raw/agentconfig.json"] and set(left_out) == {"logs/himds.log"}


def test_a_binary_file_that_came_later_is_named(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    path = tmp_path / "changed.zip"
    path.write_bytes(zip_of(bundle | {"logs/new.bin": b"\x7fELF" + b"\0" * 100, "raw/agentconfig.json": b"\x7fELF"}))
    with open_case(str(path)) as case:
        found = {(item.what, item.why) for item in case.left_out}
    assert {("logs/new.bin", ADDED), ("raw/agentconfig.json", UNREAD)} < found


def test_a_bundle_without_its_manifest_is_told(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    del bundle["manifest.json"]
    assert said(tmp_path, bundle)[1] == {"manifest.json": NO_MANIFEST}


def test_a_manifest_that_names_nothing_is_told(tmp_path: Path, bundle: dict[str, bytes]) -> None:
    told = json.loads(bundle["manifest.json"])
    bundle["manifest.json"] = json.dumps(told | {"files": []}).encode()
    assert said(tmp_path, bundle)[1] == {"manifest.json": NO_FILES}


@pytest.mark.parametrize("litter", ["__MACOSX/web01/logs/._himds.log", "web01/.DS_Store", "web01/logs/desktop.ini"])
@pytest.mark.parametrize("data", [b"\0\5\x16\7\0\2\0\0Mac OS X", b"[ViewState]\r\n"])
def test_what_a_desktop_adds_is_no_part_of_it(
    tmp_path: Path, bundle: dict[str, bytes], litter: str, data: bytes
) -> None:
    packed_again = {f"web01/{name}": content for name, content in bundle.items()}
    assert said(tmp_path, packed_again | {litter: data}) == (["logs/himds.log", "raw/agentconfig.json"], {})


def test_a_report_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken(bundle: Path) -> list[tuple[str, str, str]]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"), CaseWriter(tmp_path / "case.zip", MANIFEST) as writer:
        writer.add_text("a.log", "log", LOG.decode())
        writer.finish(reports=broken)
    assert list(tmp_path.iterdir()) == []
