"""Scrubs whole lines: jumps to the few that can hold a secret, and follows those that go on in the next line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from arcdiag.redact.assignments import open_flag
from arcdiag.redact.bare import ENTRA_CHARS, PEM_BEGIN
from arcdiag.redact.finders import FINDERS, GATES
from arcdiag.redact.judge import looks_secret
from arcdiag.redact.kinds import ENTRA_LENGTH, SECRET_TOKEN, SecretKind, is_redacted, token_of
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import MAX_VALUE, read_value

_PASSES = 4
_PORTION = 96 * 1024
"""So much is searched at a time: it stays in the processor's cache."""
_BEFORE_BYTES = 4096
_BLOCK_LINES = 2000
"""A private key without its end mark hides at most so many lines."""
_WRAP_WIDTH = 72
_RUN_LENGTH = 16
_SHAPE_LENGTH = 6
_BODY_WORD = re.compile(r"[A-Za-z0-9+/=]{1,512}\Z")
_PEM_HEADER = re.compile(r"[A-Za-z-]{2,40}: ")
_VALUE_END = re.compile(r"[\s\"'<>]")
_RUN = re.compile(r"[A-Za-z0-9+/=_.-]+")


class Open(Enum):
    """What a line leaves open for the next one."""

    NOTHING = 0
    KEY_BLOCK = 1
    FLAG = 2
    RUN = 3
    SECRET = 4
    QUOTE = 5


@dataclass(slots=True)
class _State:
    what: Open = Open.NOTHING
    kind: SecretKind = SecretKind.PRIVATE_KEY
    left: int = 0
    quote: str = ""
    prefixed: bool = False


def find_spans(line: Line) -> list[Span]:
    """The secrets of one line, in order, none inside another."""
    found: list[Span] = []
    for finder in FINDERS:
        for anchor in finder.anchors:
            at = line.low.find(anchor)
            while at >= 0:
                spans = finder.find(line, at)
                found += spans
                at = line.low.find(anchor, max([at + len(anchor), *(span.end for span in spans)]))
    return _merged(line.text, found)


def _merged(text: str, found: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        last = merged[-1] if merged else None
        if span.end - span.start >= MAX_VALUE:
            ending = _VALUE_END.search(text, span.end)
            span = Span(span.start, ending.start() if ending else len(text), span.kind, span.context)
        if last and span.start < last.end:
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind, min(last.context, span.context))
        else:
            merged.append(span)
    return [span for span in merged if not is_redacted(text[span.start : span.end])]


