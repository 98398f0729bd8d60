from __future__ import annotations

import datetime
import socket
from dataclasses import replace
from email.utils import format_datetime

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.probe.endpoint import EndpointProbe
from arcdiag.collect.probe.nameserver import NameServer
from arcdiag.collect.probe.plan import Route, Target
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink
from arcdiag.knowledge.endpoints import EndpointHost
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.certificates import DAY, NOW, server_context, trust_of
from tests.collect.servers import connect_proxy, dns_server, http_answer, http_server, zone

HOST = "gbl.his.arc.azure.com"
MAKE = FactMaker("2024-10-01T09:00:00Z", "root")
AUTHORITY = trustme.CA(organization_name="Microsoft Corporation")
KNOWN = {HOST: ("127.0.0.1",)}


def lookup(host: str) -> tuple[tuple[str, ...], str]:
    return KNOWN.get(host, ()), "ok" if host in KNOWN else "nxdomain"


def endpoint(port: int, host: str = HOST) -> EndpointHost:
    return EndpointHost("his-global", host, port, "/", True, "always", "any", (400,), True, "Arc", "identity")


def world(seconds: float = 20, servers: tuple[NameServer, ...] = ()) -> World:
    return World(MAKE, trust_of(AUTHORITY), servers, {}, Deadline.after(seconds), lookup, 1.0)


DIRECT = Route("direct", FactPath.AGENT)


def probe(target: Target, around: World) -> tuple[dict[str, Fact], list[float]]:
    sink = Sink("probe.dns", target.subject)
    EndpointProbe(target, around).run(sink)
    facts, samples = sink.close()
    assert len({f.fact for f in facts}) == len(facts)
    return {f.fact: f for f in facts}, [s.seconds for s in samples]


def date(offset: datetime.timedelta) -> str:
    return f"Date: {format_datetime(NOW + offset, usegmt=True)}\r\n"


def test_all_layers_of_a_healthy_endpoint() -> None:
    context = server_context(AUTHORITY.issue_cert(HOST))
    with (
        http_server(http_answer("400 Bad Request", date(datetime.timedelta())), context) as far,
        dns_server(zone({HOST: [("A", "127.0.0.1")]})) as names,
    ):
        facts, samples = probe(
            Target(endpoint(far.port), DIRECT), world(servers=(NameServer("127.0.0.1", names.port),))
        )
    assert list(facts) == ["probe.endpoint", "probe.dns", "probe.tcp", "probe.tls", "probe.http"]
    assert all(f.path is FactPath.AGENT for f in facts.values())
    assert {f.subject.id for f in facts.values() if f.subject} == {f"{HOST}:{far.port}"}
    assert facts["probe.endpoint"].value["path"] == "direct"
    assert facts["probe.http"].value["result"] == "ok"
    assert facts["probe.http"].value["status"] == 400
    assert -5 < samples[0] < 3600
    assert far.seen[0].startswith(b"GET / HTTP/1.1\r\nHost: gbl.his.arc.azure.com\r\n")


def test_a_wrong_clock_is_measured_even_where_tls_fails_because_of_it() -> None:
    later = AUTHORITY.issue_cert(HOST, not_before=NOW + 20 * DAY, not_after=NOW + 40 * DAY)
    with http_server(http_answer("400 Bad Request", date(30 * DAY)), server_context(later)) as far:
        facts, samples = probe(Target(endpoint(far.port), DIRECT), world())
    assert facts["probe.tls"].value["result"] == "not-yet-valid"
    assert "probe.http" not in facts
    assert samples and samples[0] == pytest.approx(-30 * 86400, abs=3600)


def test_an_untrusted_end_is_not_asked_anything() -> None:
    with http_server(http_answer("200 OK"), server_context(trustme.CA().issue_cert(HOST))) as far:
        facts, samples = probe(Target(endpoint(far.port), DIRECT), world())
    assert (facts["probe.tls"].value["result"], samples) == ("untrusted", [])
    assert [seen for seen in far.seen if seen] == []


def test_later_layers_of_a_failed_endpoint_are_not_run() -> None:
    facts, _ = probe(Target(endpoint(443, "nowhere.example"), DIRECT), world())
    assert list(facts) == ["probe.endpoint", "probe.dns"]
    assert facts["probe.dns"].value["result"] == "nxdomain"
    assert facts["probe.dns"].subject is not None and facts["probe.dns"].subject.id == "nowhere.example"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    facts, _ = probe(Target(endpoint(port), DIRECT), replace(world(), pinned=KNOWN))
    assert list(facts) == ["probe.endpoint", "probe.dns", "probe.tcp"]
    assert facts["probe.tcp"].value["result"] == "refused"


