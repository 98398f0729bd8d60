"""Facts as lines of JSON: one object a line, keys sorted, so that equal facts are equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, TypeVar

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_FACT_LINE, MAX_FACT_VALUES, MAX_FACTS, MAX_FACTS_BYTES
from arcdiag.case.plain_json import NotPlainError, count_values, parse_json
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import Subject, SubjectKind

_E = TypeVar("_E", FactStatus, FactPath, SubjectKind)


class BadFactError(ValueError):
    """A line that is no fact; the text says what is wrong with it."""


def fact_to_line(fact: Fact) -> str:
    """The JSON of a fact, without a line end. `reason` is left out if there is none."""
    subject = fact.subject
    data: dict[str, Any] = {
        "fact": fact.fact,
        "subject": {"kind": subject.kind.value, "id": subject.id} if subject else None,
        "status": fact.status.value,
        "value": _as_dict(fact.value) if fact.value else None,
        "path": fact.path.value,
        "at": fact.at,
        "by": fact.by,
        "user": fact.user,
        "raw": fact.raw,
    }
    if fact.reason is not None:
        data["reason"] = fact.reason
    return json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False)


def facts_to_text(facts: Iterable[Fact]) -> str:
    """`facts.jsonl`: by fact, subject and time, each with its line end."""
    lines = sorted((fact.sort_key, fact_to_line(fact)) for fact in facts)
    return "".join(f"{line}\n" for _, line in lines)


def fact_from_line(line: str) -> Fact:
    """The fact of one line; keys that are not known are ignored. Raises BadFactError."""
    try:
        data = parse_json(line)
    except NotPlainError as error:
        raise BadFactError(str(error)) from error
    if not isinstance(data, dict):
        raise BadFactError("it is no JSON object")
    value = data.get("value")
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise BadFactError("its value is no object")
    return Fact(
        fact=_name(data),
        subject=_subject(data.get("subject")),
        status=_member(FactStatus, data, "status"),
        value=value,
        path=_member(FactPath, data, "path", FactPath.AGENT),
        at=_text(data, "at"),
        by=_text(data, "by") or "",
        user=_text(data, "user"),
        reason=_text(data, "reason"),
        raw=_text(data, "raw"),
    )


def read_facts(stream: BinaryIO, path: str, left_out: LeftOut) -> Iterator[Fact]:
    """The facts of `facts.jsonl`; a line that is none goes to `left_out` with its number."""
    count = number = size = values = 0
    while True:
        try:
            raw = stream.readline(MAX_FACT_LINE + 1)
        except EOFError as error:
            left_out.add(path, str(error))
            return
        if not raw:
            return
        number += 1
        size += len(raw)
        if size > MAX_FACTS_BYTES:
            left_out.add(path, f"only its first {MAX_FACTS_BYTES // 1024**2} MiB are read")
            return
        try:
            fact = fact_from_line(_whole_line(raw, stream)) if raw.strip() else None
        except BadFactError as error:
            left_out.add(f"{path} line {number}", str(error))
            continue
        if fact is None:
            continue
        if count >= MAX_FACTS:
            left_out.add(path, f"only its first {MAX_FACTS:,} facts are read")
            return
        count += 1
        values += count_values(fact.value)
        if values > MAX_FACT_VALUES:
            left_out.add(path, f"only the facts before line {number} are read: more than {MAX_FACT_VALUES:,} values")
            return
        yield fact


def _whole_line(raw: bytes, stream: BinaryIO) -> str:
    """The text of a line; one that is too long is skipped to its end. Raises BadFactError."""
    if len(raw) > MAX_FACT_LINE and not raw.endswith(b"\n"):
        while rest := stream.readline(MAX_FACT_LINE):
            if rest.endswith(b"\n"):
                break
        raise BadFactError("it is too long")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFactError("it is not UTF-8") from error


def _as_dict(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _as_dict(item) if isinstance(item, Mapping) else item for key, item in value.items()}


def _name(data: dict[str, Any]) -> str:
    name = data.get("fact")
    if not isinstance(name, str) or not name:
        raise BadFactError("it does not say which fact it is")
    return name


def _subject(data: Any) -> Subject | None:
    if data is None:
        return None
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise BadFactError("its subject is no object with kind and id")
    return Subject(_member(SubjectKind, data, "kind"), data["id"])


def _text(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise BadFactError(f"its {key} is no text")
    return value


def _member(kind: type[_E], data: dict[str, Any], key: str, default: _E | None = None) -> _E:
    value = data.get(key, default)
    if isinstance(value, str):
        for member in kind:
            if member.value == value:
                return member
    raise BadFactError(f"its {key} is none of {', '.join(member.value for member in kind)}")
