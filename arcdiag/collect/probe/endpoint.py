"""One endpoint, layer by layer, on the agent's way; the layer that fails is the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.clock import clock_sample
from arcdiag.collect.probe.dns import DnsOutcome, resolve
from arcdiag.collect.probe.http import HttpOutcome, get
from arcdiag.collect.probe.proxy import TCP_SECONDS, ProxyError, ProxyWay
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.target import Target
from arcdiag.collect.probe.tcp import CAN_ASK_FOR_SMALL, SMALL_SEGMENT, TcpOutcome, connect
from arcdiag.collect.probe.tls import TlsOutcome, shake_hands
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink
from arcdiag.model.fact import Fact, FactPath, FactStatus

_TIME_RESULTS = ("expired", "not-yet-valid")


class EndpointProbe:
    """Probes one target and puts its facts into a sink."""

    def __init__(self, target: Target, world: World) -> None:
        self._target, self._world = target, world
        self._host, self._port = target.endpoint.host, target.endpoint.port
        self._addresses: tuple[str, ...] = ()

    def look_up(self, sink: Sink) -> None:
        """DNS alone, for a host behind a proxy: the agent does not ask, yet the answer is worth knowing."""
        self._see(sink, "probe.dns", self._dns(sink, FactPath.WHAT_IF).value(), FactPath.WHAT_IF)

    def run(self, sink: Sink) -> None:
        """DNS and TCP, or CONNECT; then TLS and HTTP. Raises TimeoutError at the deadline of the whole run."""
        sink.add(self._plan_fact())
        route = self._target.route
        stream = self._through_proxy(sink) if route.proxy else self._straight(sink)
        if stream is None:
            return
        tls = self._tls(sink, stream)
        self._read_clock(sink, tls)
        if tls.stream is not None:
            self._http(sink, tls.stream)

    def _plan_fact(self) -> Fact:
        endpoint, route = self._target.endpoint, self._target.route
        value = {
            "role": endpoint.role,
            "required": endpoint.required,
            "needed": endpoint.needed,
            "path": route.kind,
            "port": endpoint.port,
            "proxy": route.proxy.address if route.proxy else None,
        }
        return self._world.make.ok("probe.endpoint", self._target.subject, value, "probe/plan", path=route.path)

    def _see(self, sink: Sink, fact: str, value: Mapping[str, Any], path: FactPath | None = None) -> None:
        subject = self._target.subject
        sink.add(self._world.make.ok(fact, subject, value, _by(fact), path=path or self._target.route.path))

    def _begin(self, sink: Sink, fact: str, path: FactPath | None = None) -> None:
        sink.begin(fact, self._target.subject, path or self._target.route.path)

    def _dns(self, sink: Sink, path: FactPath) -> DnsOutcome:
        self._begin(sink, "probe.dns", path)
        world = self._world
        pinned = world.pinned.get(self._host, ())
        return resolve(self._host, world.servers, pinned, world.deadline, world.lookup, world.dns_seconds)

    def _straight(self, sink: Sink) -> Stream | None:
        found = self._dns(sink, self._target.route.path)
        self._addresses = found.addresses
        # Some networks work with addresses of their own invention; where nobody answers, the name server's is false.
        tried = self._connect() if found.leads_nowhere else None
        if tried and tried.stream is None:
            found = replace(found, result="sinkhole")
        self._see(sink, "probe.dns", found.value())
        if found.result != "ok":
            return None
        self._begin(sink, "probe.tcp")
        outcome = tried or self._connect()
        self._see(sink, "probe.tcp", outcome.value(self._port))
        return outcome.stream

    def _connect(self) -> TcpOutcome:
        deadline = self._world.deadline
        outcome = connect(self._addresses, self._port, deadline.within(TCP_SECONDS))
        if outcome.result == "timeout" and deadline.passed:
            raise TimeoutError("no time is left")
        return outcome

    def _through_proxy(self, sink: Sink) -> Stream | None:
        self._begin(sink, "probe.connect")
        proxy = self._target.route.proxy
        assert proxy is not None
        if not proxy.usable or proxy.scheme == "socks5":
            why = proxy.problem or "arcdiag does not speak SOCKS"
            self._not_tried(sink, f"the proxy {proxy.shown} was not asked: {why}")
            return None
        try:
            outcome = self._world.way(proxy).open(self._host, self._port, self._world.deadline)
        except ProxyError as error:
            self._not_tried(sink, f"the proxy {proxy.address} could not be reached: {error}")
            return None
        self._see(sink, "probe.connect", outcome.value())
        return outcome.stream

    def _not_tried(self, sink: Sink, reason: str) -> None:
        name, path = "probe.connect", self._target.route.path
        sink.add(self._world.make.not_seen(name, self._target.subject, FactStatus.ERROR, reason, _by(name), path))

    def _tls(self, sink: Sink, stream: Stream) -> TlsOutcome:
        self._begin(sink, "probe.tls")
        narrow = partial(self._again, segment=SMALL_SEGMENT) if CAN_ASK_FOR_SMALL else None
        outcome = shake_hands(stream, self._host, self._world.trust, self._world.deadline, self._again, narrow)
        proxy = self._target.route.proxy
        value = outcome.value(self._host) | {"proxy": proxy.address if proxy else None}
        self._see(sink, "probe.tls", value)
        return outcome

    def _again(self, deadline: Deadline, segment: int | None = None) -> Stream | None:
        """A second connection to the same place, to look at what is served there; with small packets if asked."""
        proxy = self._target.route.proxy
        if proxy is not None:
            return self._tunnel(self._world.way(proxy), deadline, segment)
        return connect(self._addresses, self._port, deadline, segment).stream

    def _tunnel(self, way: ProxyWay, deadline: Deadline, segment: int | None) -> Stream | None:
        try:
            return way.open(self._host, self._port, deadline, segment).stream
        except ProxyError:
            return None

    def _http(self, sink: Sink, stream: Stream) -> None:
        self._begin(sink, "probe.http")
        outcome = self._ask(stream)
        self._see(sink, "probe.http", outcome.value())
        self._sample(sink, outcome)

    def _ask(self, stream: Stream) -> HttpOutcome:
        endpoint = self._target.endpoint
        try:
            return get(stream, endpoint, self._world.deadline)
        finally:
            stream.close()

    def _read_clock(self, sink: Sink, tls: TlsOutcome) -> None:
        """A certificate that is out of its time can mean a wrong clock here: the answer's Date tells which it is."""
        if tls.blind is None:
            return
        if tls.result not in _TIME_RESULTS:
            tls.blind.close()
            return
        try:
            self._sample(sink, self._ask(tls.blind))
        except TimeoutError:
            # The handshake has its result; only this extra was cut off.
            return

    def _sample(self, sink: Sink, outcome: HttpOutcome) -> None:
        sample = clock_sample(self._host, outcome.answer) if outcome.answer else None
        if sample is not None:
            sink.sample(sample)


def _by(fact: str) -> str:
    return fact.replace("probe.", "probe/")
