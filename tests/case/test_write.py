"""Bundles: scrubbed, complete or not there at all, for their owner only, the same bytes for the same content."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from arcdiag.case.open import open_case
from arcdiag.case.write import CaseWriter
from arcdiag.errors import FullDiskError, OutputError
from arcdiag.model.case import Manifest, NotEvaluated
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import Subject, SubjectKind
from tests.case.archives import LOG, packed

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights and pipes of POSIX")
SECRET = "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"
MANIFEST = Manifest(
    "1.0",
    "0.1.0",
    "0.1.0+abc",
    "web01",
    "linux",
    "2024-10-01T09:12:44Z",
    120,
    "root",
    True,
    (),
    (NotEvaluated("a", "b"),),
)
FACTS = (
    Fact(
        "probe.proxy",
        Subject(SubjectKind.PROXY, "p:8080"),
        FactStatus.OK,
        {"result": "answered", "ms": 4},
        by="probe/proxy",
    ),
    Fact(
        "os.release",
        None,
        FactStatus.OK,
        {"name": "Ubuntu", "nested": {"b": 1, "a": [1, 2]}},
        at="2024-10-01T09:12:44Z",
    ),
    Fact(
        "probe.dns", Subject.endpoint("gbl.his.arc.azure.com"), FactStatus.TIMEOUT, path=FactPath.WHAT_IF, reason="5 s"
    ),
)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def bundle(target: Path, fill: Callable[[CaseWriter], None] = lambda writer: None) -> dict[str, bytes]:
    with CaseWriter(target, MANIFEST) as writer:
        fill(writer)
    assert list(target.parent.glob("*.partial")) == []
    return members(target)


def test_a_bundle_opens_as_the_same_case(tmp_path: Path) -> None:
    (tmp_path / "himds.log").write_bytes(LOG)

    def fill(writer: CaseWriter) -> None:
        writer.add_file("logs/himds.log", "himds-log", tmp_path / "himds.log", 10_000)
        writer.add_text("raw/systemctl-show.txt", "raw", "Id=himdsd.service\nBeschreibung=ä\n")
        writer.add_facts(FACTS)
        writer.leave_out("probe.tls", "no time left")

    bundle(tmp_path / "case.zip", fill)
    with open_case(str(tmp_path / "case.zip")) as case:
        assert {file.path: file.open().read() for file in case.files} == {
            "logs/himds.log": LOG,
            "raw/systemctl-show.txt": "Id=himdsd.service\nBeschreibung=ä\n".encode(),
        }
        assert case.facts == tuple(sorted(FACTS, key=lambda fact: fact.sort_key))
        assert case.left_out == ()
        manifest = case.manifest
    assert manifest is not None
    assert (manifest.host, manifest.collected_at, manifest.utc_offset_minutes) == ("web01", "2024-10-01T09:12:44Z", 120)
    assert manifest.left_out == (NotEvaluated("a", "b"), NotEvaluated("probe.tls", "no time left"))
    assert [(file.path, file.kind) for file in manifest.files] == [
        ("facts.jsonl", "facts"),
        ("logs/himds.log", "himds-log"),
        ("raw/systemctl-show.txt", "raw"),
        ("redaction.json", "redaction"),
    ]


def test_the_manifest_names_size_and_hash_of_every_file(tmp_path: Path) -> None:
    found = bundle(tmp_path / "case.zip", lambda writer: writer.add_text("a.txt", "text", "abc\n"))
    manifest = json.loads(found.pop("manifest.json"))
    assert {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]} == {
        path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in found.items()
    }


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, facts in (("a.zip", FACTS), ("b.zip", FACTS[::-1])):
        with CaseWriter(tmp_path / name, MANIFEST) as writer:
            writer.add_text("b.txt", "text", "1\n")
            writer.add_text("a.txt", "text", "2\n")
            writer.add_facts(facts)
            assert writer.finish() == tmp_path / name
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = [info.filename for info in archive.infolist()]
        assert names == ["a.txt", "b.txt", "facts.jsonl", "manifest.json", "redaction.json"]
        assert {info.date_time for info in archive.infolist()} == {(2024, 10, 1, 9, 12, 44)}


def test_no_secret_gets_in_by_any_way(tmp_path: Path) -> None:
    line = f"azcmagent connect --service-principal-secret {SECRET}\n"
    (tmp_path / "plain.log").write_text(LOG.decode() + line)
    (tmp_path / "wide.log").write_bytes(line.encode("utf-16"))
    (tmp_path / "old.log.gz").write_bytes(packed(line.encode()))

    def fill(writer: CaseWriter) -> None:
        for name in ("plain.log", "wide.log", "old.log.gz"):
            writer.add_file(name, "log", tmp_path / name, 10_000)
        writer.add_text("text.txt", "text", line)
        writer.add_facts([Fact("x", None, FactStatus.OK, {"command": line, "client_secret": "Tr0ub4dor77"})])
        writer.leave_out("x", line)

    found = bundle(tmp_path / "case.zip", fill)
    assert set(found) == {
        "plain.log",
        "wide.log",
        "old.log",
        "text.txt",
        "facts.jsonl",
        "manifest.json",
        "redaction.json",
    }
    for data in found.values():
        for secret in (SECRET, "Tr0ub4dor77"):
            assert secret.encode() not in data and secret.encode("utf-16-le") not in data
    assert json.loads(found["facts.jsonl"])["value"]["client_secret"] == "«secret:client-secret:text:11»"
    assert found["wide.log"].decode("utf-16").endswith("«secret:client-secret:entra-shaped:40»\n")


def test_identifiers_on_request(tmp_path: Path) -> None:
    with CaseWriter(
        tmp_path / "case.zip", MANIFEST, lambda data: data.replace(b"web01", b"\xc2\xabhost:1\xc2\xbb")
    ) as writer:
        writer.add_text("a.txt", "text", "host web01 password=Tr0ub4dor77\n")
    found = members(tmp_path / "case.zip")
    assert found["a.txt"].decode() == "host «host:1» password=«secret:password:text:11»\n"
    assert json.loads(found["manifest.json"])["host"] == "«host:1»"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("pack", [False, True])
def test_only_the_newest_part_is_kept(tmp_path: Path, codec: str, pack: bool) -> None:
    lines = [f"2024-10-01 line {number:06}\n" for number in range(20_000)]
    raw = "".join(lines).encode(codec)
    source = tmp_path / ("big.log.gz" if pack else "big.log")
    source.write_bytes(packed(raw) if pack else raw)
    found = bundle(tmp_path / "case.zip", lambda writer: writer.add_file(source.name, "log", source, 100_000))
    text = found["big.log"].decode(codec)
    assert 90_000 < len(found["big.log"]) <= 100_002
    assert text == "".join(lines[-text.count("\n") :])
    left_out = json.loads(found["manifest.json"])["left_out"]
    assert f"only the newest {100_000:,}" in left_out[-1]["why"]


def test_no_half_of_a_secret_at_the_cut(tmp_path: Path) -> None:
    key = [f"{number:02}" + "QUJD" * 15 + "QU" for number in range(40)]
    block = "\n".join(["-----BEGIN PRIVATE KEY-----", *key, "-----END PRIVATE KEY-----", "last line"]) + "\n"
    (tmp_path / "a.log").write_text("x\n" * 1000 + block)
    for cap in range(20, len(block), 97):
        found = bundle(
            tmp_path / "case.zip", lambda writer, cap=cap: writer.add_file("a.log", "log", tmp_path / "a.log", cap)
        )
        assert not any(line.encode() in found["a.log"] for line in key)
        assert b"QUJDQUJD" not in found["a.log"]


@POSIX
def test_what_cannot_be_copied_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("guid\n")
    (tmp_path / "a.pfx").write_bytes(b"0\x82")
    (tmp_path / "tool").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "link.log").symlink_to("/etc/passwd")
    (tmp_path / "in").mkdir()
    (tmp_path / "real.log").write_bytes(LOG)
    (tmp_path / "newest.log").symlink_to("real.log")
    os.mkfifo(tmp_path / "pipe")
    names = ["a.key", "a.pfx", "tool", "link.log", "pipe", "in", "nowhere.log", "newest.log"]

    def fill(writer: CaseWriter) -> None:
        for name in names:
            writer.add_file(name, "log", tmp_path / name, 1000)

    found = bundle(tmp_path / "case.zip", fill)
    assert set(found) == {"newest.log", "facts.jsonl", "manifest.json", "redaction.json"}
    reasons = {item["what"]: item["why"] for item in json.loads(found["manifest.json"])["left_out"][1:]}
    assert set(reasons) == set(names) - {"newest.log"}
    assert (
        "key material" in reasons["a.key"] and "link" in reasons["link.log"] and "no longer" in reasons["nowhere.log"]
    )


def test_an_empty_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    found = bundle(tmp_path / "case.zip", lambda writer: writer.add_file("a.log", "log", tmp_path / "a.log", 1000))
    assert found["a.log"] == b""


def test_names_are_checked_and_numbered(tmp_path: Path) -> None:
    def fill(writer: CaseWriter) -> None:
        for _ in range(2):
            writer.add_text("a.txt", "text", "x\n")
        writer.add_text("manifest.json", "text", "somebody else's\n")
        with pytest.raises(ValueError, match="leads out"):
            writer.add_text("../a.txt", "text", "x\n")

    found = bundle(tmp_path / "case.zip", fill)
    assert set(found) == {"a.txt", "a.txt#2", "manifest.json#2", "facts.jsonl", "manifest.json", "redaction.json"}


@POSIX
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        bundle(tmp_path / "case.zip")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "case.zip").stat().st_mode) == 0o600


@POSIX
def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep\n")
    (tmp_path / "case.zip").symlink_to("precious")
    bundle(tmp_path / "case.zip")
    assert (tmp_path / "precious").read_text() == "keep\n" and not (tmp_path / "case.zip").is_symlink()


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt()])
def test_nothing_is_left_of_a_bundle_that_failed(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "case.zip").write_text("an older one")
    with pytest.raises(type(error)), CaseWriter(tmp_path / "case.zip", MANIFEST) as writer:
        writer.add_text("a.txt", "text", "x\n" * 100_000)
        raise error
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"]
    assert (tmp_path / "case.zip").read_text() == "an older one"


def test_a_scrubber_that_fails_stops_the_output(tmp_path: Path) -> None:
    def broken(data: bytes) -> bytes:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"), CaseWriter(tmp_path / "case.zip", MANIFEST, broken) as writer:
        writer.add_text("a.txt", "text", "x\n")
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.zip").mkdir()
    for target, reason in (
        (tmp_path / "nowhere" / "case.zip", "folder does not exist"),
        # Windows does not tell one from the other.
        (tmp_path / "file" / "case.zip", "no folder|folder does not exist"),
        (tmp_path / "folder.zip", "folder of that name"),
    ):
        with pytest.raises(OutputError, match=reason) as caught:
            CaseWriter(target, MANIFEST)
        assert caught.value.exit_code == 2 and str(target) in str(caught.value)
    assert not list(tmp_path.rglob("*.partial"))


_FILL = """
import os, resource, sys
from pathlib import Path
from arcdiag.case.write import CaseWriter
from arcdiag.errors import FullDiskError
from arcdiag.model.case import Manifest
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
manifest = Manifest("1.0", "0", "0", "h", "linux", "2024-10-01T09:12:44Z", 0, None, False)
try:
    with CaseWriter(Path(sys.argv[1]), manifest) as writer:
        for number in range(50):
            writer.add_text(f"{number}.txt", "text", os.urandom(20_000).hex())
except FullDiskError as error:
    print(error.exit_code, error)
"""


@POSIX
def test_a_full_disk(tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(target)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith(f"{FullDiskError.exit_code} cannot write {target}: the disk is full")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "at", ["", "no time", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-10-01T11:12:44+02:00"]
)
def test_any_time_of_a_manifest_will_do(tmp_path: Path, at: str) -> None:
    manifest = Manifest("1.0", "0", "0", "h", "linux", at, 0, None, False)
    CaseWriter(tmp_path / "case.zip", manifest).finish()
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        years = {info.date_time[0] for info in archive.infolist()}
    assert years <= {1980, 2107, 2024}
