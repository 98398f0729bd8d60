from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.probe.challenge import challenge_value
from arcdiag.collect.probe.cloud import AWS_PATH, OCI_PATH, imds_value
from arcdiag.collect.probe.local import ask_local, owner_value, status_value
from arcdiag.collect.probe.wireserver import wireserver_value
from tests.collect.machine import write
from tests.collect.servers import http_answer, http_server, tcp_server
from tests.http_head import read_head

TOKENS = "/var/opt/azcmagent/tokens"
KEY = "02aab8a4-74ef-476e-8182-f6d2ba4166a6.key"
SECRET = "not-for-print-5d1f"


def challenged(root: Path, realm: str) -> dict[str, object]:
    header = f"WWW-Authenticate: Basic realm={realm}\r\n"
    with http_server(http_answer("401 Unauthorized", header)) as server:
        value = challenge_value(LinuxHost(root), "127.0.0.1", server.port, Deadline.after(5))
    assert len(server.seen) == 1, "no second call: that one would bring a token"
    assert SECRET not in json.dumps(value)
    return value


def test_a_key_that_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, f"{TOKENS}/{KEY}", SECRET)
    value = challenged(tmp_path, f"{TOKENS}/{KEY}")
    assert (value["result"], value["key_in_token_folder"], value["key_readable"]) == ("challenged", True, True)


def test_a_key_that_is_not_there_or_empty(tmp_path: Path) -> None:
    value = challenged(tmp_path, f"{TOKENS}/{KEY}")
    assert (value["key_readable"], value["key_state"]) == (False, "absent")
    write(tmp_path, f"{TOKENS}/{KEY}", "")
    value = challenged(tmp_path, f"{TOKENS}/{KEY}")
    assert (value["key_readable"], value["key_state"]) == (False, "empty")


@pytest.mark.parametrize(
    "realm",
    [
        "/etc/shadow",
        "/etc/shadow.key",
        f"{TOKENS}/../../../../etc/secret.key",
        f"{TOKENS}-of-others/a.key",
        f"{TOKENS}/a.key.txt",
        f"{TOKENS}/sub/a.key",
        TOKENS,
    ],
)
def test_whoever_answers_cannot_make_arcdiag_read_another_file(tmp_path: Path, realm: str) -> None:
    write(tmp_path, realm if realm != TOKENS else f"{TOKENS}/{KEY}", SECRET)
    value = challenged(tmp_path, realm)
    assert (value["key_in_token_folder"], value["key_readable"]) == (False, None)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (http_answer("401 Unauthorized"), "no-challenge"),
        (http_answer("401 Unauthorized", "WWW-Authenticate: Bearer\r\n"), "no-challenge"),
        (http_answer("200 OK", body=b'{"access_token":"x"}'), "unexpected"),
        (http_answer("500 Internal Server Error"), "unexpected"),
    ],
)
def test_answers_without_a_key(tmp_path: Path, answer: bytes, result: str) -> None:
    with http_server(answer) as server:
        value = challenge_value(LinuxHost(tmp_path), "127.0.0.1", server.port, Deadline.after(5))
    assert (value["result"], value["key_readable"]) == (result, None)


def clouds(routes: dict[str, bytes], default: bytes) -> tuple[dict[str, object], list[str]]:
    asked: list[str] = []

    def handle(link: socket.socket) -> None:
        path = read_head(link).split(b" ")[1].decode()
        asked.append(path.partition("?")[0])
        link.sendall(routes.get(asked[-1], default))

    with tcp_server(handle) as server:
        return imds_value("127.0.0.1", server.port, Deadline.after(10)), asked


NOT_FOUND = http_answer("404 Not Found")
AZURE = json.dumps({"compute": {"azEnvironment": "AzurePublicCloud", "vmId": "x"}}).encode()
ORACLE = json.dumps({"compartmentId": "ocid1"}).encode()


@pytest.mark.parametrize(
    ("routes", "default", "cloud", "questions"),
    [
        ({"/metadata/instance": http_answer("200 OK", body=AZURE)}, NOT_FOUND, "azure", 1),
        ({}, http_answer("429 Too Many Requests", "Server: IMDS/150.870.65.1854\r\n"), "azure", 1),
        ({}, http_answer("404 Not Found", "Server: EC2ws\r\n"), "aws", 1),
        ({AWS_PATH: http_answer("200 OK", body=b"ami-id\ninstance-id\n")}, NOT_FOUND, "aws", 2),
        ({}, http_answer("404 Not Found", "Metadata-Flavor: Google\r\n"), "gcp", 1),
        ({OCI_PATH: http_answer("200 OK", body=ORACLE)}, NOT_FOUND, "oci", 3),
        ({}, http_answer("200 OK", body=b"[]"), "unknown", 3),
    ],
)
def test_whose_metadata_service_answers(routes: dict[str, bytes], default: bytes, cloud: str, questions: int) -> None:
    value, asked = clouds(routes, default)
    assert (value["cloud"], value["azure"], len(asked)) == (cloud, cloud == "azure", questions)


def test_without_an_answer_no_cloud_is_guessed() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        value = imds_value("127.0.0.1", unused.getsockname()[1], Deadline.after(5))
    assert (value["result"], value["cloud"], value["azure"]) == ("refused", None, False)


def test_the_agent_says_how_it_is_connected() -> None:
    body = json.dumps({"status": "Connected", "lastHeartBeat": "2024-10-01T09:00:00Z", "vmId": "v"}).encode()
    with http_server(http_answer("200 OK", body=body)) as server:
        told = status_value("127.0.0.1", server.port, Deadline.after(5))
    assert told == {"agent_status": "Connected", "last_heartbeat": "2024-10-01T09:00:00Z"}
    with http_server(NOT_FOUND) as server:
        assert status_value("127.0.0.1", server.port, Deadline.after(5))["agent_status"] is None


def test_the_hosts_own_address_answers_on_both_ports_or_says_why_not() -> None:
    with http_server(http_answer("400 Bad Request")) as server:
        value = wireserver_value("127.0.0.1", server.port, Deadline.after(5))
    assert (value["result"], value["status"], value["port"]) == ("ok", 400, server.port)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert wireserver_value("127.0.0.1", port, Deadline.after(5))["result"] == "refused"


def test_the_owner_of_a_port_is_told_from_the_program_that_should_be_there() -> None:
    with tcp_server(lambda link: None) as server:
        value = owner_value(LinuxHost(), server.port, "arcproxy")
    assert (value["listening"], value["pid"], value["listener_is_arcproxy"]) == (True, os.getpid(), False)


def test_a_local_answer_keeps_its_headers_whatever_their_case() -> None:
    with http_server(http_answer("200 OK", "SERVER: x\r\n")) as server:
        answer = ask_local("127.0.0.1", server.port, "/", 3, Deadline.after(5), {})
    assert answer.headers["server"] == "x"
    assert b"Metadata" not in server.seen[0]


def test_whoever_belongs_to_the_agents_group_is_entitled_to_the_key(tmp_path: Path) -> None:
    groups = sorted({os.getegid(), *os.getgroups()})
    write(tmp_path, "/etc/group", f"root:x:0:\nhimds:x:{max(groups) + 1}:\n")
    stranger = challenged(tmp_path, f"{TOKENS}/{KEY}")["entitled"]
    write(tmp_path, "/etc/group", f"root:x:0:\nhimds:x:{groups[0]}:\n")
    member = challenged(tmp_path, f"{TOKENS}/{KEY}")["entitled"]
    # Root is entitled whatever its groups are.
    assert (stranger, member) == (os.geteuid() == 0, True)
