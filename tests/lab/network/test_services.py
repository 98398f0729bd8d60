"""Azure's own side: errors of the service, and what a proxy's or portal's answer must not be taken for."""

from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, GAS, GUEST, HIS, HOSTS, LOGIN, NOTIFY
from tests.lab.network.lab import Lab


def everything_answers(lab: Lab, status: int) -> None:
    lab.azure.only(*[h for h in HOSTS if not h.startswith("www.")], status=status)


@pytest.mark.parametrize("status", [503, 429])
def test_azure_answers_with_an_error(lab: Lab, status: int) -> None:
    everything_answers(lab, status)
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == ("azure-service-unavailable", 1, "http"), report


def test_one_service_is_down(lab: Lab) -> None:
    lab.azure.answer(GUEST, GAS, status=503)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("azure-service-unavailable", {GUEST: "http", GAS: "http"}), report


def test_the_notification_service_is_down(lab: Lab) -> None:
    lab.azure.only(NOTIFY, status=503)
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_azure_never_answers(lab: Lab) -> None:
    lab.azure.answer(ARM, wait=50.0)
    report = lab.probe("--timeout", "15")
    assert report.failing(ARM) == "http" or report.code == 3, report
    assert report.failing(LOGIN) is None


def test_two_faults_both_are_named(lab: Lab) -> None:
    lab.firewall.block(HIS)
    lab.azure.answer(GUEST, status=503)
    report = lab.probe()
    assert set(report.current) >= {"firewall-blocks-endpoint", "azure-service-unavailable"}, report
    assert report.failing_layers == {HIS: "tcp", GUEST: "http"}, report
