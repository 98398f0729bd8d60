"""The head of an HTTP/1 answer, read from a stream with caps; what answers may be no HTTP at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.stream import Stream

MAX_HEAD = 64 * 1024
MAX_BODY = 2 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?:[ \t]([^\r\n]{0,500}))?")


class NotHttpError(Exception):
    """What came back is no HTTP/1 answer; `first` are its first bytes, `ended` whether the peer closed."""

    def __init__(self, first: bytes, ended: bool) -> None:
        super().__init__("the answer is no HTTP")
        self.first, self.ended = first, ended


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` keep order and doubles, names in lower case; `rest` are bytes behind the head that were read along."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    rest: bytes = field(default=b"", repr=False)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str | None:
        """The first value of a header."""
        return next(iter(self.all(name)), None)


def read_answer(stream: Stream, deadline: Deadline) -> Answer:
    """The final answer's head; interim ones (100, 103) are skipped. Raises NotHttpError, TimeoutError, OSError."""
    data = b""
    while True:
        data = _read_head(stream, data, deadline)
        answer = _parse(data)
        if answer.status >= 200 or answer.status == 101:
            return answer
        data = answer.rest


def _read_head(stream: Stream, data: bytes, deadline: Deadline) -> bytes:
    while b"\r\n\r\n" not in data and b"\n\n" not in data:
        if data and not b"HTTP/1.".startswith(data[:7]) and not data.startswith(b"HTTP/1."):
            raise NotHttpError(data[:200], ended=False)
        if len(data) > MAX_HEAD:
            raise NotHttpError(data[:200], ended=False)
        block = stream.receive(deadline)
        if not block:
            raise NotHttpError(data[:200], ended=True)
        data += block
    return data


def _parse(data: bytes) -> Answer:
    end = min(i for i in (data.find(b"\r\n\r\n"), data.find(b"\n\n")) if i >= 0)
    head = data[:end]
    rest = data[end:].lstrip(b"\r\n") if not data[end:].startswith(b"\r\n\r\n") else data[end + 4 :]
    match = _STATUS.match(head)
    if match is None:
        raise NotHttpError(data[:200], ended=False)
    headers = []
    for line in head.splitlines()[1:200]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.append((name.strip().lower().decode("latin-1")[:100], value.strip().decode("latin-1")[:1000]))
    return Answer(int(match[1]), (match[2] or b"").decode("latin-1").strip(), tuple(headers), rest)


def read_body(stream: Stream, answer: Answer, deadline: Deadline) -> str:
    """The first 2 KiB of the body as text, as far as they come in time."""
    data = answer.rest
    length = answer.first("content-length") or ""
    wanted = min(int(length), MAX_BODY) if length.isascii() and length.isdigit() and len(length) < 12 else MAX_BODY
    try:
        while len(data) < wanted:
            block = stream.receive(deadline)
            if not block:
                break
            data += block
    except OSError:
        # A body that stops half-way is still a signature of who answered.
        return data[:MAX_BODY].decode("utf-8", "replace")
    return data[:MAX_BODY].decode("utf-8", "replace")
