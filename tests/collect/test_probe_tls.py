from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.http import get
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.tcp import connect
from arcdiag.collect.probe.tls import TlsOutcome, shake_hands
from arcdiag.collect.probe.trust import TrustStore
from arcdiag.knowledge.data_types import EndpointRule
from arcdiag.knowledge.endpoints import endpoint_host
from tests.collect.certificates import DAY, NOW, Authority, server_context, trust_of
from tests.collect.servers import http_answer, http_server, reset, tcp_server

HOST = "gbl.his.arc.azure.com"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="DigiCert Inc")


def reach(port: int) -> Callable[[Deadline], Stream | None]:
    return lambda deadline: connect(["127.0.0.1"], port, deadline).stream


def shake(port: int, trust: TrustStore, host: str = HOST, seconds: float = 5.0) -> TlsOutcome:
    deadline = Deadline.after(seconds)
    stream = reach(port)(deadline)
    assert stream is not None
    return shake_hands(stream, host, trust, deadline, reach(port))


@contextmanager
def served(context: ssl.SSLContext) -> Iterator[int]:
    with http_server(http_answer("400 Bad Request"), context) as server:
        yield server.port


def test_a_trusted_certificate_goes_on_to_http(authority: trustme.CA) -> None:
    with served(server_context(authority.issue_cert(HOST))) as port:
        outcome = shake(port, trust_of(authority))
        value = outcome.value(HOST)
        assert outcome.stream is not None
        rule = EndpointRule(endpoint="test", purpose="a test", when="always", expect=(400,))
        answer = get(outcome.stream, endpoint_host("test", HOST, rule), Deadline.after(5))
    assert (value["result"], value["version"], value["trusted"]) == ("ok", "TLSv1.3", True)
    assert value["microsoft_issuer"] is True
    assert "DigiCert Inc" in value["issuer"]
    assert (value["name_matches"], value["valid_now"], value["names"]) == (True, True, [HOST])
    assert answer.result == "ok"


def test_an_unknown_authority_is_named(authority: trustme.CA) -> None:
    inspector = trustme.CA(organization_name="Contoso Web Security")
    with served(server_context(inspector.issue_cert(HOST))) as port:
        outcome = shake(port, trust_of(authority))
    value = outcome.value(HOST)
    assert (value["result"], value["trusted"], value["microsoft_issuer"]) == ("untrusted", False, False)
    assert "Contoso Web Security" in value["issuer"]
    assert value["name_matches"] is True
    assert outcome.stream is None


def test_a_genuine_issuer_without_its_root_is_told_apart_from_inspection() -> None:
    with served(server_context(trustme.CA(organization_name="Microsoft Corporation").issue_cert(HOST))) as port:
        value = shake(port, trust_of(trustme.CA())).value(HOST)
    assert (value["result"], value["microsoft_issuer"]) == ("untrusted", True)


@pytest.mark.parametrize(
    ("begin", "end", "result"),
    [(NOW - 10 * DAY, NOW - DAY, "expired"), (NOW + DAY, NOW + 10 * DAY, "not-yet-valid")],
)
def test_a_certificate_out_of_its_time(authority: trustme.CA, begin: object, end: object, result: str) -> None:
    leaf = authority.issue_cert(HOST, not_before=begin, not_after=end)  # type: ignore[arg-type]
    with served(server_context(leaf)) as port:
        outcome = shake(port, trust_of(authority))
    value = outcome.value(HOST)
    assert (value["result"], value["trusted"], value["valid_now"]) == (result, True, False)
    assert outcome.blind is not None
    assert value["not_after"].endswith("Z")


def test_a_certificate_for_another_host(authority: trustme.CA) -> None:
    with served(server_context(authority.issue_cert("portal.example", "*.portal.example"))) as port:
        value = shake(port, trust_of(authority)).value(HOST)
    assert (value["result"], value["name_matches"]) == ("name-mismatch", False)
    assert value["names"] == ["portal.example", "*.portal.example"]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_negative_serial_is_seen_whether_the_chain_is_trusted_or_not(tmp_path: Path, trusted: bool) -> None:
    own = Authority.named("Old Inspection Device")
    trust = own.trust() if trusted else trust_of(trustme.CA())
    with served(own.server(tmp_path, HOST, negative=True)) as port:
        outcome = shake(port, trust)
    assert (outcome.result, outcome.but_for_serial) == ("negative-serial", "ok" if trusted else "untrusted")
    assert outcome.trusted is trusted
    assert (outcome.stream is not None) is trusted


def test_a_positive_serial_of_the_same_authority_is_fine(tmp_path: Path) -> None:
    own = Authority.named("Old Inspection Device")
    with served(own.server(tmp_path, HOST)) as port:
        assert shake(port, own.trust()).result == "ok"


def test_no_common_protocol_is_an_alert(authority: trustme.CA) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    trust = trust_of(authority)
    trust.context.maximum_version = ssl.TLSVersion.TLSv1_2
    with served(context) as port:
        value = shake(port, trust).value(HOST)
    assert (value["result"], value["alert"]) == ("alert", 70)


def test_no_common_cipher_is_an_alert(authority: trustme.CA) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256")
    trust = trust_of(authority)
    trust.context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384")
    with served(context) as port:
        value = shake(port, trust).value(HOST)
    assert (value["result"], value["alert"]) == ("alert", 40)


def wait_then(act: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    def handle(link: socket.socket) -> None:
        link.recv(4096)
        act(link)

    return handle


def test_the_ways_in_which_a_handshake_breaks_off(authority: trustme.CA) -> None:
    trust = trust_of(authority)
    with tcp_server(wait_then(reset)) as server:
        assert shake(server.port, trust).result == "reset"
    with tcp_server(wait_then(lambda link: link.close())) as server:
        assert shake(server.port, trust).result == "eof"
    with tcp_server(wait_then(lambda link: link.sendall(http_answer("302 Found")))) as server:
        outcome = shake(server.port, trust)
    assert outcome.result == "not-tls"
    assert "HTTP/1.1 302" in str(outcome.detail)


def test_silence_is_a_timeout_of_the_layer_and_the_end_of_the_run_is_none(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arcdiag.collect.probe.tls.TLS_SECONDS", 0.3)
    done = threading.Event()
    with tcp_server(lambda link: bool(done.wait(10)) and None) as server:
        outcome = shake(server.port, trust_of(authority), seconds=30)
        assert (outcome.result, outcome.received) == ("timeout", 0)
        with pytest.raises(TimeoutError):
            shake(server.port, trust_of(authority), seconds=0.2)
        done.set()


def test_hostile_answers_never_raise(authority: trustme.CA) -> None:
    trust = trust_of(authority)
    for junk in (
        b"\x16",
        b"\x16\x03\x01\xff\xff" + b"\x00" * 70000,
        b"\x15\x03\x01\x00\x02\x02",
        b"\x00" * 5000,
        b"\xff",
    ):
        with tcp_server(wait_then(lambda link, junk=junk: link.sendall(junk))) as server:  # type: ignore[misc]
            assert shake(server.port, trust).result in {"eof", "not-tls", "error", "alert", "protocol"}
