"""Runs of the redactor as a case goes through it: first everything is learnt, then everything is replaced."""

from __future__ import annotations

from arcdiag.knowledge.load import load_rules
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary

RULES = load_rules()
GLOBS, COMMON = catalogue(RULES), vocabulary(RULES)


def fresh(key: bytes | None = b"key") -> Identifiers:
    return Identifiers(GLOBS, COMMON, key)


def learn(ids: Identifiers, data: bytes) -> None:
    stream = TextStream(ids.learn_bytes)
    stream.feed(data)
    stream.finish()


def replaced(ids: Identifiers, data: bytes) -> bytes:
    stream = TextStream(ids.replace_bytes)
    return stream.feed(data) + stream.finish()


def redacted(ids: Identifiers, *files: bytes) -> list[bytes]:
    for data in files:
        learn(ids, data)
    return [replaced(ids, data) for data in files]
