"""The agent's proxy: is it there, and does it let a host through?"""

from __future__ import annotations

import base64
import ipaddress
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.answerer import is_block_page, name_of
from arcdiag.collect.probe.call import Call
from arcdiag.collect.probe.dns import DNS_SECONDS, Lookup
from arcdiag.collect.probe.greeting import greet
from arcdiag.collect.probe.http import USER_AGENT
from arcdiag.collect.probe.message import Answer, NotHttpError, read_answer, read_body
from arcdiag.collect.probe.stream import PushedBack, Stream
from arcdiag.collect.probe.tcp import TcpOutcome, connect
from arcdiag.collect.probe.tls_stream import TlsStream
from arcdiag.collect.probe.trust import TrustStore

TCP_SECONDS = 5.0
CONNECT_SECONDS = 8.0
_RESULTS: Mapping[int, str] = MappingProxyType(
    {403: "forbidden", 407: "auth-required", 502: "bad-gateway", 503: "bad-gateway", 504: "bad-gateway"}
)
# Squid's words for a host that it could not resolve or reach itself, whatever number it gives them.
_NO_WAY_ON = frozenset({"ERR_DNS_FAIL", "ERR_CANNOT_FORWARD", "ERR_CONNECT_FAIL"})
_PROXY_RESULTS: Mapping[str, str] = MappingProxyType(
    {
        "ok": "answered",
        "refused": "refused",
        "timeout": "timeout",
        "no-route": "no-route",
        "host-unreachable": "host-unreachable",
        "blocked-locally": "blocked-locally",
        # Its port took the connection, and the reset came before the call returned: what never listened refuses.
        "reset": "answered",
    }
)


class ProxyError(Exception):
    """The proxy itself was not reached; `result` is the word of `probe.proxy`."""

    def __init__(self, result: str, detail: str | None = None) -> None:
        super().__init__(result if not detail else f"{result}: {detail}")
        self.result, self.detail = result, detail


@dataclass(frozen=True, slots=True)
class ConnectOutcome:
    """What the proxy said to CONNECT; `stream` leads to the host if it said yes."""

    result: str
    ms: int
    proxy: str
    answer: Answer | None = None
    body: str = ""
    stream: Stream | None = None
    credentials_sent: bool = False

    def value(self) -> dict[str, Any]:
        """The value of `probe.connect`."""
        answer = self.answer
        schemes = (
            sorted({v.split()[0].lower() for v in answer.all("proxy-authenticate") if v.split()}) if answer else []
        )
        return {
            "result": self.result,
            "status": answer.status if answer else None,
            "reason_phrase": answer.reason if answer else None,
            "schemes": schemes,
            "proxy": self.proxy,
            "only_integrated": bool(schemes) and not set(schemes) & {"basic", "digest"},
            "credentials_sent": self.credentials_sent,
            "server": (answer.first("server") or answer.first("via")) if answer else None,
            "answered_by": name_of(answer, self.body) if answer else None,
            "location_host": _host_of(answer.first("location")) if answer else None,
            "proxy_error": _first_word(answer.first("x-squid-error")) if answer else None,
            "block_page": is_block_page(answer, self.body) if answer and self.result != "ok" else None,
            "body": self.body,
            "ms": self.ms,
        }


