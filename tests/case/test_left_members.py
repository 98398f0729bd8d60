"""A file in which the last look finds something is left out and named; the rest is written, and its report anew."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from arcdiag.case.open import open_case
from arcdiag.case.redacted import redact_case
from arcdiag.case.write import CaseWriter
from arcdiag.case.zip_out import ZipOut
from arcdiag.errors import SecretLeftError
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.tokens import IdKind

MANIFEST = Manifest("1.0", "0.1.0", "1", "srv01", "linux", "2026-03-01T08:00:00Z", 0, "root", True)
SECRET = "Tr0ub4dor77"
LEAK = f"level=info password={SECRET}\n".encode()
NAME = "qwerzumf9"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def has_no_gaps(path: Path) -> bool:
    """Whether every byte of the archive belongs to a member in its list or to the list."""
    with zipfile.ZipFile(path) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        ends = [info.header_offset + 30 + len(info.filename) + info.compress_size for info in infos]
        return [info.header_offset for info in infos] == [0, *ends[:-1]] and archive.start_dir == ends[-1]


def left_out(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[name])["left_out"]
    return found


def leaking(target: Path, reports: Any = None) -> None:
    """A bundle with a log that was handed over as scrubbed, and was not."""
    with CaseWriter(target, MANIFEST) as writer:
        writer.add_text("logs/a.log", "text", "level=info one\n")
        writer.add_blocks("logs/b.log", "text", iter((b"fine\n" * 50_000, LEAK.decode().encode("utf-16-le"), LEAK)))
        writer.add_text("logs/c.log", "text", "level=info password=Gr0ssGeheim88\n")
        writer.add_facts([Fact("x.y", None, FactStatus.OK, {"a": 1})])
        writer.finish(reports=reports)


def test_a_log_that_was_not_scrubbed(tmp_path: Path) -> None:
    leaking(tmp_path / "case.zip")
    files = members(tmp_path / "case.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"]
    assert set(files) == {"facts.jsonl", "logs/a.log", "logs/c.log", "manifest.json", "redaction.json"}
    assert has_no_gaps(tmp_path / "case.zip")
    assert not any(SECRET.encode() in data or SECRET.encode("utf-16-le") in data for data in files.values())
    for name in ("manifest.json", "redaction.json"):
        (item,) = left_out(files, name)
        assert item["what"] == "logs/b.log" and "the last scan found a secret (password" in item["why"]
    assert [item["kind"] for item in json.loads(files["redaction.json"])["removed"]] == ["password"]
    with open_case(str(tmp_path / "case.zip")) as case:
        assert case.manifest is not None and [file.path for file in case.files] == ["logs/a.log", "logs/c.log"]
        assert case.left_out == ()


def test_what_is_made_of_it_is_made_anew(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def reports(bundle: Path) -> Iterator[tuple[str, str, str]]:
        with open_case(str(bundle)) as case:
            seen.append([file.path for file in case.files])
            text = "".join(file.open().read().decode("utf-8", "replace") for file in case.files)
        yield "diagnosis.json", "diagnosis", text

    leaking(tmp_path / "case.zip", reports)
    assert seen == [["logs/a.log", "logs/b.log", "logs/c.log"], ["logs/a.log", "logs/c.log"]]
    assert SECRET.encode() not in members(tmp_path / "case.zip")["diagnosis.json"]


@pytest.mark.parametrize("name", ["diagnosis.json", "report.html"])
def test_the_report_itself_fails_loudly(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretLeftError) as error:
        leaking(tmp_path / "case.zip", lambda bundle: [(name, "report", LEAK.decode())])
    assert name in str(error.value) and SECRET not in str(error.value) and error.value.exit_code == 4
    assert list(tmp_path.iterdir()) == []


def test_a_name_fails_loudly(tmp_path: Path) -> None:
    out = ZipOut(tmp_path / "case.zip")
    out.add("b.log", [LEAK])
    out.add(f"password={SECRET}.log", [b"fine\n"])
    with pytest.raises(SecretLeftError) as error:
        out.finish()
    out.abort()
    assert error.value.members == {} and list(tmp_path.iterdir()) == []


class Late(Identifiers):
    """Comes to know a name only when the file in which it stands was written."""

    def replace_bytes(self, data: bytes) -> bytes:
        done = super().replace_bytes(data)
        if NAME.encode() in data:
            self.names.add(IdKind.HOST, NAME)
        return done


def test_a_name_that_was_known_too_late(tmp_path: Path) -> None:
    case = tmp_path / "in"
    case.mkdir()
    (case / "a.log").write_text(f"fine {NAME} here\n")
    (case / "b.log").write_text("nothing of it\n")
    redact_case(str(case), tmp_path / "out.zip", Late())
    files = members(tmp_path / "out.zip")
    assert set(files) == {"b.log", "redaction.json"} and has_no_gaps(tmp_path / "out.zip")
    (item,) = left_out(files, "redaction.json")
    assert item["what"] == "a.log" and "an identifier (host)" in item["why"]
    assert not any(NAME.encode() in data for data in files.values())
    with CaseWriter(tmp_path / "case.zip", MANIFEST) as writer:
        writer.add_text("logs/a.log", "text", f"fine {NAME} here\n")
        writer.add_text("logs/b.log", "text", "nothing of it\n")
    redact_case(str(tmp_path / "case.zip"), tmp_path / "copy.zip", Late())
    files = members(tmp_path / "copy.zip")
    assert "logs/b.log" in files and "logs/a.log" not in files
    assert [item["what"] for item in left_out(files, "manifest.json")] == ["logs/a.log"]
    assert not any(NAME.encode() in data for data in files.values())
