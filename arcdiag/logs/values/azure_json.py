"""JSON about Azure virtual machines, whoever printed it: Azure CLI, PowerShell, the REST interface, a console.

Keys are read without regard to case, with or without the `properties` of the REST interface. Everything in it may be
of the wrong type: a reader asks for a type and gets None.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

MAX_MACHINES = 200
_TRIES = 40
_TEXT_CHARS = 2000
_CUT_BY_POWERSHELL = ("Microsoft.Azure.", "System.Collections.", "@{")

Doc = Mapping[str, Any]


def json_values(text: str) -> Iterator[Any]:
    """The JSON objects and lists that begin at the beginning of a line, in order; what stands between is skipped.

    A line end inside a value (a console that wraps) is taken away: JSON itself never has one there. Damaged values
    and those that are nested too deeply are skipped; of a list that is cut off, its whole members are given.
    """
    decoder = json.JSONDecoder(strict=False)
    lines = text.split("\n")
    at = tries = 0
    while at < len(lines) and tries < _TRIES:
        if not lines[at].lstrip().startswith(("{", "[")):
            at += 1
            continue
        tries += 1
        joined = "".join(line.rstrip("\r") for line in lines[at:])
        start = len(joined) - len(joined.lstrip())
        value, end = _decoded(decoder, joined, start)
        if end is None and joined[start] == "[":
            yield from _members(decoder, joined, start + 1)
            return
        if end is None:
            at += 1
            continue
        yield value
        at = _line_after(lines, at, end)


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int | None]:
    try:
        return decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, None


def _members(decoder: json.JSONDecoder, text: str, at: int) -> Iterator[Any]:
    """The objects of a list up to where it is damaged."""
    for _ in range(MAX_MACHINES):
        at = text.find("{", at)
        value, end = _decoded(decoder, text, at) if at >= 0 else (None, None)
        if end is None:
            return
        yield value
        at = end


def _line_after(lines: list[str], at: int, end: int) -> int:
    """The first line behind a value that ends at character `end` of the lines joined from `at`."""
    while at < len(lines) and end > 0:
        end -= len(lines[at].rstrip("\r"))
        at += 1
    return at


def documents(text: str) -> list[Doc]:
    """All objects of a text: lists (also the `value` of a list of the REST interface) are taken apart."""
    found: list[Doc] = []
    for value in json_values(text):
        found += _objects(value)
        if len(found) >= MAX_MACHINES:
            break
    return found[:MAX_MACHINES]


def _objects(value: Any) -> list[Doc]:
    if isinstance(value, dict):
        inner = value.get("value")
        return _objects(inner) if isinstance(inner, list) else [value]
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def body(doc: Doc) -> Doc:
    """The object with the members of its `properties`, in lower case; the first of two equal names stays."""
    found = _lower(doc)
    inner = found.get("properties")
    return {**_lower(inner), **found} if isinstance(inner, dict) else found


def _lower(doc: Doc) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in doc.items():
        found.setdefault(key.lower(), value)
    return found


def part(doc: Doc, *path: str) -> Doc | None:
    """An inner object by its path; None if it is not there or is something else."""
    current: Doc = doc
    for key in path:
        inner = _lower(current).get(key.lower())
        if not isinstance(inner, dict):
            return None
        current = inner
    return current


def parts(doc: Doc, key: str, limit: int = MAX_MACHINES) -> list[Doc]:
    """The objects of an inner list, at most `limit`; a single object counts as a list of one."""
    inner = _lower(doc).get(key.lower())
    if isinstance(inner, dict):
        return [inner]
    return [member for member in inner[:limit] if isinstance(member, dict)] if isinstance(inner, list) else []


def text_of(doc: Doc, *keys: str) -> str | None:
    """The first of these members that is a text with something in it, capped."""
    lower = _lower(doc)
    for key in keys:
        value = lower.get(key.lower())
        if isinstance(value, str) and value.strip():
            return value.strip()[:_TEXT_CHARS]
    return None


def flag_of(doc: Doc, key: str) -> bool | None:
    """A truth value; templates write it as text."""
    value = _lower(doc).get(key.lower())
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return value if isinstance(value, bool) else None


def count_of(doc: Doc, key: str) -> int | None:
    """A number that counts something: whole, not negative."""
    value = _lower(doc).get(key.lower())
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 10**9 else None


def cut_off(doc: Doc, *keys: str) -> str | None:
    """The first of these members in whose place ConvertTo-Json wrote a type's name, as its depth was too small."""
    lower = _lower(doc)
    for key in keys:
        value = lower.get(key.lower())
        if isinstance(value, str) and value.startswith(_CUT_BY_POWERSHELL):
            return key
    return None