class ProxyWay:
    """The way through one proxy, for all endpoints: its name is looked up once."""

    def __init__(self, url: ProxyUrl, lookup: Lookup, trust: TrustStore) -> None:
        self.url = url
        self._trust = trust
        self._lookup = lookup
        self._lock = threading.Lock()
        self._call: Call[tuple[tuple[str, ...], str]] | None = None

    def addresses(self, deadline: Deadline) -> tuple[str, ...]:
        """Addresses of the proxy. Raises ProxyError, and TimeoutError if the deadline itself has passed."""
        if _is_ip(self.url.host):
            return (self.url.host,)
        with self._lock:
            call = self._call = self._call or Call(partial(self._lookup, self.url.host))
        call.wait(deadline.within(DNS_SECONDS))
        try:
            addresses, word = call.result()
        except TimeoutError:
            if deadline.passed:
                raise
            raise ProxyError("timeout", "its name did not resolve in time") from None
        if not addresses:
            raise ProxyError("nxdomain" if word in ("nxdomain", "nodata") else "error", f"look-up of its name: {word}")
        return addresses

    def reach(self, deadline: Deadline, segment: int | None = None) -> TcpOutcome:
        """Connect to the proxy and leave it at that, or go on with `stream`. Raises as `addresses` does."""
        addresses = self.addresses(deadline)
        outcome = connect(addresses, self.url.port, deadline.within(TCP_SECONDS), segment)
        if outcome.stream is None and outcome.result == "timeout" and deadline.passed:
            raise TimeoutError("no time is left")
        return outcome

    def open(self, host: str, port: int, deadline: Deadline, segment: int | None = None) -> ConnectOutcome:
        """Ask the proxy for a tunnel. Raises ProxyError if it was not reached, TimeoutError at the deadline."""
        start = time.monotonic()
        outcome = self.reach(deadline, segment)
        if outcome.result == "reset":
            return ConnectOutcome("closed", milliseconds_since(start), self.url.address)
        if outcome.stream is None:
            raise ProxyError(_PROXY_RESULTS.get(outcome.result, "error"), outcome.result)
        stream: Stream = outcome.stream
        try:
            if self.url.scheme == "https":
                stream = self._wrapped(stream, deadline)
            return self._ask(stream, host, port, start, deadline)
        except BaseException:
            stream.close()
            raise

    def _wrapped(self, stream: Stream, deadline: Deadline) -> Stream:
        tls = TlsStream(stream, self._trust.context, self.url.host)
        try:
            tls.handshake(deadline.within(CONNECT_SECONDS))
        except (OSError, EOFError) as error:
            raise ProxyError("error", f"TLS to the proxy failed: {error}"[:200]) from error
        return tls

    def _ask(self, stream: Stream, host: str, port: int, start: float, deadline: Deadline) -> ConnectOutcome:
        limit = deadline.within(CONNECT_SECONDS)

        def outcome(result: str, answer: Answer | None = None, body: str = "") -> ConnectOutcome:
            stream.close()
            return ConnectOutcome(
                result, milliseconds_since(start), self.url.address, answer, body, None, bool(self.url.credentials)
            )

        try:
            stream.send(self._request(host, port), limit)
            answer = read_answer(stream, limit)
        except TimeoutError:
            if deadline.passed:
                raise
            return outcome("timeout")
        except NotHttpError as error:
            return outcome("closed" if error.ended and not error.first else "not-http")
        except (OSError, EOFError):
            return outcome("closed")
        if 200 <= answer.status < 300:
            onward = PushedBack(stream, answer.rest) if answer.rest else stream
            ms = milliseconds_since(start)
            return ConnectOutcome("ok", ms, self.url.address, answer, stream=onward)
        body = read_body(stream, answer, limit.within(1.0))
        return outcome(_word_for(answer, body), answer, body)

    def _request(self, host: str, port: int) -> bytes:
        lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}", f"User-Agent: {USER_AGENT}"]
        lines += [f"{name}: {value}" for name, value in basic_credentials(self.url)]
        return ("\r\n".join([*lines, "", ""])).encode("ascii")


def basic_credentials(url: ProxyUrl) -> tuple[tuple[str, str], ...]:
    """The header with which the agent signs in to its proxy, if the setting holds credentials."""
    if not url.credentials:
        return ()
    token = base64.b64encode(":".join(url.credentials).encode()).decode("ascii")
    return (("Proxy-Authorization", f"Basic {token}"),)


def _word_for(answer: Answer, body: str) -> str:
    """The word for a refusal; a block page is a rule of the proxy whatever number stands above it."""
    known = _RESULTS.get(answer.status)
    error = _first_word(answer.first("x-squid-error")) or ""
    if error == "ERR_ACCESS_DENIED":
        return "forbidden"
    if error in _NO_WAY_ON:
        return "bad-gateway"
    if known is None and is_block_page(answer, body):
        return "forbidden"
    if 300 <= answer.status < 400:
        return "redirect"
    return known or "refused-other"


def _host_of(location: str | None) -> str | None:
    try:
        return urlsplit(location).hostname if location else None
    except ValueError:
        return None


def _first_word(text: str | None) -> str | None:
    return next(iter((text or "").split()), None)


def proxy_value(way: ProxyWay, deadline: Deadline) -> dict[str, Any]:
    """The value of `probe.proxy`. Raises TimeoutError at the deadline.

    `answered`: its port takes connections, and it speaks or hangs up; `silent`: it takes them and says nothing.
    """
    start = time.monotonic()
    try:
        outcome = way.reach(deadline)
    except ProxyError as error:
        return {"result": error.result, "address": None, "detail": error.detail, "ms": milliseconds_since(start)}
    spoke = greet(outcome.stream, way.url, deadline) if outcome.stream is not None else {}
    if outcome.stream is not None:
        outcome.stream.close()
    result = "silent" if spoke.get("silent") else _PROXY_RESULTS.get(outcome.result, "error")
    return {
        "result": result,
        "address": outcome.chosen.address if outcome.chosen else None,
        "errno": outcome.chosen.errno if outcome.chosen else None,
        "own_filter": outcome.chosen.own_filter if outcome.chosen else None,
        "detail": None if outcome.result == "ok" else outcome.result,
        "status": spoke.get("status"),
        "hung_up": outcome.result == "reset" or spoke.get("hung_up"),
        "answered_by": spoke.get("answered_by"),
        "ms": milliseconds_since(start),
    }


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
