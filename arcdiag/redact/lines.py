"""Scrubs whole lines: jumps to the few that can hold a secret, and follows those that go on in the next line."""

from __future__ import annotations

from arcdiag.redact.carry import Carry, Open, go_on, left_open
from arcdiag.redact.finders import GATES
from arcdiag.redact.line import Line
from arcdiag.redact.spans import find_spans, replace_spans

_PASSES = 4
_PORTION = 96 * 1024
"""So much is searched at a time: it stays in the processor's cache."""
_BEFORE_BYTES = 4096


class LineScrubber:
    """Scrubs a text that comes in portions of whole lines; remembers what the last line left open.

    `errors` decodes and encodes bytes that are no UTF-8; both ways together they must change nothing.
    """

    def __init__(self, errors: str = "surrogateescape") -> None:
        self._errors = errors
        self._carry = Carry()
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
        if not starts and self._carry.what is Open.NOTHING:
            self._before = data[-_BEFORE_BYTES:] or self._before
            return data
        parts: list[bytes] = []
        done = 0
        queue = iter(starts)
        wanted = next(queue, None)
        while True:
            at = done if self._carry.what is not Open.NOTHING else wanted
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
            raw = _without_zeros(raw)
            scrubbed = self._scrubbed(raw, b"")
            return data[at:end] if scrubbed == raw else scrubbed
        before = data[max(0, at - _BEFORE_BYTES) : at]
        if len(before) < _BEFORE_BYTES:
            before = self._before[len(before) - _BEFORE_BYTES :] + before
        return self._scrubbed(raw, before)

    def _scrubbed(self, raw: bytes, before: bytes) -> bytes:
        text = raw.decode("utf-8", self._errors)
        carried, result = self._carry, text
        for _ in range(_PASSES):
            # From the same state each time: what the line leaves open is told by its last form, as in a second run.
            changed, self._carry = go_on(result, carried)
            changed = replace_spans(changed, find_spans(Line.of(changed, before)))
            if changed == result:
                break
            result = changed
        if self._carry.what is Open.NOTHING:
            self._carry = left_open(result)
        return raw if result == text else result.encode("utf-8", self._errors)


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
        plain = _without_zeros(low[start:end])
        if any(gate in plain for gate, _ in GATES):
            starts.add(start)
        at = low.find(b"\0", end)
    return sorted(starts)


def _without_zeros(line: bytes) -> bytes:
    """Wide characters in a narrow file become narrow; zero bytes between fields (a process's command line) blanks."""
    return line.replace(b"\0", b"" if line.count(0) * 3 > len(line) else b" ")
