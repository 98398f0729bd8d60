from __future__ import annotations

import base64
import socket

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.probe.no_proxy import goes_past
from arcdiag.collect.probe.proxy import ProxyError, ProxyWay, proxy_value
from arcdiag.collect.probe.tls import shake_hands
from tests.collect.certificates import server_context, trust_of
from tests.collect.servers import connect_proxy, http_answer, http_server, reset, tcp_server

HOST = "login.microsoftonline.com"
AUTHORITY = trustme.CA()
NAMES = {"proxy.corp.example": ("127.0.0.1",), "gone.example": ()}


def lookup(host: str) -> tuple[tuple[str, ...], str]:
    addresses = NAMES.get(host, ())
    return addresses, "ok" if addresses else "nxdomain"


def way(url: str) -> ProxyWay:
    return ProxyWay(parse_proxy(url), lookup, trust_of(AUTHORITY))


def test_a_tunnel_leads_to_tls_with_the_host() -> None:
    context = server_context(AUTHORITY.issue_cert(HOST))
    with http_server(http_answer("200 OK"), context) as far, connect_proxy(lambda target, head: far.port) as proxy:
        through = way(f"http://proxy.corp.example:{proxy.port}")
        outcome = through.open(HOST, 443, Deadline.after(5))
        assert outcome.stream is not None
        tls = shake_hands(outcome.stream, HOST, trust_of(AUTHORITY), Deadline.after(5), lambda deadline: None)
        assert tls.stream is not None
        tls.stream.close()
    assert (outcome.result, tls.result) == ("ok", "ok")
    assert proxy.seen[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n".encode())
    assert b"authorization" not in proxy.seen[0].lower()


def test_tls_inside_a_proxy_that_speaks_tls_itself() -> None:
    context = server_context(AUTHORITY.issue_cert(HOST))
    own = server_context(AUTHORITY.issue_cert("proxy.corp.example"))
    with http_server(http_answer("200 OK"), context) as far, connect_proxy(lambda t, h: far.port, own) as proxy:
        outcome = way(f"https://proxy.corp.example:{proxy.port}").open(HOST, 443, Deadline.after(5))
        assert outcome.result == "ok"


BLOCK_PAGE = b"<html><title>Blocked by Contoso</title>" + b"x" * 9000


@pytest.mark.parametrize(
    ("answer", "result", "status", "phrase"),
    [
        (
            http_answer("403 Forbidden by policy", "Server: squid\r\n", BLOCK_PAGE),
            "forbidden",
            403,
            "Forbidden by policy",
        ),
        (http_answer("502 Bad Gateway"), "bad-gateway", 502, "Bad Gateway"),
        (http_answer("503 Service Unavailable"), "bad-gateway", 503, "Service Unavailable"),
        (http_answer("500 Error", "X-Squid-Error: ERR_CANNOT_FORWARD 0\r\n"), "bad-gateway", 500, "Error"),
        (http_answer("302 Found", "Location: https://sso.corp.example/login\r\n"), "redirect", 302, "Found"),
        (http_answer("400 Bad Request"), "refused-other", 400, "Bad Request"),
        (b"HTTP/1.0 405\r\n\r\n", "refused-other", 405, ""),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not-http", None, None),
        (b"", "closed", None, None),
    ],
)
def test_what_a_proxy_can_say_no_with(answer: bytes, result: str, status: int | None, phrase: str | None) -> None:
    with connect_proxy(lambda target, head: answer) as proxy:
        outcome = way(f"http://127.0.0.1:{proxy.port}").open(HOST, 443, Deadline.after(5))
    value = outcome.value()
    assert (value["result"], value["status"], value["reason_phrase"]) == (result, status, phrase)
    assert outcome.stream is None
    assert len(value["body"]) <= 2048


def test_a_challenge_names_its_schemes() -> None:
    headers = 'Proxy-Authenticate: Negotiate\r\nPROXY-AUTHENTICATE: NTLM\r\nProxy-Authenticate: Basic realm="x"\r\n'
    with connect_proxy(lambda target, head: http_answer("407 Proxy Authentication Required", headers)) as proxy:
        value = way(f"http://127.0.0.1:{proxy.port}").open(HOST, 443, Deadline.after(5)).value()
    assert (value["result"], value["schemes"]) == ("auth-required", ["basic", "negotiate", "ntlm"])
    assert value["proxy"] == f"127.0.0.1:{proxy.port}"


def test_credentials_of_the_setting_are_sent_and_never_shown() -> None:
    with connect_proxy(lambda target, head: http_answer("403 Forbidden")) as proxy:
        outcome = way(f"http://arc%40corp:p%3Ass@127.0.0.1:{proxy.port}").open(HOST, 443, Deadline.after(5))
    assert base64.b64encode(b"arc@corp:p:ss") in proxy.seen[0]
    assert "p:ss" not in str(outcome.value())
    assert "p:ss" not in repr(way("http://arc%40corp:p%3Ass@127.0.0.1:1").url)


def test_an_answer_after_an_interim_one_counts() -> None:
    answer = b"HTTP/1.1 100 Continue\r\n\r\n" + http_answer("407 No")
    with connect_proxy(lambda target, head: answer) as proxy:
        assert way(f"http://127.0.0.1:{proxy.port}").open(HOST, 443, Deadline.after(5)).result == "auth-required"


def test_a_proxy_that_is_not_there_has_a_word() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert proxy_value(way(f"http://127.0.0.1:{port}"), Deadline.after(5))["result"] == "refused"
    assert proxy_value(way("http://gone.example:8080"), Deadline.after(5))["result"] == "nxdomain"
    with pytest.raises(ProxyError, match="nxdomain"):
        way("http://gone.example:8080").open(HOST, 443, Deadline.after(5))


def test_a_proxy_that_takes_connections_and_then_says_nothing() -> None:
    def drop(link: socket.socket) -> None:
        link.recv(10)
        reset(link)

    with tcp_server(drop) as server:
        through = way(f"http://proxy.corp.example:{server.port}")
        assert proxy_value(through, Deadline.after(5))["result"] == "answered"
        assert through.open(HOST, 443, Deadline.after(5)).result == "closed"


@pytest.mark.parametrize(
    ("text", "host", "port", "problem", "shown"),
    [
        ("http://proxy:8080", "proxy", 8080, None, "http://proxy:8080"),
        ("proxy:3128", "proxy", 3128, None, "proxy:3128"),
        ("http://u:p@ss/word@proxy:8080/", "", 0, "bad-host", "http://proxy:8080/"),
        ("http://PROXY.Corp.example.:8080", "proxy.corp.example", 8080, None, "http://PROXY.Corp.example.:8080"),
        ("http://[fd00::1]:8080", "fd00::1", 8080, None, "http://[fd00::1]:8080"),
        ("http://proxy", "proxy", 80, "port-missing", "http://proxy"),
        ("https://proxy", "proxy", 443, "port-missing", "https://proxy"),
        ("http://http://proxy:8080", "", 0, "scheme-twice", "http://http://proxy:8080"),
        ("http:proxy:8080", "", 0, "scheme-twice", "http:proxy:8080"),
        ("http://proxy:8080\n", "", 0, "blank", "http://proxy:8080"),
        ("http://my proxy:8080", "", 0, "blank", "http://my proxy:8080"),
        ("http://proxy:80a", "proxy", 0, "bad-port", "http://proxy:80a"),
        ("http://proxy:70000", "proxy", 0, "bad-port", "http://proxy:70000"),
        ("http://:8080", "", 0, "no-host", "http://:8080"),
        ("ftp://proxy:21", "", 0, "unsupported-scheme", "ftp://proxy:21"),
        ("http://pro<xy:8080", "", 0, "bad-host", "http://pro<xy:8080"),
    ],
)
def test_proxy_settings(text: str, host: str, port: int, problem: str | None, shown: str) -> None:
    url = parse_proxy(text)
    assert (url.host, url.port, url.problem, url.shown) == (host, port, problem, shown)


@pytest.mark.parametrize(
    ("host", "entries", "past"),
    [
        ("gbl.his.arc.azure.com", ["azure.com"], True),
        ("gbl.his.arc.azure.com", [".azure.com"], True),
        ("azure.com", [".azure.com"], False),
        ("gbl.his.arc.azure.com", ["*.azure.com"], True),
        ("gbl.his.arc.azure.com", ["his.arc.azure.com:443"], True),
        ("gbl.his.arc.azure.com", ["his.arc.azure.com:8443"], False),
        ("notazure.com", ["azure.com"], False),
        ("10.1.2.3", ["10.0.0.0/8"], True),
        ("10.1.2.3", ["10.1.2.4"], False),
        ("management.azure.com", ["", " ", "localhost"], False),
        ("management.azure.com", ["localhost", "*"], True),
        ("MANAGEMENT.azure.com.", ["Management.Azure.com"], True),
    ],
)
def test_no_proxy_is_read_as_the_agent_reads_it(host: str, entries: list[str], past: bool) -> None:
    assert goes_past(host, 443, entries) is past


def test_a_proxy_that_hangs_up_without_a_word() -> None:
    with tcp_server(lambda link: None) as server:
        value = proxy_value(way(f"http://127.0.0.1:{server.port}"), Deadline.after(5))
    assert (value["result"], value["hung_up"]) == ("answered", True)


def test_a_proxy_that_resets_at_once_hangs_up_too() -> None:
    """The reset comes now before and now after the call that connects has returned: both mean the same."""
    with tcp_server(reset) as server:
        here = way(f"http://127.0.0.1:{server.port}")
        said = {(v["result"], v["hung_up"]) for v in (proxy_value(here, Deadline.after(5)) for _ in range(100))}
        asked = {here.open(HOST, 443, Deadline.after(5)).result for _ in range(100)}
    assert (said, asked) == ({("answered", True)}, {"closed"})
