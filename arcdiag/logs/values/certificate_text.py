"""The machine's own certificate as a console shows it: `openssl x509` on it, or a listing of its empty folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, file

_FOLDER = r"/var/opt/azcmagent/certs"
_WINDOWS = r"C:\ProgramData\AzureConnectedMachineAgent\Certs"
_OPENSSL = re.compile(
    rf"^.{{0,200}}\bopenssl x509\b.{{0,200}}?\s-in\s+\"?(?P<path>{_FOLDER}/[\w-]{{1,80}})\"?(?:\s.{{0,200}})?$"
)
_DATE = re.compile(
    r"\s{0,20}(?P<key>not ?(?:before|after)) ?[=:] ?(?P<at>[A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} \d{4}) GMT", re.I
)
_LIST = re.compile(rf"^.{{0,200}}\bls(?: -\w{{1,12}}){{1,4}} \"?{_FOLDER}/?\"?\s*$")
_NO_FILE = re.compile(r"total \d{1,6}$|d\S{9,10} .{1,200} \.\.?$")
_NO_FILES = re.compile(
    r"Directory of [^\n]{0,100}\\AzureConnectedMachineAgent\\Certs\s{0,8}\n(?:[^\n]{0,200}\n){1,4}?\s{1,20}0 File\(s\)",
    re.I,
)
_LINES = 40
"""So many lines after the command may hold its dates."""


def certificate_facts(text: str, source: str) -> list[Fact]:
    """`identity.certificate`: ABSENT for a folder that is listed and empty, else the dates that are shown; [] without.

    Files with another ending are copies that somebody kept, and no evidence.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    no_files = "file(s)" in text.lower() and _NO_FILES.search(text)
    if no_files or any(_empty(lines, n) for n, line in enumerate(lines) if _LIST.match(line)):
        folder = _WINDOWS if no_files else _FOLDER
        reason = f"no certificate is in {folder}"
        return [Fact("identity.certificate", MACHINE, FactStatus.ABSENT, by="listing", reason=reason, raw=source)]
    return list(_dates(lines, source))


def _empty(lines: list[str], at: int) -> bool:
    """Whether the listing behind line `at` names the folder itself and nothing in it."""
    seen = 0
    for line in lines[at + 1 :]:
        if not _NO_FILE.match(line):
            break
        seen += 1
    following = lines[at + 1 + seen] if at + 1 + seen < len(lines) else ""
    return bool(seen) and not re.match(r"[-dlbcps][rwxsStT-]{9}", following)


def _dates(lines: list[str], source: str) -> Iterator[Fact]:
    for at, line in enumerate(lines):
        asked = _OPENSSL.match(line)
        if not asked:
            continue
        found: dict[str, str] = {}
        for shown in lines[at + 1 : at + 1 + _LINES]:
            if _OPENSSL.match(shown):
                break
            date = _DATE.match(shown)
            if date:
                key = "not_before" if date["key"].lower().endswith("before") else "not_after"
                found.setdefault(key, _iso(date["at"]))
        if found.get("not_after"):
            value = {"form": "x509", "written": None, "not_before": found.get("not_before"), **found}
            yield Fact("identity.certificate", file(asked["path"]), FactStatus.OK, value, by="openssl", raw=source)


def _iso(text: str) -> str:
    """ISO 8601 of openssl's form in UTC; "" if it is no date."""
    try:
        return datetime.strptime(" ".join(text.split()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""
