"""The pattern language of the rules: bounded, case-blind, with named and typed captures.

Letters, brackets and dots stand for themselves; a blank is 1 to 8 white-space characters; `"` is any quote, escaped,
as an entity, or none; ` ... ` is up to 1,000 characters of the same record; `{name:type}` captures; `{a|b}` are
alternatives, an empty one makes it optional; `{{` is a brace. Every repeat is bounded, so no text can make it hang.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from arcdiag.knowledge.anchors import MIN_ANCHOR, anchors_of, anchors_of_regex
from arcdiag.knowledge.matching import Pattern
from arcdiag.knowledge.nodes import Alternatives, Capture, Gap, Literal, Node
from arcdiag.knowledge.regex_cost import blows_up

MAX_GAPS = 2
TOKEN = r"«[a-z-]{1,24}:[^»\s]{1,80}»"
"""A name that was replaced, as a regular expression."""
_TYPES = {
    "host": r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}",
    "addr": r"(?:\[[0-9A-Za-z:.%]{2,60}\]|[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|@TOKEN@):[0-9]{1,5}",
    "ip": r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(?:%[0-9A-Za-z]{1,16})?)",
    "port": r"[0-9]{1,5}",
    "number": r"-?[0-9]{1,18}",
    "url": r"https?://[^\s\"'<>]{1,1000}",
    "guid": r"[0-9A-Fa-fXx]{8}(?:-[0-9A-Fa-fXx]{4}){3}-[0-9A-Fa-fXx]{12}",
    "code": r"[A-Za-z][A-Za-z0-9_.]{1,63}",
    "word": r"[^\s\"'<>{}|,;]{1,128}",
    "path": r"(?:[A-Za-z]:[\\/]|\\\\|/|%[A-Za-z]{1,40}%)(?:[^\s\"'<>|*?]| (?=[^\s\"'<>|*?]{0,60}\\)){1,400}",
    "region": r"[A-Za-z][A-Za-z0-9]{2,39}",
    "provider": r"[A-Za-z][A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,60}){1,4}",
    "thumbprint": r"[0-9A-Fa-f]{40}(?:[0-9A-Fa-f]{24})?",
    "time": (
        r"[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
        r"(?: ?[AP]M)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    ),
    "text": r"[^\n]{1,400}?",
}
TYPES = frozenset(_TYPES)
STRICT_TYPES = frozenset({"host", "guid", "provider", "region", "number", "port"})
"""Only captures of these types enter a suggested command."""


def is_strict(value: str, types: Iterable[str]) -> bool:
    """Whether a captured value has, as a whole, the form of one of those `types` that are strict."""
    return any(re.fullmatch(_TYPES[type_], value) for type_ in STRICT_TYPES.intersection(types))


_BLANK = r"\s{1,8}"
_QUOTE = r"(?:\\{0,3}[\"'“”‘’`]|&(?:quot|apos|#34|#39);|\\{1,3}u002[27])?"
_APOSTROPHE = r"(?:['’‘`]|&(?:apos|#39);|\\{1,3}u0027)"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")


class PatternError(ValueError):
    """A pattern that is not of the language; the text says what is expected."""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def sequence(self, nested: bool) -> tuple[Node, ...]:
        nodes: list[Node] = []
        text: list[str] = []

        def flush() -> None:
            if text:
                nodes.append(Literal("".join(text)))
                text.clear()

        while self.at < len(self.source):
            char = self.source[self.at]
            if nested and char in "|}":
                break
            if self.source.startswith(" ... ", self.at):
                flush()
                nodes.append(Gap())
                self.at += 5
            elif self.source.startswith("{{", self.at):
                text.append("{")
                self.at += 2
            elif char == "{":
                flush()
                nodes.append(self._braces())
            else:
                text.append(char)
                self.at += 1
        flush()
        return tuple(nodes)

    def _braces(self) -> Node:
        start = self.at
        capture = re.compile(r"\{([a-z][a-z0-9_]*):([a-z]+)\}").match(self.source, start)
        if capture:
            self.at = capture.end()
            if capture[2] not in TYPES:
                raise PatternError(f"unknown capture type {capture[2]!r}; one of {', '.join(sorted(TYPES))}")
            return Capture(capture[1], capture[2])
        self.at += 1
        options = [self.sequence(nested=True)]
        while self.source.startswith("|", self.at):
            self.at += 1
            options.append(self.sequence(nested=True))
        if not self.source.startswith("}", self.at):
            raise PatternError(f"the brace at character {start + 1} is not closed")
        self.at += 1
        if len(options) == 1:
            raise PatternError(f"braces at character {start + 1} hold neither {{name:type}} nor {{a|b}}")
        return Alternatives(tuple(options))


def _literal_regex(text: str) -> str:
    parts = []
    for piece in re.findall(r"\s+|.", text, re.DOTALL):
        if piece.isspace():
            parts.append(_BLANK)
        elif piece == '"':
            parts.append(_QUOTE)
        elif piece == "'":
            parts.append(_APOSTROPHE)
        else:
            parts.append(re.escape(piece))
    return "".join(parts)


def _regex(nodes: tuple[Node, ...], gap: int, seen: dict[str, str], last: bool) -> str:
    parts = []
    for index, node in enumerate(nodes):
        at_end = last and index == len(nodes) - 1
        match node:
            case Literal(text):
                parts.append(_literal_regex(text))
            case Gap():
                parts.append(rf"[\s\S]{{0,{gap}}}?")
            case Capture(name, type_):
                parts.append(_capture_regex(name, type_, seen, at_end))
            case Alternatives(options):
                body = "|".join(_regex(o, gap, seen, at_end) for o in options)
                parts.append(f"(?:{body})")
    return "".join(parts)


def _capture_regex(name: str, type_: str, seen: dict[str, str], at_end: bool) -> str:
    if seen.setdefault(name, type_) != type_:
        raise PatternError(f"capture {name!r} has two types, {seen[name]} and {type_}")
    body = _TYPES[type_].replace("@TOKEN@", TOKEN)
    if type_ == "text" and at_end:
        body = body.removesuffix("?")
    count = sum(1 for key in seen if key == name or key.startswith(f"{name}@"))
    group = f"{name}__{count}"
    seen[f"{name}@{count}"] = type_
    return f"(?P<{group}>{TOKEN}|{body})"


def _count_gaps(nodes: tuple[Node, ...]) -> int:
    inner = (max(map(_count_gaps, n.options)) for n in nodes if isinstance(n, Alternatives))
    return sum(isinstance(n, Gap) for n in nodes) + sum(inner)


def compile_pattern(source: str) -> Pattern:
    """Compile one pattern. Raises PatternError."""
    if source != source.strip() or not source:
        raise PatternError("a pattern neither is empty nor begins or ends with a blank")
    nodes = _Parser(source).sequence(nested=False)
    gaps = _count_gaps(nodes)
    if gaps > MAX_GAPS:
        raise PatternError(f"at most {MAX_GAPS} gaps ( ... ) in one pattern")
    anchors = anchors_of(nodes)
    if not anchors:
        raise PatternError(f"no literal run of {MIN_ANCHOR} or more letters, digits or _-/. that always occurs")
    seen: dict[str, str] = {}
    body = _regex(nodes, 1000 if gaps <= 1 else 300, seen, last=True)
    if isinstance(nodes[0], Literal) and nodes[0].text[0].isalnum():
        body = r"(?<![^\W_])" + body
    if isinstance(nodes[-1], Literal) and nodes[-1].text[-1].isalnum():
        body += r"(?![^\W_])"
    captures = tuple((name, type_) for name, type_ in seen.items() if "@" not in name)
    return Pattern(source, body, anchors, captures)


def compile_regex(source: str, anchor: str) -> Pattern:
    """A rule's `regex:` with the anchor that its author names. Raises PatternError for what could blow up."""
    if len(anchor) < MIN_ANCHOR or anchor != anchor.lower().strip():
        raise PatternError(f"a regex needs an anchor: lower case, {MIN_ANCHOR} characters or more")
    if re.search(r"(?<!\\)[*+](?![?+])|(?<!\\)[*+]\?|\{\d*,\}", re.sub(r"\[[^\]]*\]", "x", source)):
        raise PatternError("every repeat is bounded: write {0,n} in place of *, + and {n,}")
    try:
        compiled = re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise PatternError(f"not a regular expression: {error}") from error
    if blows_up(source):
        raise PatternError("a repeat inside a repeat begins or ends with a sign that its inner repeats cannot hold")
    names = tuple((name, "text") for name in compiled.groupindex)
    return Pattern(source, source, anchors_of_regex(source, anchor), names)