def replace_spans(text: str, spans: list[Span]) -> str:
    """`text` with a token in place of each span."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], token_of(span.kind, text[span.start : span.end])]
        at = span.end
    return "".join([*parts, text[at:]])


class LineScrubber:
    """Scrubs a text that comes in portions of whole lines; remembers what the last line left open.

    `errors` decodes and encodes bytes that are no UTF-8; both ways together they must change nothing.
    """

    def __init__(self, errors: str = "surrogateescape") -> None:
        self._errors = errors
        self._state = _State()
        self._before = b""

    def scrub(self, data: bytes) -> bytes:
        """`data` (UTF-8, or any bytes) without its secrets; untouched lines stay as they are, byte by byte."""
        if len(data) <= _PORTION:
            return self._portion(data)
        parts, at = [], 0
        while at < len(data):
            end = data.find(b"\n", min(at + _PORTION, len(data)) - 1) + 1 or len(data)
            parts.append(self._portion(data[at:end]))
            at = end
        return b"".join(parts)

    def _portion(self, data: bytes) -> bytes:
        low = data.lower()
        starts = _candidates(low)
        if not starts and self._state.what is Open.NOTHING:
            self._before = data[-_BEFORE_BYTES:] or self._before
            return data
        parts: list[bytes] = []
        done = 0
        queue = iter(starts)
        wanted = next(queue, None)
        while True:
            at = done if self._state.what is not Open.NOTHING else wanted
            if at is None or at >= len(data):
                break
            end = data.find(b"\n", at) + 1 or len(data)
            parts += [data[done:at], self._line(data, at, end)]
            done = end
            while wanted is not None and wanted < done:
                wanted = next(queue, None)
        parts.append(data[done:])
        self._before = data[-_BEFORE_BYTES:]
        return b"".join(parts)

    def _line(self, data: bytes, at: int, end: int) -> bytes:
        raw = data[at:end]
        if b"\0" in raw:
            raw = raw.replace(b"\0", b"")
            scrubbed = self._scrubbed(raw, b"")
            return data[at:end] if scrubbed == raw else scrubbed
        before = data[max(0, at - _BEFORE_BYTES) : at]
        if len(before) < _BEFORE_BYTES:
            before = self._before[len(before) - _BEFORE_BYTES :] + before
        return self._scrubbed(raw, before)

    def _scrubbed(self, raw: bytes, before: bytes) -> bytes:
        text = raw.decode("utf-8", self._errors)
        before_line, result = self._state, text
        for _ in range(_PASSES):
            # From the same state each time: what the line leaves open is told by its last form, as in a second run.
            self._state = before_line
            changed = self._go_on(result) if before_line.what is not Open.NOTHING else result
            changed = replace_spans(changed, find_spans(Line.of(changed, before)))
            if changed == result:
                break
            result = changed
        if self._state.what is Open.NOTHING:
            self._state = _left_open(result)
        return raw if result == text else result.encode("utf-8", self._errors)

    def _go_on(self, text: str) -> str:
        state, self._state = self._state, _State()
        match state.what:
            case Open.KEY_BLOCK:
                return self._key_line(text, state)
            case Open.FLAG:
                return _flag_value(text, state.kind)
            case Open.RUN:
                return self._run_line(text, state)
            case Open.SECRET:
                return _secret_end(text, state)
            case _:
                return _quote_end(text, state)

    def _key_line(self, text: str, state: _State) -> str:
        body = text.rstrip()
        if "-END " in text or "- END " in text or state.left <= 0:
            return text
        stay = _State(Open.KEY_BLOCK, left=state.left - 1, prefixed=state.prefixed)
        word = body.rpartition(" ")[2].rpartition("\t")[2]
        if not body.strip() or _PEM_HEADER.match(body.lstrip()) or is_redacted(word):
            self._state = stay
            return text
        whole = word == body.strip()
        if not _BODY_WORD.match(word) or not (whole or state.prefixed or len(word) >= 16):
            return text
        self._state = stay
        return _hidden(text, len(body) - len(word), len(word), SecretKind.PRIVATE_KEY)

    def _run_line(self, text: str, state: _State) -> str:
        body = text.strip()
        if is_redacted(body):
            size = body.rpartition(":")[2].rstrip("»")
            if size.isdigit() and int(size) >= _RUN_LENGTH:
                self._state = _State(Open.RUN, state.kind, state.left - 1)
            return text
        match = _RUN.match(body)
        if match is None or state.left <= 0:
            return text
        whole = match[0] == body
        if not whole and not (len(match[0]) >= _RUN_LENGTH and looks_secret(match[0])):
            return text
        if whole and len(body) < _RUN_LENGTH and body.isalpha():
            return text
        if whole and len(body) >= _RUN_LENGTH:
            self._state = _State(Open.RUN, state.kind, state.left - 1)
        return _hidden(text, text.find(match[0]), len(match[0]), state.kind)


def _candidates(low: bytes) -> list[int]:
    """Beginnings of the lines that hold a gate; lines with zero bytes are looked at without them."""
    starts: set[int] = set()
    for gate, confirm in GATES:
        at = low.find(gate)
        while at >= 0:
            end = at + len(gate)
            if confirm is None or confirm(low, at):
                starts.add(low.rfind(b"\n", 0, at) + 1)
                end = low.find(b"\n", at)
            at = low.find(gate, end) if end >= 0 else -1
    at = low.find(b"\0")
    while at >= 0:
        start, end = low.rfind(b"\n", 0, at) + 1, low.find(b"\n", at)
        end = end if end >= 0 else len(low)
        plain = low[start:end].replace(b"\0", b"")
        if any(gate in plain for gate, _ in GATES):
            starts.add(start)
        at = low.find(b"\0", end)
    return sorted(starts)


def _left_open(text: str) -> _State:
    """What the scrubbed line `text` leaves for the next one."""
    body = text.rstrip()
    begin = PEM_BEGIN.search(body)
    if begin:
        rest = SECRET_TOKEN.sub("", body[begin.end() :])
        if "END " not in rest and not rest.strip("\\nrt \t"):
            prefixed = bool(body[: begin.start()].strip(" \t\"'"))
            return _State(Open.KEY_BLOCK, left=_BLOCK_LINES, prefixed=prefixed)
        return _State()
    kind = open_flag(body)
    if kind is not None:
        return _State(Open.FLAG, kind)
    token = _last_token(body)
    return _after_token(text, body, token) if token else _State()


def _last_token(body: str) -> re.Match[str] | None:
    at = body.rfind("«secret:", max(0, len(body) - 120))
    match = SECRET_TOKEN.match(body, at) if at >= 0 else None
    return match if match and match.end() == len(body) else None


def _after_token(text: str, body: str, token: re.Match[str]) -> _State:
    """The line ends with a secret: wrapped by a console, or within quotes that were not closed."""
    _, kind, form, size = token[0].strip("«»").split(":")
    width = len(SECRET_TOKEN.sub(lambda m: "x" * min(int(m[0].strip("»").rpartition(":")[2]), 1000), body))
    if form in ("jwt", "not-a-jwt", "base64") and int(size) >= _RUN_LENGTH and width >= _WRAP_WIDTH:
        return _State(Open.RUN, SecretKind(kind), left=200)
    cut = form == "entra-shaped" or (form == "text" and int(size) <= _SHAPE_LENGTH)
    if kind == SecretKind.CLIENT_SECRET and cut and int(size) < ENTRA_LENGTH and width >= _WRAP_WIDTH:
        return _State(Open.SECRET, SecretKind.CLIENT_SECRET, left=ENTRA_LENGTH - int(size))
    opened = body[: token.start()][-1:]
    if opened and opened in "\"'" and text.endswith("\n"):
        return _State(Open.QUOTE, SecretKind(kind), quote=opened)
    return _State()


def _flag_value(text: str, kind: SecretKind) -> str:
    start = len(text) - len(text.lstrip())
    value = read_value(text, start)
    word = text[value.start : value.end]
    if is_redacted(word) or word.startswith("-") or not (value.quote or looks_secret(word)):
        return text
    return _hidden(text, value.start, value.end - value.start, kind)


def _secret_end(text: str, state: _State) -> str:
    """Hides the rest of a client secret of Entra's shape: exactly so many characters as it lacks."""
    start = len(text) - len(text.lstrip())
    rest = ENTRA_CHARS.match(text, start)
    if rest is None or len(rest[0]) != state.left:
        return text
    if state.left >= ENTRA_LENGTH - _SHAPE_LENGTH and "~" not in rest[0][:_SHAPE_LENGTH]:
        return text
    return _hidden(text, start, state.left, state.kind)


def _quote_end(text: str, state: _State) -> str:
    """Hides what stands before the closing quote, if it is the rest of one word."""
    end = text.find(state.quote, 0, 512)
    start = len(text) - len(text.lstrip(" \t"))
    rest = text[start:end] if end > start else ""
    if not rest or is_redacted(rest) or any(char.isspace() for char in rest) or "=" in rest.rstrip("="):
        return text
    return _hidden(text, start, len(rest), state.kind)


def _hidden(text: str, start: int, length: int, kind: SecretKind) -> str:
    if start < 0 or length <= 0:
        return text
    return text[:start] + token_of(kind, text[start : start + length]) + text[start + length :]
