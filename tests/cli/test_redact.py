"""`arcdiag redact`: bundles, folders, archives and logs; the input stays, nothing is half-written."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from arcdiag.case.open import open_case
from arcdiag.case.write import CaseWriter
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus

SECRET = "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"
LOG = (
    'time="2026-03-01T08:00:00Z" level=info msg="connect" Resource Name=srv-web01\n'
    f'time="2026-03-01T08:00:01Z" level=error msg="x" Error="client_secret={SECRET} on 10.1.2.3"\n'
)
PLACES = ("srv-web01", "10.1.2.3")


def arcdiag(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "arcdiag", *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def redact(source: Path, target: Path, *more: str) -> str:
    before = source.read_bytes() if source.is_file() else b""
    done = arcdiag("redact", str(source), "-o", str(target), *more)
    assert done.returncode == 0, done.stderr
    assert not source.is_file() or source.read_bytes() == before
    assert not list(target.parent.glob("*.partial"))
    return done.stdout


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_a_log_becomes_a_log(tmp_path: Path) -> None:
    (tmp_path / "himds.log").write_text(LOG)
    said = redact(tmp_path / "himds.log", tmp_path / "out.log")
    assert (tmp_path / "out.log").read_text() == LOG.replace(SECRET, "«secret:client-secret:entra-shaped:40»")
    assert "removed: 1 client-secret\n" in said
    assert stat.S_IMODE((tmp_path / "out.log").stat().st_mode) == 0o600 or os.name == "nt"


def test_a_packed_log_too(tmp_path: Path) -> None:
    (tmp_path / "himds.log.gz").write_bytes(gzip.compress(LOG.encode()))
    redact(tmp_path / "himds.log.gz", tmp_path / "out.log")
    assert (tmp_path / "out.log").read_text() == LOG.replace(SECRET, "«secret:client-secret:entra-shaped:40»")


@pytest.mark.parametrize("option", [("--redact", "identifiers"), ("--identifiers",)])
def test_identifiers_and_their_private_map(tmp_path: Path, option: tuple[str, ...]) -> None:
    source = tmp_path / "in"
    (source / "srv-web01").mkdir(parents=True)
    (source / "srv-web01" / "himds.log").write_text(LOG)
    (source / "other.txt").write_bytes("nur SRV-WEB01 hier\r\n".encode("utf-16"))
    said = redact(source, tmp_path / "out.zip", *option)
    found = members(tmp_path / "out.zip")
    everything = str(sorted(found)) + "".join(
        data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8") for data in found.values()
    )
    assert not any(place in everything.lower() for place in (*PLACES, SECRET.lower()))
    private = tmp_path / "out.zip.PRIVATE-do-not-send.json"
    assert str(private) in said
    assert stat.S_IMODE(private.stat().st_mode) == 0o600 or os.name == "nt"
    tokens = json.loads(private.read_text())["tokens"]
    assert {"srv-web01", "10.1.2.3"} <= set(tokens.values())
    assert SECRET not in private.read_text()
    digits = next(digits for digits, value in tokens.items() if value == "srv-web01")
    assert f"«host:{digits}»" in found["other.txt"].decode("utf-16")
    assert f"host-{digits}/himds.log" in found
    removed = json.loads(found["redaction.json"])
    assert {item["kind"]: item["count"] for item in removed["removed"]} == {
        "client-secret": 1,
        "host": 3,
        "ip-private": 1,
    }


def counts(path: Path) -> dict[str, dict[str, int]]:
    told = json.loads(members(path)["redaction.json"])
    return {file["path"]: {one["kind"]: one["count"] for one in file["removed"]} for file in told["files"]}


def test_what_was_removed_first_is_still_told_after_the_second_time(tmp_path: Path) -> None:
    bundle(tmp_path / "case.zip")
    assert counts(tmp_path / "case.zip") == {"logs/himds.log": {"client-secret": 1}}
    said = redact(tmp_path / "case.zip", tmp_path / "out.zip", "--identifiers")
    assert "1 client-secret" in said
    once = counts(tmp_path / "out.zip")
    assert once["logs/himds.log"] == {"client-secret": 1, "host": 1, "ip-private": 1}
    redact(tmp_path / "out.zip", tmp_path / "again.zip", "--identifiers")
    assert counts(tmp_path / "again.zip") == once


@pytest.mark.parametrize("told", [b"{", b"[]", b'{"files": 7}', b'{"files": [{"path": 1, "removed": [{"kind": [], "count": "x"}]}]}',
                                  b'{"files": [{"path": "../x", "removed": [{"kind": "y", "count": 1}]}]}'])  # fmt: skip
def test_a_damaged_report_of_what_was_removed_does_no_harm(tmp_path: Path, told: bytes) -> None:
    bundle(tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as odd:
        for name, data in members(tmp_path / "case.zip").items():
            odd.writestr(name, told if name == "redaction.json" else data)
    redact(tmp_path / "odd.zip", tmp_path / "out.zip")
    assert "logs/himds.log" in members(tmp_path / "out.zip")


def test_the_name_of_the_output_tells_no_host_inside(tmp_path: Path) -> None:
    bundle(tmp_path / "case.zip")
    redact(tmp_path / "case.zip", tmp_path / "srv-web01-safe.zip", "--identifiers")
    inside = members(tmp_path / "srv-web01-safe.zip")
    assert [name for name, data in inside.items() if b"srv-web01" in data] == []
    assert "«host:".encode() in inside["report.html"] and b"-safe.zip" in inside["diagnosis.json"]


def test_facts_without_a_manifest_are_counted(tmp_path: Path) -> None:
    bundle(tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "facts.zip", "w") as facts:
        facts.writestr("facts.jsonl", members(tmp_path / "case.zip")["facts.jsonl"])
    assert "removed: 1 host" in redact(tmp_path / "facts.zip", tmp_path / "out.zip", "--identifiers")


def bundle(path: Path) -> None:
    manifest = Manifest("1.0", "0.1.0", "7", "srv-web01", "linux", "2026-03-01T08:00:00Z", 60, "CORP\\jdoe", True)
    with CaseWriter(path, manifest) as writer:
        writer.add_text("logs/himds.log", "himds-log", LOG)
        writer.add_facts([Fact("machine.host", None, FactStatus.OK, {"hostname": "srv-web01", "os": "linux"})])


def test_a_bundle_stays_a_bundle(tmp_path: Path) -> None:
    bundle(tmp_path / "case.zip")
    redact(tmp_path / "case.zip", tmp_path / "out.zip", "--identifiers")
    raw = b"".join(members(tmp_path / "out.zip").values()).decode()
    assert not any(place in raw for place in (*PLACES, "jdoe"))
    with open_case(str(tmp_path / "out.zip")) as case:
        assert case.manifest is not None
        assert case.manifest.host.startswith("«host:") and case.manifest.collected_at == "2026-03-01T08:00:00Z"
        assert case.manifest.utc_offset_minutes == 60
        assert case.facts[0].value["hostname"] == case.manifest.host
        assert [file.path for file in case.files] == ["logs/himds.log"]


def test_twice_is_once(tmp_path: Path) -> None:
    bundle(tmp_path / "case.zip")
    redact(tmp_path / "case.zip", tmp_path / "one.zip", "--identifiers")
    redact(tmp_path / "one.zip", tmp_path / "two.zip", "--identifiers")
    one, two = members(tmp_path / "one.zip"), members(tmp_path / "two.zip")
    assert one["logs/himds.log"] == two["logs/himds.log"]


def test_an_archive_of_logs_with_another_one_inside(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.log", LOG)
        archive.writestr("deeper.zip", b"PK\x03\x04damaged")
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("himds.log", LOG)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("tool.exe", b"MZ\0\0" + bytes(range(256)) * 20)
        archive.writestr("../outside.log", LOG)
        archive.writestr(f"client_secret={SECRET}.log", "x\n")
    said = redact(tmp_path / "logs.zip", tmp_path / "out.zip")
    found = members(tmp_path / "out.zip")
    assert set(found) == {"himds.log", "inner.zip/deep.log", "withheld.log", "redaction.json"}
    assert not any(SECRET.encode() in data for data in found.values())
    left = {item["what"] for item in json.loads(found["redaction.json"])["left_out"]}
    assert {"tool.exe", "../outside.log", "inner.zip/deeper.zip"} <= left
    assert "left out: tool.exe" in said and SECRET not in said


def test_the_copy_is_diagnosed_like_the_original(tmp_path: Path) -> None:
    (tmp_path / "himds.log").write_text(LOG)
    redact(tmp_path / "himds.log", tmp_path / "out.log", "--identifiers")
    first, second = (
        json.loads(arcdiag("analyze", str(tmp_path / name), "--json").stdout) for name in ("himds.log", "out.log")
    )
    assert first["verdict"] == second["verdict"]
    assert [cause["id"] for cause in first["causes"]] == [cause["id"] for cause in second["causes"]]


def test_analyze_prints_no_identifiers_if_asked(tmp_path: Path) -> None:
    (tmp_path / "azcmagent.log").write_text(LOG)
    for format_ in ("text", "json", "md", "html"):
        done = arcdiag("analyze", str(tmp_path / "azcmagent.log"), "--format", format_, "--redact", "identifiers")
        assert done.returncode in (0, 1, 3), done.stderr
        assert not any(place in done.stdout for place in PLACES)


def test_a_word_to_hide_goes_wherever_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    text = "the Kranich proxy; https://stkranichlog.blob.core.windows.net/kranich-dc01 KRANICH_x; cranes\n"
    (folder / "kranich.log").write_text(LOG + text)
    said = redact(folder, tmp_path / "out.zip", "--identifiers", "--hide", "Kranich", "--hide", "cranes ")
    (name, data) = next((name, data.decode()) for name, data in members(tmp_path / "out.zip").items() if "log" in name)
    assert "kranich" not in (name + data).lower() and "cranes" not in data
    assert "blob.core.windows.net" in data and data.count("«word:") == 5
    assert "6 word" in said
    private = json.loads((tmp_path / "out.zip.PRIVATE-do-not-send.json").read_text(encoding="utf-8"))
    assert {"kranich", "cranes"} <= set(private["tokens"].values())


@pytest.mark.parametrize(("more", "said"), [((), "goes with --redact"), (("--identifiers",), "3 letters at least")])
def test_a_word_that_cannot_be_hidden(tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    (tmp_path / "himds.log").write_text(LOG)
    done = arcdiag("redact", str(tmp_path / "himds.log"), "-o", str(tmp_path / "out.log"), "--hide", "ab", *more)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.log").exists()


@pytest.mark.parametrize("where", ["in.log", "missing/out.log", "."])
def test_places_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    (tmp_path / "in.log").write_text(LOG)
    done = arcdiag("redact", str(tmp_path / "in.log"), "-o", str(tmp_path / where))
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert (tmp_path / "in.log").read_text() == LOG
    assert [path.name for path in tmp_path.iterdir()] == ["in.log"]


def test_a_place_inside_the_input(tmp_path: Path) -> None:
    (tmp_path / "in.log").write_text(LOG)
    done = arcdiag("redact", str(tmp_path), "-o", str(tmp_path / "out.zip"))
    assert done.returncode == 2 and "inside the input" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.log"]


@pytest.mark.parametrize("content", [b"", b"\x7fELF\0\0\0\0\0", b"PK\x03\x04 cut"])
def test_input_that_cannot_be_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in").write_bytes(content)
    done = arcdiag("redact", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
