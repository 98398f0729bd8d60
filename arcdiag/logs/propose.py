"""A first pattern for a log line that no rule matches: what differs from machine to machine becomes a capture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from arcdiag.logs.decode import Line
from arcdiag.logs.records import records
from arcdiag.logs.shape import Shape, shaped

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{1,9}}(?<!\.log)(?<!\.exe)(?<!\.json)"
_VARYING = re.compile(
    r"(?P<url>https?://[^\s\"'<>\\]{1,1000})"
    r"|(?P<guid>\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b)"
    rf"|(?P<addr>(?:\[[0-9A-Fa-f:.%]{{2,60}}\]|\b{_HOST}|\b[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}):[0-9]{{1,5}}\b)"
    r"|(?P<ip>\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b)"
    r"|(?P<path>(?:\b[A-Za-z]:\\|(?<![\w.])/)[^\s\"'<>|*?,;]{2,300}[^\s\"'<>|*?,;:.])"
    rf"|(?P<host>\b(?=[^\s]*[A-Za-z]\.[A-Za-z]){_HOST}\b)"
    r"|(?P<number>(?<![\w.-])[0-9]{2,18}(?![\w.-]))"
)
_LEVEL = re.compile(r"^\s*(?:FATAL|ERROR|WARN(?:ING)?|INFO|DEBUG)[\s:]{1,8}(?=\S)", re.IGNORECASE)
_ESCAPED = str.maketrans({"{": "{{"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """`pattern` in the language of the rules; `captures`: what it yields for the line that it was made of.

    `subject`: `endpoint` where the line names a host of a URL or by itself, else `machine`.
    """

    pattern: str
    captures: Mapping[str, str]
    subject: str


def propose(line: str) -> Proposal:
    """The pattern for the message in a log line, without its time and level. It may still say more than it must."""
    found = list(records(shaped([Line(1, line)], Shape.of(line))))
    text = " ".join((found[0].text if found else line).split())
    text = _LEVEL.sub("", text)
    pieces, captures, end = [], dict[str, str](), 0
    for match in _VARYING.finditer(text):
        kind = str(match.lastgroup)
        same = sum(name.rstrip("0123456789") == kind for name in captures)
        name = kind if not same else f"{kind}{same + 1}"
        captures[name] = match[0]
        pieces += [text[end : match.start()].translate(_ESCAPED), f"{{{name}:{kind}}}"]
        end = match.end()
    pieces.append(text[end:].translate(_ESCAPED))
    subject = "endpoint" if {"url", "host"} & captures.keys() else "machine"
    return Proposal("".join(pieces).strip(), captures, subject)
