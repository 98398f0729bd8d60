"""What is asked after the first answer: real servers, a real plan, and the names that an answer gives."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.fetch import fetch
from arcdiag.collect.probe.plan import ProbePlan, Route, Target, make_plan
from arcdiag.collect.probe.routes import through
from arcdiag.collect.probe.second import endpoint_tasks
from arcdiag.collect.probe.world import World
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.scheduler import run_tasks
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import Fact, FactPath
from arcdiag.model.fact_maker import FactMaker
from tests.collect.certificates import server_context, trust_of
from tests.collect.machine import with_system
from tests.collect.servers import connect_proxy, http_answer, tcp_server
from tests.http_head import read_head

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")
AUTHORITY = trustme.CA(organization_name="Microsoft Corporation")
HIS, LOGIN = "gbl.his.arc.azure.com", "login.microsoftonline.com"
NAMES = (HIS, LOGIN, "weu.his.arc.azure.com", "ae.his.arc.azure.com")


def context() -> ssl.SSLContext:
    return server_context(AUTHORITY.issue_cert(*NAMES))


def answering(pages: dict[str, bytes]) -> Callable[..., None]:
    """A TLS server: the bytes for the path that is asked, 400 for any other."""
    tls = context()

    def handle(link: socket.socket) -> None:
        with tls.wrap_socket(link, server_side=True) as inside:
            head = read_head(inside).decode()
            path = head.split(" ")[1]
            found = next((page for start, page in pages.items() if path.startswith(start)), None)
            inside.sendall(found if found is not None else http_answer("400 Bad Request"))

    return handle


def world(known: dict[str, tuple[str, ...]], seconds: float = 20) -> World:
    def lookup(host: str) -> tuple[tuple[str, ...], str]:
        return known.get(host, ()), "ok" if host in known else "nxdomain"

    return World(MAKE, trust_of(AUTHORITY), (), {}, Deadline.after(seconds), lookup, 1.0)


def plan_of(rules: RuleSet, root: Path, port: int, *hosts: str, **files: str) -> ProbePlan:
    """The real plan of a bare machine, cut to some hosts that all listen on `port` here."""
    with_system(root)
    for path, text in files.items():
        (root / path.replace("__", "/")).write_text(text)
    plan = make_plan(rules, read_settings(LinuxHost(root)), CollectOptions(region="westeurope"))

    def here(target: Target) -> Target:
        return Target(replace(target.endpoint, port=port), target.route)

    return replace(
        plan,
        targets=tuple(here(t) for t in plan.targets if t.endpoint.host in hosts),
        asks=tuple(replace(a, target=here(a.target)) for a in plan.asks if a.target.endpoint.host in hosts),
        fallbacks=tuple(here(t) for t in plan.fallbacks if t.endpoint.host in hosts),
    )


def seen(plan: ProbePlan, rules: RuleSet, around: World) -> list[Fact]:
    outcome = run_tasks(list(endpoint_tasks(plan, rules, around)), around.deadline, MAKE, SilentProgress())
    return list(outcome.facts)


def only(facts: list[Fact], name: str) -> Fact:
    (found,) = [f for f in facts if f.fact == name]
    return found


def test_names_that_the_discovery_gives_are_probed_if_they_fit(rules: RuleSet, tmp_path: Path) -> None:
    body = json.dumps(
        {
            "a": "https://weu.his.arc.azure.com/",
            "evil": "https://weu.his.arc.azure.com.attacker.example/",
            "metadata": "http://169.254.169.254/ http://management.azure.com",
            "other": "x.his.arc.azure.us gbl.his.arc.azure.com third.his.arc.azure.com fourth.his.arc.azure.com",
        }
    )
    page = http_answer("200 OK", body=body.encode())
    with tcp_server(answering({"/discovery?location=westeurope": page})) as server:
        facts = seen(plan_of(rules, tmp_path, server.port, HIS), rules, world({HIS: ("127.0.0.1",)}))
    names = only(facts, "probe.names")
    assert names.value["names"] == ["weu.his.arc.azure.com", "third.his.arc.azure.com"]
    assert (names.value["result"], names.value["left_out"]) == ("ok", 1)
    hosts = {f.subject.id for f in facts if f.subject and f.fact == "probe.endpoint"}
    assert hosts == {f"{HIS}:{server.port}", "weu.his.arc.azure.com", "third.his.arc.azure.com"}
    assert {f.path for f in facts} == {FactPath.AGENT}


@pytest.mark.parametrize(
    ("page", "result"),
    [
        (http_answer("500 Internal Server Error"), "unexpected"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nae.hi\r\n11\r\ns.arc.azure.com x\r\n0\r\n\r\n",
            "ok",
        ),
        (b"SSH-2.0-x\r\n", "error"),
        (b"", "error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nae.his.arc.azure.com", "ok"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"\xff\x00" * 50_000 + b" ae.his.arc.azure.com ", "ok"),
    ],
)
def test_an_answer_of_any_kind_ends_well(rules: RuleSet, tmp_path: Path, page: bytes, result: str) -> None:
    with tcp_server(answering({"/discovery": page})) as server:
        facts = seen(plan_of(rules, tmp_path, server.port, HIS), rules, world({HIS: ("127.0.0.1",)}))
    names = only(facts, "probe.names").value
    assert (names["result"], names["names"]) == (result, ["ae.his.arc.azure.com"] if result == "ok" else [])


def test_nothing_more_is_asked_of_a_host_that_does_not_answer(rules: RuleSet, tmp_path: Path) -> None:
    facts = seen(plan_of(rules, tmp_path, 1, HIS), rules, world({HIS: ("127.0.0.1",)}))
    # No service of Azure has an address of this machine: the name server's answer is what fails.
    assert [f.fact for f in facts] == ["probe.endpoint", "probe.dns"]
    assert facts[-1].value["result"] == "sinkhole"


def test_a_proxy_that_the_system_knows_is_tried_where_the_direct_way_fails(rules: RuleSet, tmp_path: Path) -> None:
    with tcp_server(answering({})) as far, connect_proxy(lambda target, head: far.port) as proxy:
        text = f"HTTPS_PROXY=http://me:hush@127.0.0.1:{proxy.port}\n"
        plan = plan_of(rules, tmp_path, 443, HIS, LOGIN, etc__environment=text)
        facts = seen(plan, rules, world({}))
    tried = [f for f in facts if f.fact == "probe.connect"]
    assert {(f.subject.id, f.path.value, f.value["result"]) for f in tried if f.subject} == {
        (HIS, "what-if", "ok"),
        (LOGIN, "what-if", "ok"),
    }
    assert {f.value["result"] for f in facts if f.fact == "probe.dns"} == {"nxdomain"}
    assert "hush" not in str([dict(f.value) for f in facts])


def test_no_other_way_is_tried_where_the_direct_one_works(rules: RuleSet, tmp_path: Path) -> None:
    with tcp_server(answering({})) as far, connect_proxy(lambda target, head: far.port) as proxy:
        text = f"HTTPS_PROXY=http://127.0.0.1:{proxy.port}\n"
        plan = plan_of(rules, tmp_path, far.port, HIS, LOGIN, etc__environment=text)
        facts = seen(plan, rules, world(dict.fromkeys(NAMES, ("127.0.0.1",))))
        assert proxy.seen == [] and plan.fallbacks
    assert not [f for f in facts if f.path is FactPath.WHAT_IF]


def test_the_second_question_goes_through_the_proxy_too(rules: RuleSet, tmp_path: Path) -> None:
    page = http_answer("200 OK", body=b"weu.his.arc.azure.com")
    with tcp_server(answering({"/discovery": page})) as far, connect_proxy(lambda target, head: far.port) as proxy:
        plan = plan_of(rules, tmp_path, 443, HIS)
        route = Route("proxy", FactPath.AGENT, parse_proxy(f"http://127.0.0.1:{proxy.port}"))
        target = Target(plan.targets[0].endpoint, route)
        answer = fetch(target, "/discovery", 5, world({}))
    assert (answer.result, answer.body) == ("ok", b"weu.his.arc.azure.com")


def test_an_answer_that_does_not_come_is_a_result_and_the_runs_own_end_is_not(rules: RuleSet, tmp_path: Path) -> None:
    def silent(link: socket.socket) -> None:
        while link.recv(4096):
            pass

    with tcp_server(silent) as server:
        target = plan_of(rules, tmp_path, server.port, HIS).targets[0]
        around = world({HIS: ("127.0.0.1",)})
        assert fetch(target, "/", 0.2, around).result == "timeout"
        around.deadline.stop()
        with pytest.raises(TimeoutError):
            fetch(target, "/", 5, around)


def test_a_proxy_that_is_not_there_is_a_result(rules: RuleSet, tmp_path: Path) -> None:
    target = plan_of(rules, tmp_path, 443, HIS).targets[0]
    lost = Target(target.endpoint, through(parse_proxy("http://127.0.0.1:1")))
    assert fetch(lost, "/", 5, world({})).result == "error"
