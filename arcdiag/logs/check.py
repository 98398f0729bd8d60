"""The table of `azcmagent check` (read by its header's names, never by positions) and its JSON form, to facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arcdiag.knowledge.subjects import host_of_url
from arcdiag.logs.show import json_objects, unwrapped
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject

_URL = re.compile(r"(?:https?|wss)://\S{1,300}|[a-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}", re.I)


def parse_check_text(text: str, source: str) -> list[Fact]:
    """One `check.endpoint` fact per row; [] without a header line that names ENDPOINT and REACHABLE."""
    facts: list[Fact] = []
    if "|" not in text:
        return facts
    header: list[str] | None = None
    for line in unwrapped(text, _row_goes_on):
        if "|" not in line:
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        names = [cell.lower() for cell in cells]
        if "endpoint" in names and "reachable" in names:
            header = names
        elif header and len(cells) >= 2:
            fact = _row(dict(zip(header, cells, strict=False)), source)
            if fact:
                facts.append(fact)
    return facts


def _row_goes_on(row: str, line: str) -> bool:
    return "|" in row and not _URL.match(line)


def parse_check_json(text: str, source: str) -> list[Fact]:
    """The rows of `check -j`, a list of objects or an object keyed by endpoint; [] if there are none."""
    rows: list[Mapping[str, Any]] = []
    for data in json_objects(text, limit=200):
        if "endpoint" in {key.lower() for key in data}:
            rows.append(data)
        for key, value in data.items():
            if isinstance(value, list):
                rows += [item for item in value if isinstance(item, dict)]
            elif isinstance(value, dict) and _URL.match(key):
                rows.append({"endpoint": key, **value})
    found = [_row({key.lower(): str(value) for key, value in row.items()}, source) for row in rows]
    return [fact for fact in found if fact]


def _row(cells: Mapping[str, str], source: str) -> Fact | None:
    url = _URL.search(cells.get("endpoint", ""))
    reachable = cells.get("reachable", "").lower()
    if not url or reachable not in ("true", "false", "unknown"):
        return None
    host = host_of_url(url[0]) or url[0]
    value = {
        "reachable": reachable,
        "private": cells.get("private", "unknown").lower(),
        "tls": cells.get("tls", "unknown").lower(),
        "proxy": (cells.get("proxy") or cells.get("proxy status") or cells.get("proxystatus") or "unknown").lower(),
    }
    return Fact("check.endpoint", Subject.endpoint(host), FactStatus.OK, value, by="check", raw=source)
