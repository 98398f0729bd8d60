from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe import second_look
from arcdiag.collect.probe.public_roots import PublicRoots
from arcdiag.collect.probe.second_look import Reopen
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.tcp import SMALL_SEGMENT, connect
from arcdiag.collect.probe.tls import TlsOutcome, shake_hands
from arcdiag.collect.probe.trust import TrustStore, blind_context, verifying_context
from tests.collect.certificates import DAY, NOW, server_context, trust_of
from tests.collect.servers import Handler, http_answer, http_server, reset, tcp_server
from tests.lab.network.certificates import authorities, impostor, leaf

HOST = "gbl.his.arc.azure.com"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Microsoft Corporation")


def reach(port: int, segment: int | None = None) -> Reopen:
    def open_(deadline: Deadline) -> Stream | None:
        return connect(["127.0.0.1"], port, deadline, segment).stream

    return open_


def shake(port: int, trust: TrustStore, narrow: Reopen | None = None, host: str = HOST) -> TlsOutcome:
    deadline = Deadline.after(20)
    stream = reach(port)(deadline)
    assert stream is not None
    return shake_hands(stream, host, trust, deadline, reach(port), narrow)


def by_name(authority: trustme.CA, cut: Callable[[socket.socket], None], *names: str) -> Handler:
    """A device that looks for names in the ClientHello and cuts; whoever names none of them reaches the server."""
    context = server_context(authority.issue_cert(HOST))

    def handle(link: socket.socket) -> None:
        hello = link.recv(4096, socket.MSG_PEEK)
        if any(name.encode() in hello for name in names):
            link.recv(4096)
            cut(link)
            return
        with context.wrap_socket(link, server_side=True) as tls:
            tls.recv(100)

    return handle


@pytest.mark.parametrize(("cut", "result"), [(reset, "reset"), (lambda link: link.close(), "eof")])
def test_a_filter_by_name_lets_other_names_pass(
    authority: trustme.CA, cut: Callable[[socket.socket], None], result: str
) -> None:
    with tcp_server(by_name(authority, cut, HOST)) as server:
        value = shake(server.port, trust_of(authority)).value(HOST)
    assert (value["result"], value["name_matters"]) == (result, True)
    assert (value["without_name"], value["other_name"]) == ("done", "done")


def test_whoever_cuts_every_name_does_not_look_at_names(authority: trustme.CA) -> None:
    def handle(link: socket.socket) -> None:
        link.recv(4096)
        reset(link)

    with tcp_server(handle) as server:
        value = shake(server.port, trust_of(authority)).value(HOST)
    assert (value["result"], value["name_matters"], value["without_name"]) == ("reset", False, "reset")


def small(link: socket.socket) -> bool:
    return link.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG) <= SMALL_SEGMENT