def test_a_false_address_of_a_name_server_is_no_matter_of_tcp() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        facts, _ = probe(Target(endpoint(unused.getsockname()[1]), DIRECT), world())
    assert list(facts) == ["probe.endpoint", "probe.dns"]
    assert (facts["probe.dns"].value["result"], facts["probe.dns"].value["addresses"]) == ("sinkhole", ["127.0.0.1"])


@pytest.mark.parametrize(
    ("status", "headers", "result"),
    [
        ("200 OK", "", "unexpected"),
        ("302 Found", "Location: http://portal.example/login?token=abc\r\n", "redirect"),
        ("503 Service Unavailable", "", "unexpected"),
    ],
)
def test_answers_that_the_service_would_not_give(status: str, headers: str, result: str) -> None:
    context = server_context(AUTHORITY.issue_cert(HOST))
    with http_server(http_answer(status, headers, b"<html>portal</html>"), context) as far:
        facts, _ = probe(Target(endpoint(far.port), DIRECT), world())
    value = facts["probe.http"].value
    assert (value["result"], value["expected"]) == (result, [400])
    assert "token" not in str(value)
    assert value["body"] == "<html>portal</html>"


def through(port: int) -> Route:
    return Route("proxy", FactPath.AGENT, parse_proxy(f"http://127.0.0.1:{port}"))


def test_through_the_proxy_the_host_is_never_looked_up_by_the_agent() -> None:
    context = server_context(AUTHORITY.issue_cert("only-the-proxy-knows.example"))
    target = endpoint(443, "only-the-proxy-knows.example")
    with http_server(http_answer("400 No"), context) as far, connect_proxy(lambda t, h: far.port) as proxy:
        facts, _ = probe(Target(target, through(proxy.port)), world())
        sink = Sink("probe.dns", Target(target, through(proxy.port)).subject)
        EndpointProbe(Target(target, through(proxy.port)), world()).look_up(sink)
    assert list(facts) == ["probe.endpoint", "probe.connect", "probe.tls", "probe.http"]
    assert [f.value["result"] for f in list(facts.values())[1:]] == ["ok", "ok", "ok"]
    assert proxy.seen[0].startswith(b"CONNECT only-the-proxy-knows.example:443 ")
    looked = sink.close()[0][0]
    assert (looked.fact, looked.path, looked.value["result"]) == ("probe.dns", FactPath.WHAT_IF, "nxdomain")


def test_a_refusing_proxy_ends_the_chain() -> None:
    with connect_proxy(lambda target, head: http_answer("403 Forbidden")) as proxy:
        facts, _ = probe(Target(endpoint(443), through(proxy.port)), world())
    assert list(facts) == ["probe.endpoint", "probe.connect"]
    assert facts["probe.connect"].value["result"] == "forbidden"


def test_a_certificate_behind_a_proxy_is_looked_at_through_the_proxy() -> None:
    with (
        http_server(http_answer("200 OK"), server_context(trustme.CA(organization_name="Box").issue_cert(HOST))) as far,
        connect_proxy(lambda target, head: far.port) as proxy,
    ):
        facts, _ = probe(Target(endpoint(443), through(proxy.port)), world())
    assert facts["probe.tls"].value["result"] == "untrusted"
    assert "Box" in facts["probe.tls"].value["issuer"]
    assert len(proxy.seen) == 2


@pytest.mark.parametrize("url", ["http://http://proxy:8080", "socks5://127.0.0.1:1080", "http://gone.example:3128"])
def test_a_proxy_that_cannot_be_asked_leaves_the_endpoint_unknown(url: str) -> None:
    route = Route("proxy", FactPath.AGENT, parse_proxy(url))
    facts, _ = probe(Target(endpoint(443), route), world())
    assert list(facts) == ["probe.endpoint", "probe.connect"]
    assert facts["probe.connect"].status is FactStatus.ERROR
    assert "proxy" in str(facts["probe.connect"].reason)


def test_what_if_routes_say_so_in_every_fact() -> None:
    facts, _ = probe(Target(endpoint(443, "nowhere.example"), replace(DIRECT, path=FactPath.WHAT_IF)), world())
    assert {f.path for f in facts.values()} == {FactPath.WHAT_IF}


def test_the_deadline_of_the_run_is_no_result_of_a_layer() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        with pytest.raises(TimeoutError):
            probe(Target(endpoint(full.getsockname()[1]), DIRECT), world(seconds=0.4))
        for filler in fillers:
            filler.close()
