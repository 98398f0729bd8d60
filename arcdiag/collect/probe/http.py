"""HTTP: one GET without a token, and whether the answer is the one that the service is known to give."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from arcdiag import __version__
from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.probe.answerer import is_block_page, is_filters_page, is_page, lacks_signs, name_of
from arcdiag.collect.probe.message import Answer, NotHttpError, read_answer, read_body
from arcdiag.collect.probe.stream import Stream
from arcdiag.knowledge.endpoints import EndpointHost

HTTP_SECONDS = 10.0
USER_AGENT = f"arcdiag/{__version__}"
_BAD_WITHOUT_EXPECTATION = (407, 408, 421, 429)


@dataclass(frozen=True, slots=True)
class HttpOutcome:
    """`answer` is None if nothing that is HTTP came back; `body` is its first 2 KiB, kept only if it is unexpected."""

    result: str
    ms: int
    expected: tuple[int, ...]
    answer: Answer | None = None
    body: str = ""
    detail: str | None = None

    def value(self) -> dict[str, Any]:
        """The value of `probe.http`."""
        answer = self.answer
        return {
            "result": self.result,
            "status": answer.status if answer else None,
            "http_status": answer.status if answer else None,
            "expected": list(self.expected),
            "date": answer.first("date") if answer else None,
            "server": answer.first("server") if answer else None,
            "answered_by": name_of(answer, self.body) if answer and self.result != "ok" else None,
            "page": is_page(answer, self.body) if answer and self.result != "ok" else None,
            "block_page": is_block_page(answer, self.body) if answer and self.result != "ok" else None,
            "location_host": host_of(answer.first("location")) if answer else None,
            "content_type": answer.first("content-type") if answer else None,
            "body": self.body,
            "detail": self.detail,
            "ms": self.ms,
        }


def host_of(location: str | None) -> str | None:
    """Only the host of a redirection: the rest can carry tokens."""
    if not location:
        return None
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None


def request(host: str, path: str, extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """The bytes of a GET that asks for the connection to be closed."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {USER_AGENT}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in extra]
    return ("\r\n".join([*lines, "Connection: close", "", ""])).encode("ascii")


def get(stream: Stream, endpoint: EndpointHost, deadline: Deadline) -> HttpOutcome:
    """Ask once; redirections are not followed. Raises TimeoutError only if `deadline` itself has passed."""
    start, expected = time.monotonic(), endpoint.expect
    limit = deadline.within(HTTP_SECONDS)
    try:
        stream.send(request(endpoint.host, endpoint.path), limit)
        answer = read_answer(stream, limit)
    except TimeoutError:
        if deadline.passed:
            raise
        return HttpOutcome("error", milliseconds_since(start), expected, detail="timeout")
    except NotHttpError as error:
        detail = "closed without an answer" if error.ended and not error.first else "the answer is no HTTP"
        return HttpOutcome("error", milliseconds_since(start), expected, detail=detail)
    except (OSError, EOFError) as error:
        return HttpOutcome(
            "error", milliseconds_since(start), expected, detail=f"{type(error).__name__}: {error}"[:200]
        )
    result = judge(answer.status, expected)
    doubtful = result == "ok" and lacks_signs(answer, endpoint.signs)
    body = read_body(stream, answer, limit.within(1.0)) if result != "ok" or doubtful else ""
    if doubtful:
        # Filters send their pages with status 200 too.
        result, body = ("unexpected", body) if is_filters_page(answer, body) else ("ok", "")
    return HttpOutcome(result, milliseconds_since(start), expected, answer, body)


def judge(status: int, expected: tuple[int, ...]) -> str:
    """`ok`, `redirect` or `unexpected`. Without an expectation any answer of the service itself will do."""
    if status in expected:
        return "ok"
    if 300 <= status < 400:
        return "redirect"
    if expected or status >= 500 or status in _BAD_WITHOUT_EXPECTATION:
        return "unexpected"
    return "ok"
