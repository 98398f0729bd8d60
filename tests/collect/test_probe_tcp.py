from __future__ import annotations

import errno
import socket

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.address import class_of, common_class
from arcdiag.collect.probe.tcp import _Race, connect, result_of
from tests.collect.servers import tcp_server


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_listening_port_answers() -> None:
    with tcp_server(lambda link: link.sendall(b"hello")) as server:
        outcome = connect(["127.0.0.1"], server.port, Deadline.after(5))
        assert outcome.stream is not None
        assert outcome.stream.receive(Deadline.after(5)) == b"hello"
        outcome.stream.close()
    value = outcome.value(server.port)
    assert (value["result"], value["address"], value["errno"], value["ipv6"]) == ("ok", "127.0.0.1", None, None)


def test_a_closed_port_refuses_with_its_number() -> None:
    port = closed_port()
    value = connect(["127.0.0.1"], port, Deadline.after(5)).value(port)
    assert (value["result"], value["errno_name"], value["port"]) == ("refused", "ECONNREFUSED", port)
    assert value["attempts"][0]["result"] == "refused"


def test_a_refusal_at_once_may_be_this_machines_own() -> None:
    """Of a reset no sender is told; one that took its time came from elsewhere."""
    port = closed_port()
    assert connect(["127.0.0.1"], port, Deadline.after(5)).value(port)["own_filter"] is None
    late = _Race(["192.0.2.1"], 443, None)
    late._start -= 0.02
    late._note("192.0.2.1", "refused", errno.ECONNREFUSED)
    assert late.outcome().value(443)["own_filter"] is False


def test_one_family_that_works_is_enough_and_ipv4_is_preferred() -> None:
    with tcp_server(lambda link: None, "::1") as six:
        outcome = connect(["::1", "127.0.0.1"], six.port, Deadline.after(5))
        assert (outcome.result, outcome.chosen.address if outcome.chosen else "") == ("ok", "::1")
        value = outcome.value(six.port)
    assert (value["ipv4"], value["ipv6"]) == ("refused", "ok")
    with tcp_server(lambda link: None) as four:
        outcome = connect(["::1", "127.0.0.1"], four.port, Deadline.after(5))
    assert (outcome.result, outcome.chosen.address if outcome.chosen else "") == ("ok", "127.0.0.1")


def test_when_all_fail_ipv4_speaks_for_the_name() -> None:
    port = closed_port()
    outcome = connect(["::1", "127.0.0.1"], port, Deadline.after(1))
    assert outcome.chosen is not None
    assert (outcome.chosen.address, outcome.result) == ("127.0.0.1", "refused")


def test_a_full_queue_is_a_timeout_within_the_limit() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        outcome = connect(["127.0.0.1"], port, Deadline.after(0.4))
        for filler in fillers:
            filler.close()
    assert outcome.result == "timeout"
    assert outcome.stream is None


def test_no_address_is_no_success() -> None:
    outcome = connect([], 443, Deadline.after(1))
    assert (outcome.result, outcome.stream, outcome.value(443)["address"]) == ("error", None, None)


@pytest.mark.parametrize(
    ("number", "result"),
    [
        (errno.ENETUNREACH, "no-route"),
        (errno.EHOSTUNREACH, "host-unreachable"),
        (errno.ECONNRESET, "reset"),
        (errno.EPERM, "blocked-locally"),
        (10013, "blocked-locally"),
        (10060, "timeout"),
        (10061, "refused"),
        (10065, "host-unreachable"),
        (errno.EADDRNOTAVAIL, "ports-exhausted"),
        (10055, "ports-exhausted"),
    ],
)
def test_numbers_of_both_systems_have_the_same_words(number: int, result: str) -> None:
    assert result_of(OSError(number, "text in any language")) == result


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("20.42.1.1", "public"),
        ("172.15.0.1", "public"),
        ("172.16.0.1", "private"),
        ("192.168.7.7", "private"),
        ("100.64.0.9", "private"),
        ("fd12::1", "private"),
        ("fe80::1%eth0", "private"),
        ("2603:1030::1", "public"),
        ("127.0.0.9", "loopback"),
        ("0.0.0.0", "loopback"),
        ("::1", "loopback"),
        ("::", "loopback"),
        ("192.0.2.1", "reserved"),
        ("198.18.0.5", "reserved"),
        ("203.0.113.9", "reserved"),
        ("240.0.0.1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("::ffff:10.0.0.1", "private"),
    ],
)
def test_classes_of_addresses(address: str, kind: str) -> None:
    assert class_of(address) == kind


def test_ipv4_decides_the_class_of_a_name() -> None:
    assert common_class(["10.0.0.4", "2603:1030::1"]) == "private"
    assert common_class(["10.0.0.4", "20.1.1.1"]) == "mixed"
    assert common_class(["2603:1030::1"]) == "public"
    assert common_class([]) is None
