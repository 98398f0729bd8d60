"""Microsoft's package repository in the files of apt, dnf, yum and zypper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HOST = "packages.microsoft.com"
_LINE = re.compile(r"^\s*(#?)\s*deb(?:-src)?\s+(?:\[([^\]]{0,300})\]\s+)?(https?://\S{1,300})\s+(\S{1,100})", re.M)
_SECTION = re.compile(r"^\[([^\]\n]{1,200})\]\s*$", re.M)


@dataclass(frozen=True, slots=True)
class Entry:
    """One source. `signed_by` is the key file or None; `enabled` as the manager sees it."""

    file: str
    url: str
    suite: str | None
    signed_by: str | None
    enabled: bool


def decode_repositories(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The value of `package.repository` from repository files by path; None if none of them names Microsoft's.

    `signed_by_conflict`: one URL twice with different keys, which apt refuses.
    """
    entries = [e for path in sorted(texts) for e in _entries(path, texts[path]) if HOST in e.url.lower()]
    if not entries:
        return None
    enabled = [e for e in entries if e.enabled]
    keys: dict[tuple[str, str | None], set[str | None]] = {}
    for entry in enabled:
        keys.setdefault((entry.url.rstrip("/").lower(), entry.suite), set()).add(entry.signed_by)
    return {
        "enabled": bool(enabled),
        "files": sorted({e.file for e in entries}),
        "urls": sorted({e.url for e in enabled}),
        "suites": sorted({e.suite for e in enabled if e.suite}),
        "signed_by": sorted({e.signed_by for e in enabled if e.signed_by}),
        "signed_by_conflict": any(len(found) > 1 for found in keys.values()),
    }


def _entries(path: str, text: str) -> Iterator[Entry]:
    if path.endswith(".repo"):
        yield from _rpm(path, text)
    elif path.endswith(".sources"):
        yield from _deb822(path, text)
    else:
        for match in _LINE.finditer(text):
            options = dict(part.partition("=")[::2] for part in (match[2] or "").split())
            yield Entry(path, match[3], match[4], options.get("signed-by"), not match[1])


def _deb822(path: str, text: str) -> Iterator[Entry]:
    for stanza in re.split(r"\n\s*\n", text):
        rows = _rows(stanza, ":")
        for url in rows.get("uris", "").split():
            for suite in rows.get("suites", "").split() or [""]:
                yield Entry(path, url, suite or None, rows.get("signed-by"), rows.get("enabled", "yes").lower() != "no")


def _rpm(path: str, text: str) -> Iterator[Entry]:
    parts = _SECTION.split(text)[1:]
    for body in parts[1::2]:
        rows = _rows(body, "=")
        if rows.get("baseurl"):
            yield Entry(path, rows["baseurl"], None, rows.get("gpgkey"), rows.get("enabled", "1") not in ("0", "false"))


def _rows(text: str, sign: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, there, value = line.partition(sign)
        if there and not line.lstrip().startswith("#"):
            found[name.strip().lower()] = value.strip()
    return found
