"""Recorded values as files of a case: known by their content, read as facts, never an exception."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.case.open import open_case
from arcdiag.knowledge.load import load_rules
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Scanner
from arcdiag.model.fact import Fact, FactStatus
from tests.logs.values.hives import dword, hive
from tests.logs.values.test_pol_file import HEAD, days, setting
from tests.logs.values.windows_xml import event, gpo, policy, rsop, service_right

SCANNER = Scanner(load_rules())
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\System"
EXPORT = f'Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n"CleanupProfiles"=dword:0000001e\r\n\r\n'
OLD_EXPORT = EXPORT.replace("Windows Registry Editor Version 5.00", "REGEDIT4")
RIGHTS = "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeServiceLogonRight = *S-1-5-20\r\n[Version]\r\n"
REPORT = rsop(gpo("Kiosk clean-up"), policy() + service_right("S-1-5-20"))
EVENTS = event(7000, "Azure Hybrid Instance Metadata Service", "%%1069")
HIVE = hive({"Classes": {}, "Microsoft": {}, r"Policies\Microsoft\Windows\System": {"CleanupProfiles": dword(30)}})


def utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def read(data: bytes, path: str = "file") -> tuple[FileReader, dict[str, Fact], list[str]]:
    reader = FileReader(path, io.BytesIO(data), SCANNER)
    found = [match.signal for hit in reader.hits() for match in hit.matches]
    return reader, {fact.fact: fact for fact in reader.facts}, found


@pytest.mark.parametrize(
    ("data", "kind", "days_from"),
    [
        (utf16(EXPORT), "registry-export", "unknown"),
        (EXPORT.encode(), "registry-export", "unknown"),
        (EXPORT.encode("utf-16-be"), "registry-export", "unknown"),
        (OLD_EXPORT.encode("cp1252"), "registry-export", "unknown"),
        (HIVE, "registry-hive", "unknown"),
        (HEAD + days(30), "policy-file", "unknown"),
        (utf16(REPORT), "gpresult", "gpo"),
        (REPORT.encode(), "gpresult", "gpo"),
    ],
)
def test_the_same_fact_from_every_form(data: bytes, kind: str, days_from: str) -> None:
    reader, facts, _ = read(data)
    assert (reader.kind, reader.problem) == (kind, None)
    fact = facts["policy.cleanup-profiles"]
    assert (fact.status, fact.value["days"], fact.value["source"]) == (FactStatus.OK, 30, days_from)
    assert fact.raw == "file"


def test_the_name_of_the_policy_is_told() -> None:
    _, facts, _ = read(utf16(REPORT))
    assert facts["policy.cleanup-profiles"].value["gpo"] == "Kiosk clean-up"
    assert facts["policy.cleanup-profiles"].at == "2022-05-16T08:17:49Z"
    assert facts["policy.logon-as-service"].value["himds"] is False
    assert facts["policy.logon-as-service"].value["gpo"] == "Kiosk clean-up"
    assert facts["policy.gpos"].value == {"applied": ["Kiosk clean-up"], "not_applied": []}


def test_a_policy_file_of_this_machine() -> None:
    _, facts, _ = read(HEAD + days(30), "System32/GroupPolicy/Machine/Registry.pol")
    assert facts["policy.cleanup-profiles"].value["source"] == "local"
    assert set(facts) == {"policy.cleanup-profiles"}


def test_rights() -> None:
    reader, facts, _ = read(utf16(RIGHTS))
    assert reader.kind == "security-settings"
    assert facts["policy.logon-as-service"].value["himds"] is False


@pytest.mark.parametrize("data", [EVENTS.encode(), utf16(EVENTS), f"<Events>{EVENTS}</Events>".encode()])
def test_events_are_searched_like_lines(data: bytes) -> None:
    reader, _, signals = read(data)
    assert reader.kind == "event-xml"
    assert "himds.logon-right" in signals
    assert reader.source.first is not None


def test_what_reg_query_printed_on_a_console() -> None:
    text = f"C:\\>reg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\System\n\n{KEY}\n    CleanupProfiles    REG_DWORD    0x1e\n"
    reader, facts, _ = read(text.encode())
    assert reader.kind == "console"
    assert facts["policy.cleanup-profiles"].value["days"] == 30


def test_the_agents_version_from_the_uninstall_record() -> None:
    text = (
        "Windows Registry Editor Version 5.00\n\n"
        r"[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{A}]"
        '\n"DisplayName"="Azure Connected Machine Agent"\n"DisplayVersion"="1.9.21208.014"\n'
    )
    assert read(text.encode())[1]["agent.version"].value["version"] == "1.9.21208.014"


@pytest.mark.parametrize(
    "text",
    [
        'time="2026-06-09T08:00:00Z" level=info msg="Windows Registry Editor Version 5.00"',
        "[Service]\nExecStart=/opt/azcmagent/bin/himds\n",
        '<?xml version="1.0"?>\n<Configuration><Event>x</Event></Configuration>',
        "# How to read <Rsop> files\n\n## Rsop\n\n### More\n",
    ],
)
def test_look_alikes_are_something_else(text: str) -> None:
    assert read(text.encode())[0].kind in ("console", "azcmagent-log", "himds-log", "document", "")


HOSTILE = {
    "cut export": utf16(EXPORT)[:-40],
    "half a character": utf16(EXPORT)[:-41],
    "cut hive": HIVE[:5000],
    "empty hive": b"regf",
    "cut policy file": (HEAD + days(30))[:-7],
    "policy file that claims 100 MB": HEAD + days(30) + setting("X", 4, b"", size=100 * 2**20),
    "cut report": utf16(REPORT)[:900],
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE Rsop [<!ENTITY a "aa">]><Rsop>&a;</Rsop>',
    "entity bomb behind the root": b'<Rsop><!DOCTYPE Rsop [<!ENTITY a "aa">]>&a;</Rsop>',
    "deep report": b"<Rsop>" + b"<a>" * 100_000,
    "one endless tag": b"<Rsop><ComputerResults><GPO " + b"a" * 9_000_000,
    "cut events": EVENTS.encode()[:-30],
    "events with an entity": EVENTS.replace("%%1069", "&x;").encode(),
    "invalid UTF-16": b"\xff\xfe" + EXPORT.encode("utf-16-le")[:200] + b"\x00\xd8\x00\xd8" * 50,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_say_what_could_not_be_read(name: str) -> None:
    reader, _, _ = read(HOSTILE[name])
    assert reader.kind and reader.problem


def test_a_line_without_end_hides_nothing_else() -> None:
    text = EXPORT.replace('"CleanupProfiles"', '"a"="' + "x" * 3_000_000 + '"\r\n"CleanupProfiles"')
    reader, facts, _ = read(text.encode())
    assert reader.problem is None
    assert facts["policy.cleanup-profiles"].value["days"] == 30


def test_rights_that_are_cut_are_read_up_to_there() -> None:
    reader, facts, _ = read(utf16(RIGHTS)[:-12])
    assert reader.kind == "security-settings"
    assert facts["policy.logon-as-service"].status is FactStatus.OK


def test_a_zip_with_all_of_them_is_a_case(tmp_path: Path) -> None:
    names = {
        "a.reg": utf16(EXPORT),
        "SOFTWARE": HIVE,
        "Registry.pol": HEAD + days(30),
        "g.xml": utf16(REPORT),
        "bad.pol": b"PReg",
    }
    with zipfile.ZipFile(tmp_path / "case.zip", "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    with open_case(str(tmp_path / "case.zip"), None) as case:
        assert {file.path for file in case.files} == set(names)


@given(
    st.sampled_from([utf16(EXPORT), HIVE, HEAD + days(30), utf16(RIGHTS), utf16(REPORT), EVENTS.encode()]),
    st.integers(),
    st.integers(1, 30),
)
@settings(max_examples=150, deadline=None)
def test_files_with_flipped_bytes_never_raise(data: bytes, seed: int, changes: int) -> None:
    dice = random.Random(seed)
    mutable = bytearray(data)
    for _ in range(changes):
        mutable[dice.randrange(4, len(mutable))] = dice.randrange(256)
    for fact in read(bytes(mutable))[0].facts:
        assert fact.fact
