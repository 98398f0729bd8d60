from __future__ import annotations

import json
import socket
import threading

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.probe.cloud import imds_value
from arcdiag.collect.probe.http import get, judge
from arcdiag.collect.probe.local import HIMDS_PATH, ask_local, himds_value
from arcdiag.collect.probe.message import MAX_HEAD, NotHttpError, read_answer
from arcdiag.collect.probe.tcp import connect
from arcdiag.knowledge.data_types import EndpointRule
from arcdiag.knowledge.endpoints import EndpointHost, endpoint_host
from tests.collect.servers import Handler, http_answer, http_server, tcp_server
from tests.http_head import read_head


def answer_with(*blocks: bytes) -> Handler:
    def handle(link: socket.socket) -> None:
        read_head(link)
        for block in blocks:
            link.sendall(block)

    return handle


def endpoint(expected: tuple[int, ...] = (200,), signs: tuple[str, ...] = ()) -> EndpointHost:
    rule = EndpointRule(endpoint="test", purpose="a test", when="always", expect=expected, signs=signs)
    return endpoint_host("test", "x.example", rule)


def ask(
    handler: Handler, expected: tuple[int, ...] = (200,), signs: tuple[str, ...] = ("x-ms-request-id",)
) -> dict[str, object]:
    with tcp_server(handler) as server:
        stream = connect(["127.0.0.1"], server.port, Deadline.after(5)).stream
        assert stream is not None
        outcome = get(stream, endpoint(expected, signs), Deadline.after(5))
        stream.close()
    return outcome.value()


def test_an_answer_in_pieces_is_one_answer() -> None:
    value = ask(answer_with(b"HT", b"TP/1.1 2", b"00 OK\r\nDate: now\r", b"\nServer: x\r\n\r\n", b"body"))
    assert (value["result"], value["status"], value["date"], value["server"]) == ("ok", 200, "now", "x")


@pytest.mark.parametrize(
    ("blocks", "detail"),
    [
        ((b"",), "closed without an answer"),
        ((b"\x15\x03\x01\x00\x02\x02\x28",), "the answer is no HTTP"),
        ((b"HTTP/2.0 200\r\n\r\n",), "the answer is no HTTP"),
        ((b"HTTP/1.1 abc\r\n\r\n",), "the answer is no HTTP"),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"a" * (MAX_HEAD + 20000),), "the answer is no HTTP"),
    ],
)
def test_what_is_no_http_is_an_error_of_the_layer(blocks: tuple[bytes, ...], detail: str) -> None:
    value = ask(answer_with(*blocks))
    assert (value["result"], value["detail"], value["status"]) == ("error", detail, None)


def test_a_body_without_end_is_cut() -> None:
    value = ask(answer_with(b"HTTP/1.1 503 No\r\nContent-Length: 99999999999999\r\n\r\n" + b"z" * 100_000))
    assert value["result"] == "unexpected"
    assert value["body"] == "z" * 2048


def test_silence_after_the_request_is_an_error_or_the_end_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcdiag.collect.probe.http.HTTP_SECONDS", 0.2)
    done = threading.Event()
    with tcp_server(lambda link: bool(done.wait(10)) and None) as server:
        stream = connect(["127.0.0.1"], server.port, Deadline.after(5)).stream
        assert stream is not None
        assert get(stream, endpoint(), Deadline.after(30)).detail == "timeout"
        with pytest.raises(TimeoutError):
            get(stream, endpoint(), Deadline.after(0))
        stream.close()
        done.set()


@pytest.mark.parametrize(
    ("status", "expected", "result"),
    [
        (301, (301,), "ok"),
        (301, (200,), "redirect"),
        (404, (), "ok"),
        (500, (), "unexpected"),
        (407, (), "unexpected"),
        (403, (200,), "unexpected"),
        (302, (), "redirect"),
    ],
)
def test_judging_a_status(status: int, expected: tuple[int, ...], result: str) -> None:
    assert judge(status, expected) == result


