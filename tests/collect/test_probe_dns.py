from __future__ import annotations

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.dns import Lookup, resolve, system_lookup
from arcdiag.collect.probe.nameserver import NameServer, ask
from tests.collect.servers import Answerer, dns_server, zone

GBL = "gbl.his.arc.azure.com"
PRIVATE = {
    GBL: [
        ("CNAME", "gbl.privatelink.his.arc.azure.com."),
        ("A", "10.1.2.3"),
    ],
    "only6.example": [("AAAA", "fd00::5")],
    "empty.example": [("TXT", '"x"')],
    "big.example": [("A", "40.0.0.1")],
}


def answered_by(server: NameServer) -> Lookup:
    """A system whose resolver asks this very server, with the words of getaddrinfo."""

    def lookup(host: str) -> tuple[tuple[str, ...], str]:
        answer = ask(server, host, Deadline.after(2))
        words = {"nodata": "nxdomain", "timeout": "servfail", "refused": "servfail"}
        return answer.addresses, words.get(answer.result, answer.result)

    return lookup


def test_a_name_server_gives_addresses_and_the_chain_of_names() -> None:
    with dns_server(zone(PRIVATE)) as server:
        answer = ask(NameServer("127.0.0.1", server.port), GBL, Deadline.after(3))
    assert (answer.result, answer.addresses) == ("ok", ("10.1.2.3",))
    assert answer.cnames == ("gbl.privatelink.his.arc.azure.com",)


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("nowhere.example", "nxdomain"),
        ("empty.example", "nodata"),
        ("only6.example", "ok"),
        ("big.example", "ok"),
        ("broken.example", "servfail"),
        ("secret.example", "refused"),
        ("odd.example", "error"),
        ("silent.example", "timeout"),
    ],
)
def test_every_answer_has_its_word(name: str, result: str) -> None:
    rcodes = {
        "broken.example": "SERVFAIL",
        "secret.example": "REFUSED",
        "odd.example": "NOTIMP",
        "silent.example": "silence",
        "big.example": "truncate",
    }
    with dns_server(zone(PRIVATE, rcodes)) as server:
        answer = ask(NameServer("127.0.0.1", server.port), name, Deadline.after(0.6))
    assert answer.result == result


def test_a_port_without_a_server_refuses_and_does_not_time_out() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    answer = ask(NameServer("127.0.0.1", port), GBL, Deadline.after(3))
    assert (answer.result, answer.detail) == ("refused", "ECONNREFUSED")


def test_a_lost_packet_is_sent_once_more() -> None:
    lost = threading.Event()
    known = zone(PRIVATE)

    def forgetful(query: object, way: str) -> object:
        if not lost.is_set():
            lost.set()
            return None
        return known(query, way)  # type: ignore[arg-type]

    with dns_server(forgetful) as server:  # type: ignore[arg-type]
        answer = ask(NameServer("127.0.0.1", server.port), GBL, Deadline.after(2))
    assert answer.result == "ok"


def test_resolve_says_what_the_system_and_each_server_say() -> None:
    with dns_server(zone(PRIVATE)) as good, dns_server(zone({}, {GBL: "SERVFAIL"})) as bad:
        servers = [NameServer("127.0.0.1", good.port), NameServer("127.0.0.1", bad.port)]
        outcome = resolve(GBL, servers, (), Deadline.after(10), answered_by(servers[0]), 1.0)
    value = outcome.value()
    assert value["result"] == "ok"
    assert value["addresses"] == ["10.1.2.3"]
    assert value["address_class"] == "private"
    assert value["cnames"] == ["gbl.privatelink.his.arc.azure.com"]
    assert value["resolver"] == f"127.0.0.1:{good.port}"
    assert [r["result"] for r in value["resolvers"]] == ["ok", "servfail"]
    assert value["hosts_file"] is False


@pytest.mark.parametrize(
    ("name", "result"), [("nowhere.example", "nxdomain"), ("empty.example", "nodata"), ("silent.example", "timeout")]
)
def test_resolve_says_more_than_the_system_does(name: str, result: str) -> None:
    with dns_server(zone(PRIVATE, {"silent.example": "silence"})) as only:
        server = NameServer("127.0.0.1", only.port)
        outcome = resolve(name, [server], (), Deadline.after(10), answered_by(server), 0.5)
    assert outcome.result == result
    assert outcome.addresses == ()


def test_a_dead_first_server_does_not_hide_the_second_that_answers() -> None:
    release = threading.Event()

    def slow(host: str) -> tuple[tuple[str, ...], str]:
        release.wait(5)
        return ("40.1.1.1",), "ok"

    with dns_server(zone({}, {GBL: "silence"})) as dead, dns_server(zone({GBL: [("A", "40.1.1.1")]})) as alive:
        servers = [NameServer("127.0.0.1", dead.port), NameServer("127.0.0.1", alive.port)]
        # The system's own look-up ends after the limit for one server, as it waits for the dead one first.
        timer = threading.Timer(0.8, release.set)
        timer.start()
        outcome = resolve(GBL, servers, (), Deadline.after(10), slow, 0.5)
        timer.join()
    assert outcome.result == "ok"
    assert [a.result for a in outcome.servers] == ["timeout", "ok"]