def test_large_packets_that_vanish_are_told_from_a_silent_server(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arcdiag.collect.probe.tls.TLS_SECONDS", 0.4)
    monkeypatch.setattr(second_look, "SECONDS", 1.5)
    context = server_context(authority.issue_cert(HOST))
    done = threading.Event()

    def black_hole(link: socket.socket) -> None:
        if not small(link):
            link.recv(4096)
            done.wait(10)
            return
        with context.wrap_socket(link, server_side=True) as tls:
            tls.recv(100)

    def silent(link: socket.socket) -> None:
        link.recv(4096)
        done.wait(10)

    with tcp_server(black_hole) as server:
        lost = shake(server.port, trust_of(authority), reach(server.port, SMALL_SEGMENT)).value(HOST)
    with tcp_server(silent) as server:
        mute = shake(server.port, trust_of(authority), reach(server.port, SMALL_SEGMENT)).value(HOST)
        untold = shake(server.port, trust_of(authority)).value(HOST)
        done.set()
    assert (lost["result"], lost["large_packets_lost"], lost["small_packets"]) == ("timeout", True, "done")
    assert (mute["result"], mute["large_packets_lost"], mute["name_matters"]) == ("timeout", False, False)
    assert untold["large_packets_lost"] is None


def test_a_server_that_is_slow_once_loses_no_large_packets(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arcdiag.collect.probe.tls.TLS_SECONDS", 0.4)
    context = server_context(authority.issue_cert(HOST))
    first, done = threading.Event(), threading.Event()

    def handle(link: socket.socket) -> None:
        if not first.is_set():
            first.set()
            done.wait(10)
            return
        with context.wrap_socket(link, server_side=True) as tls:
            tls.recv(100)

    with tcp_server(handle) as server:
        value = shake(server.port, trust_of(authority), reach(server.port, SMALL_SEGMENT)).value(HOST)
        done.set()
    assert (value["result"], value["again"], value["large_packets_lost"]) == ("timeout", "done", False)


def served(context: ssl.SSLContext, trust: TrustStore) -> dict[str, object]:
    with http_server(http_answer("400 Bad Request"), context) as server:
        return shake(server.port, trust).value(HOST)


def test_the_public_authorities_judge_beside_the_machines_own(
    authority: trustme.CA, tmp_path: pytest.TempPathFactory
) -> None:
    public = f"{tmp_path}/public.pem"
    authority.cert_pem.write_to_path(public)
    nobody = TrustStore(verifying_context(), blind_context(), "test", 0, PublicRoots(public))
    genuine = served(server_context(authority.issue_cert(HOST)), nobody)
    assert (genuine["result"], genuine["trusted"], genuine["public_issuer"]) == ("untrusted", False, True)
    inspector = trustme.CA(organization_name="Contoso Web Security")
    inspected = served(server_context(inspector.issue_cert(HOST)), nobody)
    assert (inspected["public_issuer"], inspected["microsoft_issuer"]) == (False, False)
    assert "Contoso" in str(inspected["missing_issuer"])
    late = authority.issue_cert(HOST, not_before=NOW - 10 * DAY, not_after=NOW - DAY)
    expired = served(server_context(late), nobody)
    # The agent's own TLS looks at the dates first; who signed is a matter of its own.
    assert (expired["result"], expired["trusted"], expired["public_issuer"]) == ("expired", False, True)


def test_borrowed_names_are_no_signatures(tmp_path: Path) -> None:
    made, device = authorities(), impostor()
    public = tmp_path / "public.pem"
    public.write_bytes(made.roots)
    roots, stranger = PublicRoots(str(public)), PublicRoots("/nonexistent")
    genuine = ders(leaf(made.azure, [HOST]) + made.azure.pem)
    borrowed = ders(leaf(device, [HOST]) + device.pem)
    assert (roots.vouch_for(genuine), roots.contradict(genuine)) == (True, False)
    assert (roots.vouch_for(borrowed), roots.contradict(borrowed)) == (False, True)
    # The genuine intermediate behind a leaf of the device, as whoever copies a chain would serve it.
    assert stranger.contradict(ders(leaf(device, [HOST]) + made.azure.pem))
    assert not stranger.contradict(borrowed)
    assert not roots.contradict(genuine[:1])
    assert not roots.contradict([])


def ders(pem: bytes) -> list[bytes]:
    mark = "-----BEGIN CERTIFICATE-----"
    return [ssl.PEM_cert_to_DER_cert(mark + block) for block in pem.decode().split(mark)[1:]]


def test_a_list_of_authorities_that_is_not_there_knows_nothing() -> None:
    leaf = trustme.CA().issue_cert(HOST).cert_chain_pems[0].bytes().decode()
    assert PublicRoots("/nonexistent").vouch_for([ssl.PEM_cert_to_DER_cert(leaf)]) is None
    assert PublicRoots().vouch_for([]) is None
    assert PublicRoots().vouch_for([b"no certificate"]) is None


def test_the_name_comes_before_the_issuer_as_in_the_agent(authority: trustme.CA) -> None:
    portal = trustme.CA(organization_name="Hotel").issue_cert("portal.example")
    value = served(server_context(portal), trust_of(authority))
    assert (value["result"], value["trusted"], value["name_matches"]) == ("name-mismatch", False, False)


def test_suites_that_the_agent_lacks_are_no_common_ground(authority: trustme.CA) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256")
    verifying = verifying_context()
    authority.configure_trust(verifying)
    value = served(context, TrustStore(verifying, blind_context(), "test", 1))
    assert (value["result"], value["alert"]) == ("alert", 40)
