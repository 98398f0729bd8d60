from __future__ import annotations

from dataclasses import replace

import pytest

from arcdiag.model.diagnosis import Check, CheckStatus, EndpointSeen, LayerSeen, State
from arcdiag.model.message import Msg
from arcdiag.report import view
from arcdiag.report.outside import outside_check
from arcdiag.report.words import Words, plain
from tests.report import samples


def failing(host: str, layer: str = "tcp", path: str = "direct") -> EndpointSeen:
    return EndpointSeen(host, "his", True, path, layer, ())


@pytest.mark.parametrize(
    "host",
    ["a;reboot", "$(reboot)", "a b", "-oProxyCommand=x", "a'b", "a\nb", "", "a|b", "..%2f", "пример.рф", "«host:3f2a»"],
)
def test_a_strange_name_enters_no_command(host: str) -> None:
    assert outside_check(failing(host), "linux", None) is None


@pytest.mark.parametrize(
    "proxy, shown",
    [
        ("http://proxy.example:8080", "-x http://proxy.example:8080 "),
        ("http://proxy.example:8080;reboot", "-x <http://proxy:port> "),
        ("http://u:p@proxy.example:8080", "-x <http://proxy:port> "),
        (None, "-x <http://proxy:port> "),
    ],
)
def test_a_strange_proxy_enters_no_command(proxy: str | None, shown: str) -> None:
    command = outside_check(failing("gbl.his.arc.azure.com", "proxy", "proxy"), "linux", proxy)
    assert command is not None
    assert shown in command


@pytest.mark.parametrize(
    "os, layer, command",
    [
        ("windows", "tcp", "Test-NetConnection a.example -Port 443"),
        ("windows", "dns", "Resolve-DnsName a.example"),
        ("linux", "dns", "getent ahosts a.example"),
        ("unknown", "http", "curl -v --max-time 15 https://a.example/"),
    ],
)
def test_the_check_fits_system_and_layer(os: str, layer: str, command: str) -> None:
    assert outside_check(failing("a.example", layer), os, None) == command


def test_the_answer_is_the_first_current_cause() -> None:
    d = samples.three_causes()
    reordered = replace(d, causes=(d.causes[2], d.causes[1], d.causes[0]))
    assert view.lead(reordered) is d.causes[1]
    assert view.others(reordered) == (d.causes[2], d.causes[0])


@pytest.mark.parametrize("maker", [samples.healthy, samples.inconclusive])
def test_no_answer_without_a_verdict(maker: object) -> None:
    d = replace(maker(), causes=(samples.proxy_cause(state=State.PAST),))  # type: ignore[operator]
    assert view.lead(d) is None
    assert len(view.others(d)) == 1


def test_a_name_that_resolves_is_not_reachable() -> None:
    only_dns = EndpointSeen("a.example", "his", True, "direct", None, (LayerSeen("dns", "pass", 1, ""),))
    with_tls = replace(only_dns, layers=(*only_dns.layers, LayerSeen("tls", "pass", 1, "")))
    half = replace(with_tls, layers=(*with_tls.layers, LayerSeen("http", "not_evaluated", None, "")))
    assert not view.reachable(only_dns)
    assert view.reachable(with_tls)
    assert not view.reachable(half)
    assert not view.reachable(replace(with_tls, failing_layer="dns"))
    assert not view.reachable(replace(with_tls, layers=()))


def test_checks_of_endpoints_are_not_said_twice() -> None:
    failed = Check("endpoint", CheckStatus.FAIL, "gbl.his.arc.azure.com", Msg("report.none"))
    other = Check("service", CheckStatus.FAIL, "himdsd", Msg("report.none"))
    d = replace(samples.after_collect(), checks=(failed, other))
    assert view.warnings(d) == (other,)


def test_a_line_that_proves_two_things_is_shown_once() -> None:
    one = samples.log_evidence()
    two = replace(one, signal="another.signal", span=(0, 5))
    probe = samples.probe_evidence()
    cause = samples.proxy_cause(evidence=(one, two, probe, probe))
    assert view.proofs(cause) == (one, probe, probe)


def test_what_two_rules_say_alike_is_said_once() -> None:
    words = Words(samples.sample_rules())
    why = (Msg("report.none"), Msg.of("sample.plain", text="x"), Msg("report.none"))
    assert len(view.reasons(samples.proxy_cause(why=why), words)) == 2


def test_a_healthy_server_shows_its_last_success() -> None:
    words = Words(samples.sample_rules())
    said = plain(view.sign_of_life(samples.healthy(), words))
    assert said == "Last success: Heartbeat, 2024-10-01 03:12:44 UTC (azcmagent.log, line 11)."
    assert view.sign_of_life(samples.one_cause(), words) == ()
    assert view.sign_of_life(samples.diagnosis(samples.Verdict.HEALTHY), words) == ()