def test_a_look_up_that_hangs_is_a_timeout_of_the_layer_or_the_end_of_the_run() -> None:
    never = threading.Event()

    def hangs(host: str) -> tuple[tuple[str, ...], str]:
        never.wait(30)
        return (), "error"

    with dns_server(zone({}, {GBL: "silence"})) as dead:
        servers = [NameServer("127.0.0.1", dead.port)]
        assert resolve(GBL, servers, (), Deadline.after(20), hangs, 0.3).result == "timeout"
        with pytest.raises(TimeoutError):
            resolve(GBL, servers, (), Deadline.after(0.3), hangs, 5.0)
    never.set()


def test_the_hosts_file_is_noticed_and_the_system_without_dns_too() -> None:
    with dns_server(zone({})) as server:
        servers = [NameServer("127.0.0.1", server.port)]

        def pinned(host: str) -> tuple[tuple[str, ...], str]:
            return ("10.9.9.9",), "ok"

        outcome = resolve(GBL, servers, ("10.9.9.9",), Deadline.after(5), pinned, 1.0)
        elsewhere = resolve(GBL, servers, ("10.8.8.8",), Deadline.after(5), pinned, 1.0)
    assert outcome.hosts_file is True
    assert outcome.value()["resolver"] is None
    assert elsewhere.hosts_file is False


def test_the_real_system_resolver_knows_localhost_and_not_an_empty_label() -> None:
    addresses, word = system_lookup("localhost")
    assert word == "ok"
    assert set(addresses) & {"127.0.0.1", "::1"}
    assert system_lookup("a..b")[1] != "ok"


def soa(name: str, primary: str, *, own: bool, begins: tuple[str, str] | None = None) -> Answerer:
    """A server that says no and names the zone; `begins` is a CNAME that leads there."""

    def answer(query: dns.message.Message, way: str) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.NXDOMAIN)
        reply.flags = reply.flags | dns.flags.AA if own else reply.flags & ~dns.flags.AA
        if begins:
            reply.answer.append(dns.rrset.from_text(f"{begins[0]}.", 60, "IN", "CNAME", f"{begins[1]}."))
        record = f"{primary}. admin.{primary}. 1 60 60 60 60"
        reply.authority.append(dns.rrset.from_text(name, 60, "IN", "SOA", record))
        return reply

    return answer


@pytest.mark.parametrize(
    ("name", "primary", "own", "begins", "private"),
    [
        ("privatelink.his.arc.azure.com.", "azureprivatedns.net", False, True, True),
        ("his.arc.azure.com.", "dc01.corp.example", True, False, True),
        ("his.arc.azure.com.", "dc01.corp.example", False, False, None),
        ("arc.azure.com.", "ns1-07.azure-dns.com", False, False, False),
        ("azure.com.", "ns1-205.azure-dns.com", True, False, False),
        # A network without internet names says no to everything: that is no zone for Azure.
        (".", "dc01.corp.example", True, False, None),
        ("com.", "dc01.corp.example", True, False, None),
        ("corp.example.", "dc01.corp.example", True, False, None),
    ],
)
def test_whose_zone_says_no(name: str, primary: str, own: bool, begins: bool, private: bool | None) -> None:
    cname = (GBL, "gbl.privatelink.his.arc.azure.com") if begins else None
    with dns_server(soa(name, primary, own=own, begins=cname)) as server:
        asked = NameServer("127.0.0.1", server.port)
        value = resolve(GBL, [asked], (), Deadline.after(5), answered_by(asked), 1.0).value()
    assert (value["result"], value["private_zone"]) == ("nxdomain", private)
    assert value["zone"] == name.rstrip(".")


def test_a_search_domain_that_swallows_the_name_is_noticed() -> None:
    def with_suffix(host: str) -> tuple[tuple[str, ...], str]:
        return ((), "nxdomain") if host.endswith(".") else (("10.4.4.4",), "ok")

    with dns_server(zone({})) as server:
        servers = [NameServer("127.0.0.1", server.port)]
        swallowed = resolve(GBL, servers, (), Deadline.after(5), with_suffix, 1.0).value()
        plain = resolve(GBL, servers, (), Deadline.after(5), lambda host: (("10.4.4.4",), "ok"), 1.0).value()
    assert (swallowed["result"], swallowed["search_suffix"]) == ("ok", True)
    # Known to the system by other means, such as a file or a name service of its own.
    assert plain["search_suffix"] is False


def test_an_address_of_each_family_is_told() -> None:
    records = {GBL: [("A", "20.1.1.1"), ("AAAA", "2603:1030::1")]}
    with dns_server(zone(records)) as server:
        answer = ask(NameServer("127.0.0.1", server.port), GBL, Deadline.after(3))
    assert answer.addresses == ("20.1.1.1", "2603:1030::1")


def test_a_name_that_another_name_server_knows() -> None:
    records = {GBL: [("A", "20.1.1.1")]}
    with dns_server(zone({})) as none, dns_server(zone(records)) as other:
        denies, knows = NameServer("127.0.0.1", none.port), NameServer("127.0.0.1", other.port)
        both = resolve(GBL, [denies, knows], (), Deadline.after(5), answered_by(denies), 1.0).value()
        alone = resolve(GBL, [denies], (), Deadline.after(5), answered_by(denies), 1.0).value()
    assert (both["result"], both["known_elsewhere"], alone["known_elsewhere"]) == ("nxdomain", True, False)


def test_one_name_server_without_a_way_to_it_is_no_missing_route() -> None:
    with dns_server(zone({})) as server:
        good, lost = NameServer("127.0.0.1", server.port), NameServer("0.0.0.0", 0)
        value = resolve(GBL, [good, lost], (), Deadline.after(5), answered_by(good), 1.0).value()
    assert (value["result"], value["no_route"]) == ("nxdomain", False)
