"""Is somebody at home behind a proxy's port? One that takes connections and never speaks is as good as none."""

from __future__ import annotations

from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.answerer import name_of
from arcdiag.collect.probe.message import NotHttpError, read_answer, read_body
from arcdiag.collect.probe.stream import Stream

GREETING_SECONDS = 5.0


def greet(stream: Stream, url: ProxyUrl, deadline: Deadline) -> dict[str, Any]:
    """A request that only the proxy itself can answer, mostly with an error page of its own.

    `status` and `answered_by`, or `silent`, or `hung_up` without a word; empty for one that speaks TLS itself: what
    matters there is whether its port takes connections.
    """
    if url.scheme != "http":
        return {}
    limit = deadline.within(GREETING_SECONDS)
    request = f"GET / HTTP/1.1\r\nHost: {url.address}\r\nConnection: close\r\n\r\n"
    try:
        stream.send(request.encode("ascii"), limit)
        answer = read_answer(stream, limit)
        return {"status": answer.status, "answered_by": name_of(answer, read_body(stream, answer, limit.within(0.5)))}
    except TimeoutError:
        return {"silent": not deadline.passed}
    except NotHttpError as error:
        return {"hung_up": error.ended and not error.first}
    except (OSError, EOFError):
        return {"hung_up": True}
    except UnicodeError:
        return {}
