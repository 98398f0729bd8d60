"""Whose call a failed call was: the agent's, its proxy's, or another program's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis, State, Verdict
from arcdiag.pipeline import analyze

PROXY = "http://proxy01.corp.example:3128"
CURL = "# curl -x http://{host}:3128 https://gbl.his.arc.azure.com\ncurl: (7) Failed to connect to {host} port 3128 after 1 ms: Connection refused\n"


def show(status: str, proxy: str = "", heartbeat: str = "2026-09-30T10:00:12Z") -> str:
    value = {"agentVersion": "1.62.03330.900", "status": status, "lastHeartbeat": heartbeat, "resourceName": "web01"}
    return json.dumps({**value, "httpsProxy": proxy})


def diagnosed(folder: Path, **files: str) -> Diagnosis:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return analyze(folder, load_rules())


def current(diagnosis: Diagnosis) -> list[str]:
    return [cause.id for cause in diagnosis.causes if cause.state is State.CURRENT]


@pytest.mark.parametrize(
    "line",
    [
        "curl: (28) Failed to connect to github.com port 443 after 130102 ms: Connection timed out",
        'fatal: web07: "ssh: connect to host web07.corp.example port 22: Connection timed out"',
        " 1188:20260930:095801.112 cannot connect to [[zabbix.corp.example]:10051]: connection timed out",
        'Post "https://gitlab.corp.example/api": proxyconnect tcp: dial tcp: lookup old.corp.example: no such host',
        "Get https://«host:3f2a.91c0»/v2/: x509: certificate signed by unknown authority",
    ],
)
def test_calls_to_other_hosts_are_no_evidence(tmp_path: Path, line: str) -> None:
    found = diagnosed(tmp_path, session=f"$ azcmagent version\n{line}\n", show=show("Disconnected", heartbeat=""))
    assert not current(found)


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("curl: (28) Failed to connect to weu.his.arc.azure.com port 443: Connection timed out", "firewall"),
        ("lookup gbl.his.arc.azure.com.corp.example on 10.1.1.5:53: no such host", "dns"),
        (
            'Post "https://weu.his.arc.azure.com/": proxyconnect tcp: dial tcp 10.9.0.3:9555: connection refused',
            "proxy",
        ),
    ],
)
def test_calls_to_azure_and_by_the_proxy_are(tmp_path: Path, line: str, cause: str) -> None:
    assert current(diagnosed(tmp_path, session=f"$ azcmagent version\n{line}\n"))[0].startswith(cause)


def test_a_test_by_hand_of_the_agents_proxy_is_about_the_proxy(tmp_path: Path) -> None:
    files = {"session": CURL.format(host="proxy01.corp.example"), "show": show("Disconnected", PROXY)}
    found = diagnosed(tmp_path, **files)
    assert current(found) == ["proxy-unreachable"]
    assert found.causes[0].subjects == ("proxy01.corp.example:3128",)


def test_a_test_by_hand_of_another_proxy_says_nothing(tmp_path: Path) -> None:
    files = {"session": CURL.format(host="lab.corp.example"), "show": show("Disconnected", PROXY)}
    found = diagnosed(tmp_path, **files)
    assert found.verdict is Verdict.INCONCLUSIVE and not current(found)


def test_an_address_cannot_be_told_from_a_name(tmp_path: Path) -> None:
    text = CURL.format(host="10.8.0.4")
    assert current(diagnosed(tmp_path, session=text, show=show("Disconnected", PROXY))) == ["proxy-unreachable"]


def test_a_test_by_hand_breaks_nothing_on_a_machine_that_is_online(tmp_path: Path) -> None:
    text = "# curl -m 5 https://weu.his.arc.azure.com\ncurl: (28) Connection timed out after 5001 milliseconds\n"
    assert diagnosed(tmp_path, session=text, show=show("Connected")).verdict is Verdict.HEALTHY


def test_what_is_stamped_later_than_the_heartbeat_still_counts(tmp_path: Path) -> None:
    text = (
        'time="2026-09-30T10:20:00Z" level=error msg="Failed to send heartbeat" Error="Post '
        '\\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": dial tcp 20.50.1.17:443: i/o timeout"\n'
    )
    assert current(diagnosed(tmp_path, session=text, show=show("Connected"))) == ["firewall-blocks-endpoint"]


def test_a_quoted_line_has_the_time_it_quotes(tmp_path: Path) -> None:
    text = (
        'Last week:\n> time="2026-09-23T09:00:00Z" level=error msg="Failed to send heartbeat" Error="Post '
        '\\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": Forbidden"\nIt works since Monday.\n'
    )
    found = diagnosed(tmp_path, mail=text, show=show("Connected"))
    assert not current(found) and [cause.id for cause in found.causes] == ["proxy-blocks-endpoint"]
