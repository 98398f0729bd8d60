"""What people wrote into the tags of a machine: no word of a log, but names of persons, places and departments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arcdiag.redact.identifiers.context import Context, Reach, Told
from arcdiag.redact.identifiers.tokens import IdKind

_SHOWN = re.compile(rb"[ \t]{0,60}:?[ \t]*\r?\n(?P<rows>(?:[ \t]+[^\s:][^:\n]{0,60}: [^\n]{1,200}\n){1,60})")
_ROW = re.compile(rb"\n?[ \t]+(?P<key>[^\s:][^:\n]{0,60}?)[ \t]{0,60}: (?P<v>[^\r\n]{1,200}?)[ \t]*\r?(?=\n)")
_OBJECT = re.compile(rb"\s{0,4}[:=]\s{0,4}\{(?P<rows>[^{}]{1,4000})\}")
_PAIR = re.compile(rb"\"?(?P<key>[A-Za-z0-9_ .:/-]{1,120})\"?\s{0,4}[:=]\s{0,4}\"(?P<v>[^\"\n]{1,250})\"")
_LIST = re.compile(rb"[= ]{1,2}(?P<rows>\"[^\"\n]{3,1000}\"|'[^'\n]{3,1000}'|[^\s\"']{3,1000})")
_ASSIGNED = re.compile(
    rb"[\"', ]?(?P<key>[A-Za-z0-9_ .:/-]{1,120}?)=[\"']?(?P<v>[^,\"'=\n]{1,250}?)[\"']?(?=,|\Z|[\"'])"
)
_COUNTRIES = (b"countryorregion", b"country", b"location", b"region")
_SAYING_NOTHING_TEXT = """
prod production test testing dev development stage staging uat qa pre-prod preprod non-prod true false yes no none high
low medium critical default n/a null unknown
"""
_SAYING_NOTHING = frozenset(word.encode() for word in _SAYING_NOTHING_TEXT.split())


def _values(pattern: re.Pattern[bytes], rows: bytes, begin: int) -> Iterator[Told]:
    for pair in pattern.finditer(rows):
        value = pair["v"].strip()
        if pair["key"].lower() not in _COUNTRIES and value.lower() not in _SAYING_NOTHING and not value.isdigit():
            yield Told(IdKind.NAME, value, begin + pair.start("v"), Reach.HERE)


def _tags(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The values of tags as `azcmagent show` prints them, in JSON, and in a template."""
    for block, pattern in ((_OBJECT, _PAIR), (_SHOWN, _ROW)):
        if match := block.match(text, end):
            return list(_values(pattern, match["rows"], match.start("rows")))
    return ()


def _parameter(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The values of tags in a command."""
    match = _LIST.match(text, end)
    return list(_values(_ASSIGNED, match["rows"], match.start("rows"))) if match else ()


TAG_LOOKS: tuple[Context, ...] = (
    Context(('"tags"', "\ntags", "  tags"), _tags),
    Context(("--tags", '"--tags",', "--tag "), _parameter),
)