def test_headers_keep_doubles_and_lose_case() -> None:
    with tcp_server(answer_with(b"HTTP/1.1 401 X\r\nWww-Authenticate: A\r\nWWW-AUTHENTICATE: B\r\n\r\n")) as server:
        stream = connect(["127.0.0.1"], server.port, Deadline.after(5)).stream
        assert stream is not None
        stream.send(b"GET / HTTP/1.1\r\n\r\n", Deadline.after(5))
        answer = read_answer(stream, Deadline.after(5))
        stream.close()
    assert answer.all("www-authenticate") == ["A", "B"]
    assert answer.first("x") is None


def test_read_answer_says_what_came_instead() -> None:
    with tcp_server(answer_with(b"SSH-2.0-x\r\n")) as server:
        stream = connect(["127.0.0.1"], server.port, Deadline.after(5)).stream
        assert stream is not None
        stream.send(b"GET / HTTP/1.1\r\n\r\n", Deadline.after(5))
        with pytest.raises(NotHttpError) as caught:
            read_answer(stream, Deadline.after(5))
        stream.close()
    assert caught.value.first.startswith(b"SSH-2.0")


def local(port: int, seconds: float = 3) -> dict[str, object]:
    answer = ask_local("127.0.0.1", port, HIMDS_PATH, seconds, Deadline.after(10))
    return himds_value(LinuxHost(), answer, port)


def test_himds_answers_and_its_listener_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with http_server(http_answer("200 OK", body=b"{}")) as server:
        value = local(server.port)
    assert (value["result"], value["status"], value["listening"]) == ("ok", 200, True)
    # This test is no himds: whoever else holds the port must be told apart from it.
    assert value["listener_is_himds"] is False
    assert b"Metadata: true" in server.seen[0]


def test_himds_that_is_not_there_or_answers_something_else() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        value = local(unused.getsockname()[1])
    assert (value["result"], value["detail"], value["listening"]) == ("refused", "ECONNREFUSED", False)
    with http_server(http_answer("302 Found", "Location: http://127.0.0.1:9/\r\n")) as server:
        value = local(server.port)
    assert (value["result"], value["status"]) == ("unexpected", 302)
    assert len(server.seen) == 1
    done = threading.Event()
    with tcp_server(lambda link: bool(done.wait(10)) and None) as hung:
        assert local(hung.port, 0.3)["result"] == "timeout"
        done.set()


@pytest.mark.parametrize(
    ("status", "body", "azure"),
    [
        ("200 OK", {"compute": {"azEnvironment": "AzurePublicCloud", "vmId": "x"}}, True),
        ("200 OK", {"instanceId": "i-0abc"}, False),
        ("200 OK", ["compute"], False),
        ("404 Not Found", {"compute": {"vmId": "x"}}, False),
    ],
)
def test_only_azures_own_document_makes_an_azure_machine(status: str, body: object, azure: bool) -> None:
    with http_server(http_answer(status, body=json.dumps(body).encode())) as server:
        value = imds_value("127.0.0.1", server.port, Deadline.after(5))
    assert (value["result"], value["azure"]) == ("ok", azure)


@pytest.mark.parametrize(
    ("headers", "body", "result"),
    [
        ("Content-Type: text/html", "<html>This site is blocked by policy</html>", "unexpected"),
        ("Content-Type: text/html", "<html><title>FortiGuard</title></html>", "unexpected"),
        ("Content-Type: text/html\r\nx-ms-request-id: 1", "<html>blocked by our privacy policy</html>", "ok"),
        ("Content-Type: text/html\r\nServer: nginx", "<html>Welcome</html>", "ok"),
        ("Content-Type: application/json", '{"policy": "blocked"}', "ok"),
    ],
)
def test_a_filters_page_with_the_expected_status(headers: str, body: str, result: str) -> None:
    head = f"HTTP/1.1 200 OK\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n"
    value = ask(answer_with(head.encode() + body.encode()))
    assert value["result"] == result
    assert bool(value["body"]) == (result == "unexpected")
    assert ask(answer_with(head.encode() + body.encode()), signs=())["result"] == "ok"
