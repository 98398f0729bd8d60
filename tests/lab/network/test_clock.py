from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import LOGIN
from tests.lab.network.lab import Lab
from tests.lab.network.proxies import URL

WRONG = pytest.mark.parametrize("offset", ["+2h", "-3d"], ids=["2 h fast", "3 days slow"])


def shifted(offset: str) -> list[str]:
    """A command under another clock; the one that measures time spans stays."""
    return ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", "faketime", "-f", offset]


@WRONG
def test_the_clock_is_wrong(lab: Lab, offset: str) -> None:
    report = lab.probe(prefix=shifted(offset))
    assert (report.first, report.code) == ("clock-skew", 1), report


@pytest.mark.parametrize("offset", ["+400d", "-100d"], ids=["a year fast", "months slow"])
def test_the_clock_is_so_wrong_that_certificates_are_refused(lab: Lab, offset: str) -> None:
    report = lab.probe(prefix=shifted(offset))
    assert (report.first, report.failing(LOGIN)) == ("clock-skew", "tls"), report


@pytest.mark.parametrize("offset", ["+400d", "-100d"], ids=["a year fast", "months slow"])
def test_so_wrong_behind_a_proxy(lab: Lab, offset: str) -> None:
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe(prefix=shifted(offset))
    assert (report.first, report.failing(LOGIN)) == ("clock-skew", "tls"), report


def test_a_minute_is_no_fault(lab: Lab) -> None:
    report = lab.probe(prefix=shifted("+60s"))
    assert (report.first, report.code) == (None, 0), report


@pytest.mark.parametrize("offset", ["+2h", "+400d"])
def test_two_faults_a_wrong_clock_and_a_proxy_that_asks_for_a_password(lab: Lab, offset: str) -> None:
    """The proxy stops everything now; what it says on its own shows the clock."""
    lab.squid.ask_password()
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe(prefix=shifted(offset))
    assert report.first == "proxy-auth-required", report
    assert "clock-skew" in report.current, report
