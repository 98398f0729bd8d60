"""Scrubs whole lines: jumps to the few that can hold a secret, and follows those that go on in the next line."""

from __future__ import annotations

import re
from collections import Counter

from arcdiag.redact.carry import go_on, left_open
from arcdiag.redact.kinds import SECRET_TOKEN
from arcdiag.redact.line import Line
from arcdiag.redact.opened import Carry, Open
from arcdiag.redact.orders import is_coloured, odd_lines, without_orders
from arcdiag.redact.spans import candidates, find_spans, may_hold, replace_spans
from arcdiag.redact.wrapped import rejoin, runs

_PASSES = 4
_PORTION = 96 * 1024
"""So much is searched at a time: it stays in the processor's cache."""
_BEFORE_BYTES = 4096


class LineScrubber:
    """Scrubs a text that comes in portions of whole lines; remembers what the last line left open.

    `errors` decodes and encodes bytes that are no UTF-8; both ways together they must change nothing. `removed` counts
    the tokens that it put in place of secrets, by kind. `every_line` looks at all lines, not only at those that the
    search for anchors picks: much slower, for tests that compare the two.
    """

    def __init__(self, errors: str = "surrogateescape", every_line: bool = False) -> None:
        self._candidates = _all_lines if every_line else _all_candidates
        self.removed: Counter[str] = Counter()
        self._errors = errors
        self._carry = Carry()
        self._before = b""
        self._held = b""

    def scrub(self, data: bytes, last: bool = False) -> bytes:
        """`data` (UTF-8, or any bytes) without its secrets; untouched lines stay as they are, byte by byte.

        Lines at its end that may go on in the next portion are held back, unless it is the `last`.
        """
        if self._held:
            data, self._held = self._held + data, b""
        parts, at = [], 0
        while at < len(data):
            end = data.find(b"\n", min(at + _PORTION, len(data)) - 1) + 1 or len(data)
            portion, rest = self._whole_runs(data[at:end], last and end == len(data))
            parts.append(self._portion(portion))
            if rest and end < len(data):
                end -= len(rest)
            else:
                self._held = rest
            at = end
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _whole_runs(self, data: bytes, last: bool) -> tuple[bytes, bytes]:
        """The portion with secrets taken out that a console wrapped, and the begun run at its end."""
        parts, at, held = [], 0, len(data)
        for begin, end, ends in runs(data, list(map(len, data.split(b"\n")))):
            if not ends and not last:
                held = begin
                break
            raw = data[begin:end]
            joined = rejoin(raw, self._before_of(data, begin))
            if joined is not raw:
                self._count(raw.decode("utf-8", self._errors), joined.decode("utf-8", self._errors))
                parts += [data[at:begin], joined]
                at = end
        if not parts and held == len(data):
            return data, b""
        return b"".join([*parts, data[at:held]]), data[held:]

    def _portion(self, data: bytes) -> bytes:
        low = data.lower()
        starts = self._candidates(low)
        if not starts and self._carry.what is Open.NOTHING:
            self._before = self._before_of(data, len(data))
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
        self._before = self._before_of(data, len(data))
        return b"".join(parts)

    def _line(self, data: bytes, at: int, end: int) -> bytes:
        raw = data[at:end]
        if b"\0" in raw or is_coloured(raw.lower()):
            plain = without_orders(raw)
            scrubbed = self._scrubbed(plain, b"")
            if scrubbed != plain:
                return scrubbed
            return raw
        return self._scrubbed(raw, self._before_of(data, at))

    def _before_of(self, data: bytes, at: int) -> bytes:
        before = data[max(0, at - _BEFORE_BYTES) : at]
        return before if len(before) == _BEFORE_BYTES else (self._before + before)[-_BEFORE_BYTES:]

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
            self._carry = left_open(result, text)
        if result == text:
            return raw
        self._count(text, result)
        return result.encode("utf-8", self._errors)

    def _count(self, old: str, new: str) -> None:
        self.removed.update(token_kinds(new))
        self.removed.subtract(token_kinds(old))


def token_kinds(text: str) -> Counter[str]:
    """How many tokens of each kind stand in `text`."""
    return Counter(match[0].split(":")[1] for match in SECRET_TOKEN.finditer(text))


def _all_candidates(low: bytes) -> list[int]:
    """Beginnings of the lines that can hold a secret; those with zero bytes and colours are looked at without them."""
    found = candidates(low)
    odd = odd_lines(low)
    if not odd:
        return found
    starts = set(found)
    starts.update(start for start, end in odd if start not in starts and may_hold(without_orders(low[start:end])))
    return sorted(starts)


def _all_lines(low: bytes) -> list[int]:
    starts = [0] + [match.end() for match in re.finditer(rb"\n", low)]
    return starts[:-1] if starts[-1] == len(low) else starts
