"""A second question to an endpoint: one more GET on the same way, whose answer is read and not judged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.probe.call import Call
from arcdiag.collect.probe.http import request
from arcdiag.collect.probe.message import Answer, NotHttpError, read_answer
from arcdiag.collect.probe.proxy import ProxyError
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.target import Target
from arcdiag.collect.probe.tcp import connect
from arcdiag.collect.probe.tls_stream import TlsStream
from arcdiag.collect.probe.world import World

BODY_CAP = 256 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """`result`: ok (status 200), unexpected, timeout or error; `body` only with ok."""

    result: str
    ms: int
    status: int | None = None
    body: bytes = b""
    detail: str | None = None


def fetch(target: Target, path: str, seconds: float, world: World) -> Fetched:
    """GET `path` over verified TLS within `seconds`. Raises TimeoutError only if the deadline of the run has passed."""
    start = time.monotonic()
    limit = world.deadline.within(seconds)
    stream: Stream | None = None
    try:
        stream = _opened(target, world, limit)
        if stream is None and limit.passed:
            raise TimeoutError("no time is left")
        if stream is None:
            return Fetched("error", milliseconds_since(start), detail="no connection")
        stream.send(request(target.endpoint.host, path), limit)
        answer = read_answer(stream, limit)
        if answer.status != 200:
            return Fetched("unexpected", milliseconds_since(start), answer.status)
        body = _body(stream, answer, limit)
        return Fetched("ok", milliseconds_since(start), answer.status, body)
    except TimeoutError:
        if world.deadline.passed:
            raise
        return Fetched("timeout", milliseconds_since(start), detail=f"no answer within {seconds:g} s")
    except (OSError, EOFError, NotHttpError, ProxyError) as error:
        return Fetched("error", milliseconds_since(start), detail=f"{type(error).__name__}: {error}"[:200])
    finally:
        if stream is not None:
            stream.close()


def _opened(target: Target, world: World, limit: Deadline) -> Stream | None:
    """TLS by the target's own way. Raises what the layers raise."""
    endpoint, proxy = target.endpoint, target.route.proxy
    if proxy is not None:
        plain: Stream | None = world.way(proxy).open(endpoint.host, endpoint.port, limit).stream
    else:
        look = Call(partial(world.lookup, endpoint.host))
        if not look.wait(limit):
            raise TimeoutError("the name did not resolve in time")
        plain = connect(look.result()[0], endpoint.port, limit).stream
    if plain is None:
        return None
    tls = TlsStream(plain, world.trust.context, endpoint.host)
    try:
        tls.handshake(limit)
    except BaseException:
        tls.close()
        raise
    return tls


def _body(stream: Stream, answer: Answer, limit: Deadline) -> bytes:
    length = answer.first("content-length") or ""
    wanted = min(int(length), BODY_CAP) if length.isascii() and length.isdigit() and len(length) < 12 else BODY_CAP
    data = answer.rest
    while len(data) < wanted:
        block = stream.receive(limit)
        if not block:
            break
        data += block
    chunked = "chunked" in (answer.first("transfer-encoding") or "").lower()
    return _joined(data) if chunked else data[:BODY_CAP]


def _joined(data: bytes) -> bytes:
    """The chunks of a body as one piece, as far as they are there."""
    parts, at = [], 0
    while (end := data.find(b"\r\n", at)) > at:
        digits = data[at:end].split(b";")[0].strip()
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            break
        size = int(digits, 16)
        if size == 0:
            break
        parts.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)
