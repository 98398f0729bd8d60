"""One page over plain HTTP whose text the world knows: does the answer come from where it should?

It needs no TLS, so it also tells the time to a machine whose clock is too wrong for that.
"""

from __future__ import annotations

import time
from typing import Any

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.answerer import is_block_page, name_of
from arcdiag.collect.probe.clock import clock_sample
from arcdiag.collect.probe.dns import DNS_SECONDS, resolve
from arcdiag.collect.probe.http import host_of, request
from arcdiag.collect.probe.message import Answer, NotHttpError, read_answer, read_body
from arcdiag.collect.probe.proxy import ProxyError, basic_credentials
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.tcp import connect
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink

WEB_PATH = "/connecttest.txt"
WEB_TEXT = "Microsoft Connect Test"
SECONDS = 8.0
_NETWORK_LOGIN = 511


def web_value(place: tuple[str, int], proxy: ProxyUrl | None, world: World, sink: Sink) -> dict[str, Any]:
    """The value of `probe.web`; a sample of the clock goes to `sink`. Raises TimeoutError at the deadline of the run.

    `ok` the known page · `portal` the caller is sent to another host · `replaced` another page · `refused` the proxy
    does not allow it · `unreached` no connection · `error` no HTTP.
    """
    host, port = place
    start = time.monotonic()
    limit = world.deadline.within(SECONDS)
    stream = _through(proxy, world, limit) if proxy else _straight(host, port, world, limit)
    if stream is None:
        return _value("unreached", start)
    path = f"http://{host}{WEB_PATH}" if proxy else WEB_PATH
    extra = basic_credentials(proxy) if proxy else ()
    try:
        stream.send(request(host, path, extra), limit)
        answer = read_answer(stream, limit)
        body = read_body(stream, answer, limit.within(1.0))
    except TimeoutError:
        if world.deadline.passed:
            raise
        return _value("error", start, detail="timeout")
    except (NotHttpError, OSError, EOFError) as error:
        return _value("error", start, detail=type(error).__name__)
    finally:
        stream.close()
    result = _word(answer, body, host, proxy is not None)
    if (sample := clock_sample(host, answer, by_proxy=result == "refused")) is not None:
        sink.sample(sample)
    return _value(result, start, answer, body)


def _straight(host: str, port: int, world: World, limit: Deadline) -> Stream | None:
    found = resolve(host, (), (), limit, world.lookup, DNS_SECONDS)
    return connect(found.addresses, port, limit).stream if found.addresses else None


def _through(proxy: ProxyUrl, world: World, limit: Deadline) -> Stream | None:
    if not proxy.usable or proxy.scheme != "http":
        return None
    try:
        return world.way(proxy).reach(limit).stream
    except ProxyError:
        return None


def _word(answer: Answer, body: str, host: str, by_proxy: bool) -> str:
    if answer.status == 200 and WEB_TEXT in body:
        return "ok"
    target = host_of(answer.first("location"))
    if answer.status == _NETWORK_LOGIN or (300 <= answer.status < 400 and target not in (None, host)):
        return "portal"
    return "refused" if by_proxy and answer.status >= 400 else "replaced"


def _value(
    result: str, start: float, answer: Answer | None = None, body: str = "", detail: str | None = None
) -> dict[str, Any]:
    return {
        "result": result,
        "status": answer.status if answer else None,
        "location_host": host_of(answer.first("location")) if answer else None,
        "answered_by": name_of(answer, body) if answer and result != "ok" else None,
        "block_page": is_block_page(answer, body) if answer and result != "ok" else None,
        "date": answer.first("date") if answer else None,
        "body": body if result != "ok" else "",
        "detail": detail,
        "ms": milliseconds_since(start),
    }
