from __future__ import annotations

import socket
import threading
from dataclasses import replace

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.probe.answerer import is_block_page, name_of
from arcdiag.collect.probe.message import Answer
from arcdiag.collect.probe.proxy import ProxyWay, proxy_value
from arcdiag.collect.probe.web import web_value
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import ClockSample, Sink
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.subject import Subject
from tests.collect.certificates import trust_of
from tests.collect.servers import connect_proxy, http_answer, http_server, tcp_server

HOST = "www.msftconnecttest.com"
TRUST = trust_of(trustme.CA())
SQUID = (
    "Server: squid/5.7\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Type: text/html\r\n",
    b"<html><body>Access Denied.</body></html>",
)


def lookup(host: str) -> tuple[tuple[str, ...], str]:
    return ((), "nxdomain") if host.startswith("gone") else (("127.0.0.1",), "ok")


def ask(port: int, proxy: str | None = None, host: str = HOST) -> tuple[dict[str, object], list[ClockSample]]:
    world = World(FactMaker("2024-10-01T09:00:00Z", "root"), TRUST, (), {}, Deadline.after(20), lookup)
    sink = Sink("probe.web", Subject.endpoint(host))
    value = web_value((host, port), parse_proxy(proxy) if proxy else None, world, sink)
    return value, sink.close()[1]


@pytest.mark.parametrize(
    ("answer", "result", "who"),
    [
        (http_answer("200 OK", body=b"Microsoft Connect Test"), "ok", None),
        (http_answer("302 Found", "Location: https://portal.hotel.example/login\r\n"), "portal", None),
        (http_answer("511 Network Authentication Required"), "portal", None),
        (http_answer("200 OK", "Server: Zscaler/6.2\r\n", b"<html>sign in</html>"), "replaced", "Zscaler"),
        # Sent on within the same host: odd, but nobody else's page.
        (http_answer("301 Moved Permanently", f"Location: https://{HOST}/x\r\n"), "replaced", None),
    ],
)
def test_who_answers_in_place_of_a_known_page(answer: bytes, result: str, who: str | None) -> None:
    with http_server(answer) as server:
        value, _ = ask(server.port)
    assert (value["result"], value["answered_by"]) == (result, who)


def test_the_page_tells_the_time_without_tls() -> None:
    date = "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
    with http_server(http_answer("200 OK", date, b"Microsoft Connect Test")) as server:
        _, samples = ask(server.port)
    assert samples[0].host == HOST and samples[0].seconds > 3600


def test_without_a_connection_or_a_name_nothing_is_said_of_a_portal() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert ask(unused.getsockname()[1])[0]["result"] == "unreached"
    assert ask(80, host="gone.example")[0]["result"] == "unreached"


def test_a_proxy_is_asked_for_the_page_and_may_say_no() -> None:
    with http_server(http_answer("403 Forbidden", *SQUID)) as proxy:
        value, _ = ask(80, f"http://arc:pw@127.0.0.1:{proxy.port}")
    assert (value["result"], value["answered_by"], value["block_page"]) == ("refused", "Squid", True)
    assert proxy.seen[0].startswith(f"GET http://{HOST}/connecttest.txt HTTP/1.1".encode())
    assert b"Proxy-Authorization: Basic YXJjOnB3" in proxy.seen[0]


def test_a_proxy_that_never_speaks_is_silent_and_one_that_complains_answers() -> None:
    done = threading.Event()
    with tcp_server(lambda link: bool(done.wait(10)) and None) as mute:
        way = ProxyWay(parse_proxy(f"http://127.0.0.1:{mute.port}"), lookup, TRUST)
        assert proxy_value(way, Deadline.after(20))["result"] == "silent"
        with pytest.raises(TimeoutError):
            deadline = Deadline.after(0)
            proxy_value(way, replace(deadline))
        done.set()
    with http_server(http_answer("400 Bad Request", "Server: squid/5.7\r\n")) as squid:
        value = proxy_value(ProxyWay(parse_proxy(f"http://127.0.0.1:{squid.port}"), lookup, TRUST), Deadline.after(20))
    assert (value["result"], value["status"], value["answered_by"]) == ("answered", 400, "Squid")


def test_the_refusal_of_a_tunnel_says_who_refuses_and_why() -> None:
    answers = {
        "login": http_answer("403 Forbidden", *SQUID),
        "arm": http_answer("302 Found", "Location: http://block.corp.example/\r\n"),
        "his": http_answer("503 Service Unavailable", "X-Squid-Error: ERR_DNS_FAIL 0\r\n"),
        "pas": http_answer("407 Proxy Authentication Required", "Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n"),
    }  # fmt: skip
    with connect_proxy(lambda target, head: answers[target.partition(".")[0]]) as proxy:
        way = ProxyWay(parse_proxy(f"http://127.0.0.1:{proxy.port}"), lookup, TRUST)
        said = {name: way.open(f"{name}.example", 443, Deadline.after(5)).value() for name in answers}
    assert {name: value["result"] for name, value in said.items()} == {
        "login": "forbidden",
        "arm": "redirect",
        "his": "bad-gateway",
        "pas": "auth-required",
    }
    assert (said["login"]["answered_by"], said["login"]["block_page"]) == ("Squid", True)
    assert said["his"]["proxy_error"] == "ERR_DNS_FAIL"
    assert (said["pas"]["only_integrated"], said["pas"]["credentials_sent"]) == (True, False)


def test_a_page_is_a_block_page_only_if_it_is_one() -> None:
    html = Answer(403, "Forbidden", (("content-type", "text/html"),))
    assert is_block_page(html, "<html>This site is blocked by your web filter</html>")
    assert not is_block_page(html, "<html>Not found</html>")
    assert not is_block_page(Answer(403, "Forbidden", (("content-type", "application/json"),)), '{"error":"blocked"}')
    assert name_of(Answer(403, "", (("via", "1.1 edge"),)), "") == "1.1 edge"
